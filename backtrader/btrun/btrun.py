"""From a command line to a run."""

from __future__ import annotations

import argparse
import io
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .. import analyzers, feeds, indicators, observers, strategies
from ..core import Cerebro, Strategy, signals
from ..errors import BacktraderError, DataError, OptionalPackageError, UnknownParameterError
from ..indicators.base import Indicator
from ..utils.params import nearest
from ..writers import WriterFile
from .options import make_parser
from .specs import TIMEFRAMES, OptionError, find_class, find_function, kwargs_of, moment, period

__all__ = ["DATAFORMATS", "TIMEFRAMES", "btrun", "parse_args"]

_FORMATS = {
    "btcsv": "BacktraderCSVData",
    "vchartcsv": "VChartCSVData",
    "vcfile": "VChartFile",
    "sierracsv": "SierraChartCSVData",
    "mt4csv": "MT4CSVData",
    "yahoocsv": "YahooFinanceCSVData",
    # compat: upstream reads it in the order of the file, as yahoocsv
    "yahoocsv_unreversed": "YahooFinanceCSVData",
    "yahoo": "YahooFinanceData",
    "vcdata": "VCData",
    "ibdata": "IBData",
    "oandadata": "OandaData",
}
#: Formats of ``--format``, those of vendors if their feed can be imported.
DATAFORMATS = {name: getattr(feeds, cls) for name, cls in _FORMATS.items() if hasattr(feeds, cls)}
_NO_FILES = {"yahoo", "vcfile", "vcdata", "ibdata", "oandadata"}
_RULE = "=" * 20


def parse_args(pargs: str | Sequence[str] = "") -> argparse.Namespace:
    """The options of a command line (as a text or in parts), by default that of this process."""
    parts = shlex.split(pargs) if isinstance(pargs, str) else list(pargs)
    return make_parser(DATAFORMATS).parse_args(parts or None)


def btrun(pargs: str | Sequence[str] = "") -> None:
    """Run a command line (by default that of this process); ends the process if it makes no sense."""
    args = parse_args(pargs)
    if args.flush:
        _flush_at_once()
    try:
        cerebro = _cerebro(args)
        results = cerebro.run()
        _show_analyzers(args, results)
        if args.report:
            print(f"report: {cerebro.report(args.report)}")
        if args.plot:
            _draw(cerebro, args.plot)
    except (OptionError, DataError, OptionalPackageError, UnknownParameterError) as error:
        print(f"btrun: {error}", file=sys.stderr)
        sys.exit(1)


def _draw(cerebro: Cerebro, given: str | bool) -> None:
    options = {} if given is True else kwargs_of("--plot", str(given))
    try:
        cerebro.plot(**{"style": "bar", **options})
    except BacktraderError as error:
        raise OptionError(f"--plot: {error}") from error


def _flush_at_once() -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(write_through=True)


def _cerebro(args: argparse.Namespace) -> Cerebro:
    """Everything added, in upstream's order: what files print when they are loaded comes in it too."""
    options = _checked("--cerebro", Cerebro, kwargs_of("--cerebro", args.cerebro))
    if args.nostdstats:
        options["stdstats"] = False
    cerebro: Cerebro = Cerebro(**options)
    _add_datas(args, cerebro)
    _add_classes(args, cerebro)
    _set_broker(args, cerebro)
    for text in args.writers or ():
        cerebro.addwriter(WriterFile, **_checked("--writer", WriterFile, kwargs_of("--writer", text)))
    hooks = [find_function("--hook", text, Cerebro) for text in args.hooks or ()]
    for hook, kwargs in hooks:
        hook(cerebro, **kwargs)
    return cerebro


def _checked(option: str, cls: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    for name in kwargs:
        if name not in cls.params._getkeys():
            known = nearest(name, cls.params._getkeys())
            raise OptionError(f"{option}: {cls.__name__} has no parameter {name!r}; {known}")
    return kwargs


def _add_datas(args: argparse.Namespace, cerebro: Cerebro) -> None:
    options: dict[str, Any] = {"timeframe": TIMEFRAMES[args.timeframe], "compression": args.compression}
    for name in ("fromdate", "todate"):
        date = moment(f"--{name}", getattr(args, name))
        if date is not None:
            options[name] = date
    add: Any = cerebro.adddata
    larger: dict[str, Any] = {}
    if args.resample:
        add, larger = cerebro.resampledata, period("--resample", args.resample)
    elif args.replay:
        add, larger = cerebro.replaydata, period("--replay", args.replay)
    for name in args.data:
        if args.format not in _NO_FILES and not Path(name).is_file():
            raise OptionError(f"--data: there is no file {name}")
        add(DATAFORMATS[args.format](dataname=name, **options), **larger)


def _add_classes(args: argparse.Namespace, cerebro: Cerebro) -> None:
    for text in args.strategies or ():
        cls, kwargs = find_class("--strategy", text, Strategy, strategies)
        cerebro.addstrategy(cls, **kwargs)
    for text in args.signals or ():
        kind, _, rest = text.rpartition("+")
        name = f"SIGNAL_{(kind or 'longshort').upper()}"
        if not hasattr(signals, name):
            kinds = sorted(key[7:].lower() for key in vars(signals) if key.startswith("SIGNAL_"))
            raise OptionError(
                f"--signal {text}: {kind!r} is no type of signal; there are: {', '.join(kinds)}"
            )
        cls, kwargs = find_class("--signal", rest, Indicator, signals)
        cerebro.add_signal(getattr(signals, name), cls, **kwargs)
    if args.strategies and args.signals:
        raise OptionError("--strategy and --signal exclude each other: signals bring a strategy of their own")
    for add, option, texts, base, builtin in (
        (cerebro.addindicator, "--indicator", args.indicators, Indicator, indicators),
        (cerebro.addobserver, "--observer", args.observers, observers.Observer, observers),
        (cerebro.addanalyzer, "--analyzer", args.analyzers, analyzers.Analyzer, analyzers),
    ):
        for text in texts or ():
            cls, kwargs = find_class(option, text, base, builtin)
            add(cls, **kwargs)


def _set_broker(args: argparse.Namespace, cerebro: Cerebro) -> None:
    broker = cerebro.broker
    if args.cash is not None:
        broker.setcash(args.cash)
    names = ("commission", "margin", "mult", "interest", "interest_long")
    given = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    if given:
        broker.setcommission(**given)
    options = {
        "slip_open": args.slip_open,
        "slip_match": not args.no_slip_match,
        "slip_out": args.slip_out,
    }
    if args.slip_perc is not None:
        broker.set_slippage_perc(args.slip_perc, **options)
    elif args.slip_fixed is not None:
        broker.set_slippage_fixed(args.slip_fixed, **options)


def _show_analyzers(args: argparse.Namespace, results: list[Any]) -> None:
    """The analyzers of the first strategy."""
    if not (args.pranalyzer or args.ppranalyzer) or not results or not len(results[0].analyzers):
        return
    print(f"{_RULE}\n== Analyzers\n{_RULE}")
    for name, analyzer in results[0].analyzers.getitems():
        if args.pranalyzer:
            analyzer.print()
        else:
            print(f"{'#' * 10}\n{name}\n{'#' * 10}")
            analyzer.pprint()
