"""Download prices from Yahoo Finance into CSV files.

    python tools/download_yfinance.py AAPL MSFT --from 2015-01-01 --output prices/
    python tools/download_yfinance.py AAPL --interval 1h --from 2024-01-01

Needs the package yfinance: pip install 'backtrader[online]'
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from backtrader.feeds.online import YFinanceSource
from backtrader.feeds.online.command import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Download the symbols named."""
    return run(arguments, (__doc__ or "").splitlines()[0], _options, _source)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--raw", action="store_true", help="prices as traded, splits and dividends left in")


def _source(symbol: str, timeframe: int, compression: int, options: argparse.Namespace) -> YFinanceSource:
    return YFinanceSource(symbol, timeframe, compression, adjust=not options.raw)


if __name__ == "__main__":
    sys.exit(main())
