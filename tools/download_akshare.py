"""Download prices of Chinese shares, indices, funds and futures into CSV files.

    python tools/download_akshare.py 600519 000001 --adjust qfq --from 2015-01-01 --output prices/
    python tools/download_akshare.py 000300 --kind index
    python tools/download_akshare.py RB0 --kind futures

Needs the package akshare: pip install 'backtrader[online]'
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from backtrader.feeds.online import AkShareSource
from backtrader.feeds.online.command import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Download the symbols named."""
    return run(arguments, (__doc__ or "").splitlines()[0], _options, _source)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kind", default="stock", choices=["stock", "index", "fund", "futures"])
    parser.add_argument(
        "--adjust",
        default="",
        choices=["", "qfq", "hfq"],
        help="take splits and dividends out: the last price (qfq) or the first (hfq) stays",
    )


def _source(symbol: str, timeframe: int, compression: int, options: argparse.Namespace) -> AkShareSource:
    return AkShareSource(symbol, timeframe, compression, options.kind, options.adjust)


if __name__ == "__main__":
    sys.exit(main())
