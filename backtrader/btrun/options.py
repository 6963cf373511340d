"""The options of the command line and what they mean."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from .specs import TIMEFRAMES

__all__ = ["make_parser"]

_EPILOG = """\
Classes and functions are written as module:name:kwargs, and such options may be repeated:

  mymodule:MyClass:a=1,b=2   MyClass from the file mymodule.py (a path is possible too)
  mymodule:MyClass           the same with its defaults
  mymodule                   the first of its kind in mymodule.py, by name
  :Name:a=1                  Name from this package

kwargs are written as in Python, inside quotes if there are spaces: a=1,b="'text'",c=bt.ind.EMA
"""


def make_parser(formats: Iterable[str]) -> argparse.ArgumentParser:
    """The parser of the command line; ``formats`` are the names of the data formats."""
    parser = argparse.ArgumentParser(
        prog="btrun",
        description="Run strategies, signals, indicators, observers and analyzers on data files.",
        epilog=_EPILOG,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    _data(parser, list(formats))
    _cerebro(parser)
    _classes(parser)
    _broker(parser)
    _output(parser)
    return parser


def _data(parser: argparse.ArgumentParser, formats: list[str]) -> None:
    group = parser.add_argument_group("data")
    group.add_argument("--data", "-d", action="append", required=True, metavar="FILE",
                       help="a data file; may be repeated")  # fmt: skip
    group.add_argument("--format", "--csvformat", "-c", default="btcsv", choices=formats,
                       help="how data files are written (default: %(default)s)")  # fmt: skip
    group.add_argument("--fromdate", "-f", metavar="DATE",
                       help="leave out bars before this date: YYYY-MM-DD[THH:MM:SS]")  # fmt: skip
    group.add_argument("--todate", "-t", metavar="DATE", help="leave out bars after this date")
    group.add_argument("--timeframe", "-tf", default="days", choices=TIMEFRAMES,
                       help="timeframe of the data (default: %(default)s)")  # fmt: skip
    group.add_argument("--compression", "-cp", type=int, default=1, metavar="N",
                       help="units of the timeframe in a bar (default: %(default)s)")  # fmt: skip
    # the three exclude each other in the original, so a command line means the same in both
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--resample", "-rs", metavar="TIMEFRAME[:N]",
                        help="resample the data, as in weeks or minutes:15")  # fmt: skip
    either.add_argument("--replay", "-rp", metavar="TIMEFRAME[:N]",
                        help="replay the data to a larger timeframe")  # fmt: skip
    either.add_argument("--hook", dest="hooks", action="append", metavar="module:name:kwargs",
                        help="a function called with the Cerebro before the run,\n"
                        "or a method of Cerebro")  # fmt: skip


def _cerebro(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("cerebro")
    group.add_argument("--cerebro", "-cer", nargs="?", const="", default="", metavar="kwargs",
                       help="arguments of Cerebro, as in runonce=False,exactbars=1")  # fmt: skip
    group.add_argument("--nostdstats", action="store_true", help="leave the standard observers out")


def _classes(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is run")
    written = "module:name:kwargs"
    for name, short, dest, metavar, text in (
        ("--strategy", "-st", "strategies", written, "a strategy, or one of backtrader.strategies"),
        ("--signal", "-sig", "signals", f"type+{written}",
         "an indicator to trade on; type is the end of one of the names\n"
         "bt.SIGNAL_... in any case, such as long (default: longshort)"),
        ("--indicator", "-ind", "indicators", written, "an indicator for every strategy"),
        ("--observer", "-ob", "observers", written, "an observer, or one of backtrader.observers"),
        ("--analyzer", "-an", "analyzers", written, "an analyzer, or one of backtrader.analyzers"),
    ):  # fmt: skip
        group.add_argument(name, short, dest=dest, action="append", metavar=metavar, help=text)


def _broker(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("cash, commission and slippage")
    for name, short, text in (
        ("--cash", "-cash", "cash at the start"),
        ("--commission", "-comm", "commission: a fraction of the value, with --margin an amount per unit"),
        ("--margin", "-marg", "margin per unit, for futures"),
        ("--mult", "-mul", "what a point of the price is worth"),
        ("--interest", None, "interest on short positions, a fraction per year"),
        ("--slip_perc", None, "slippage as a fraction of the price; goes before --slip_fixed"),
        ("--slip_fixed", None, "slippage in points of the price"),
    ):
        group.add_argument(*filter(None, (name, short)), type=float, metavar="NUMBER", help=text)
    group.add_argument("--interest_long", action="store_true", default=None,
                       help="interest on long positions too")  # fmt: skip
    group.add_argument("--slip_open", action="store_true", help="slippage also at opening prices")
    group.add_argument("--no-slip_match", action="store_true", dest="no_slip_match",
                       help="no execution where slippage would leave the bar's range")  # fmt: skip
    group.add_argument("--slip_out", action="store_true", help="slippage may leave the bar's range")


def _output(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is shown")
    group.add_argument("--writer", "-wr", dest="writers", nargs="?", const="", action="append",
                       metavar="kwargs",
                       help="a writer with these arguments, as in csv=True;\nmay be repeated")  # fmt: skip
    either = group.add_mutually_exclusive_group()
    either.add_argument("--pranalyzer", "-pralyzer", action="store_true",
                        help="print the results of analyzers as writers do")  # fmt: skip
    either.add_argument("--ppranalyzer", "-ppralyzer", action="store_true",
                        help="print the results of analyzers as Python writes them")  # fmt: skip
    group.add_argument("--plot", "-p", nargs="?", const=True, default=False, metavar="kwargs",
                       help="draw the run; arguments of cerebro.plot, as in style=\"'candle'\"")  # fmt: skip
    group.add_argument("--report", metavar="file", help="write the run as an interactive page: run.html")
    group.add_argument("--flush", action="store_true", help="write every line of output at once")
