"""The commands that download prices: what they have in common."""

from __future__ import annotations

import argparse
import datetime as _dt
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ...errors import BacktraderError
from ...lines.timeframe import TimeFrame
from .save import Saved, save
from .source import Bar, Source

_INTERVAL = re.compile(r"(\d+)\s*(s|m|min|h|d|w|wk|mo|M)$")
_UNITS = {
    "s": (TimeFrame.Seconds, 1),
    "m": (TimeFrame.Minutes, 1),
    "min": (TimeFrame.Minutes, 1),
    "h": (TimeFrame.Minutes, 60),
    "d": (TimeFrame.Days, 1),
    "w": (TimeFrame.Weeks, 1),
    "wk": (TimeFrame.Weeks, 1),
    "mo": (TimeFrame.Months, 1),
    "M": (TimeFrame.Months, 1),
}

#: Makes the source of a symbol from the options.
Make = Callable[[str, int, int, argparse.Namespace], Source]


def run(
    arguments: Sequence[str] | None,
    description: str,
    options: Callable[[argparse.ArgumentParser], Any],
    make: Make,
) -> int:
    """Parse, download every symbol, say how it went; 1 if one failed, the others go on."""
    parser = _parser(description)
    options(parser)
    given = parser.parse_args(arguments)
    output = Path(given.output)
    if len(given.symbols) > 1 and output.suffix:
        parser.error("--output must be a folder for more than one symbol")
    failed = 0
    for symbol in given.symbols:
        try:
            timeframe, compression = given.interval
            source = make(symbol, timeframe, compression, given)
            source.retries = given.retries
            target = output if output.suffix else output / _file_name(symbol, source)
            target.parent.mkdir(parents=True, exist_ok=True)
            if given.force:
                target.unlink(missing_ok=True)
            _report(save(source, target, given.begin, given.end, given.update, _progress(symbol)), symbol)
        except (BacktraderError, OSError) as error:
            _clear()
            print(f"{symbol}: {error}", file=sys.stderr)
            failed += 1
        except KeyboardInterrupt:
            _clear()
            print(f"{symbol}: interrupted; the same command goes on where it stopped", file=sys.stderr)
            return 130
    return 1 if failed else 0


def _parser(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=description,
        epilog="An interrupted download goes on where it stopped when the command is given again. The file "
        "appears when it is complete; ColumnsCSVData and GenericCSVData read it.",
    )
    parser.add_argument("symbols", nargs="+", metavar="SYMBOL")
    parser.add_argument("--from", dest="begin", type=_date, metavar="DATE", help="first date, as 2020-01-31")
    parser.add_argument("--to", dest="end", type=_last_moment, metavar="DATE", help="last date")
    parser.add_argument("--interval", type=_interval, default="1d", help="1m 5m 15m 1h 1d 1w 1mo … (1d)")
    parser.add_argument("--output", default=".", metavar="PATH", help="file or folder (this folder)")
    parser.add_argument(
        "--retries", type=int, default=4, help="times to try again when the network fails (4)"
    )
    again = parser.add_mutually_exclusive_group()
    again.add_argument("--update", action="store_true", help="go on at the end of a finished file")
    again.add_argument("--force", action="store_true", help="write a file anew that is there already")
    return parser


def _date(text: str) -> _dt.datetime:
    try:
        return _dt.datetime.combine(_dt.date.fromisoformat(text), _dt.time())
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2020-01-31") from None


def _last_moment(text: str) -> _dt.datetime:
    return _date(text) + _dt.timedelta(days=1, microseconds=-1)


def _interval(text: str) -> tuple[int, int]:
    match = _INTERVAL.match(text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no bar length; write it as 1m, 1h, 1d, 1w or 1mo")
    timeframe, size = _UNITS[match[2]]
    return timeframe, int(match[1]) * size


def _file_name(symbol: str, source: Source) -> str:
    plain = "".join(char if char.isalnum() or char in "-^=." else "_" for char in symbol)
    interval = TimeFrame.getname(source.timeframe, 1).lower()
    return f"{plain}-{source.compression}{interval}.csv"


def _progress(symbol: str) -> Callable[[Saved, Bar], None]:
    def tell(saved: Saved, last: Bar) -> None:
        if sys.stderr.isatty():
            print(
                f"\r{symbol}: {saved.bars:,} bars, until {last.when}  ", end="", file=sys.stderr, flush=True
            )

    return tell


def _clear() -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)


def _report(saved: Saved, symbol: str) -> None:
    _clear()
    how = ", all anew: the provider's prices had changed" if saved.restarted else ""
    print(f"{symbol}: {saved.fetched:,} bars downloaded, {saved.bars:,} in {saved.path}{how}")
