"""Download candles of crypto exchanges into CSV files.

    python tools/download_ccxt.py BTC/USDT ETH/USDT --exchange binance --interval 1h --from 2020-01-01
    python tools/download_ccxt.py BTC/USDT --exchange okx --interval 1m --from 2024-01-01 --update

Needs the package ccxt: pip install 'backtrader[online]'
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from backtrader.feeds.online import CCXTSource
from backtrader.feeds.online.command import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Download the symbols named."""
    return run(arguments, (__doc__ or "").splitlines()[0], _options, _source)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--exchange", default="binance", help="ccxt's name of the exchange (binance)")


def _source(symbol: str, timeframe: int, compression: int, options: argparse.Namespace) -> CCXTSource:
    return CCXTSource(symbol, timeframe, compression, options.exchange)


if __name__ == "__main__":
    sys.exit(main())
