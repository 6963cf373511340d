"""The names people write as ``bt.X``: a list of what lives where, each imported on first use.

>>> import backtrader as bt
>>> bt.Cerebro, bt.Strategy, bt.indicators.SMA

Old module paths (``backtrader.lineseries``, ``backtrader.brokers.bbroker``) lead to the modules
that took their place, see `backtrader.compat.paths`.
"""

from __future__ import annotations

import importlib
from typing import Any

from ._version import __btversion__, __version__
from .compat import names as _names
from .compat import paths as _paths

_paths.install()

_HOMES: dict[str, tuple[str, ...]] = {
    "errors": ("BacktraderError", "StrategySkipError"),
    "utils": (
        "AutoDictList",
        "AutoInfoClass",
        "AutoOrderedDict",
        "DotDict",
        "MetaParams",
        "date2num",
        "findowner",
        "num2date",
        "num2time",
        "time2num",
        "tzparse",
        "with_metaclass",
    ),
    "utils.tradingcal": ("PandasMarketCalendar", "TradingCalendar", "TradingCalendarBase"),
    "lines": (
        "All",
        "And",
        "Any",
        "Cmp",
        "CmpEx",
        "DataAccessor",
        "DataSeries",
        "DivByZero",
        "DivZeroByZero",
        "If",
        "IndicatorBase",
        "LineActions",
        "LineAlias",
        "LineBuffer",
        "LineCoupler",
        "LineDelay",
        "LineIterator",
        "LineMultiple",
        "LineNum",
        "LineOwnOperation",
        "LineRoot",
        "LineSeries",
        "LineSeriesMaker",
        "LineSeriesStub",
        "LineSingle",
        "Lines",
        "LinesCoupler",
        "LinesOperation",
        "List",
        "Logic",
        "Max",
        "MetaLineActions",
        "MetaLineIterator",
        "MetaLineSeries",
        "Min",
        "MultiCoupler",
        "MultiLogic",
        "MultiLogicReduce",
        "NAN",
        "OHLC",
        "OHLCDateTime",
        "ObserverBase",
        "Or",
        "PseudoArray",
        "Reduce",
        "SingleCoupler",
        "StrategyBase",
        "Sum",
        "TimeFrame",
    ),
    "feeds": (
        "AbstractDataBase",
        "CSVDataBase",
        "CSVFeedBase",
        "DataBase",
        "DataClone",
        "FeedBase",
        "MetaAbstractDataBase",
        "MetaCSVDataBase",
        "SimpleFilterWrapper",
    ),
    "filters": (
        "DTFaker",
        "Filter",
        "Replayer",
        "ReplayerDaily",
        "ReplayerMinutes",
        "ReplayerMonthly",
        "ReplayerSeconds",
        "ReplayerTicks",
        "ReplayerWeekly",
        "Resampler",
        "ResamplerDaily",
        "ResamplerMinutes",
        "ResamplerMonthly",
        "ResamplerSeconds",
        "ResamplerTicks",
        "ResamplerWeekly",
        "ResamplerYearly",
    ),
    "stores": ("MetaSingleton", "Store"),
    "indicators": ("Indicator", "LinePlotterIndicator", "MetaIndicator", "MtLinePlotterIndicator"),
    "analyzers": ("Analyzer", "MetaAnalyzer", "MetaTimeFrameAnalyzerBase", "TimeFrameAnalyzerBase"),
    "observers": ("MetaObserver", "Observer"),
    "sizers": ("Sizer", "SizerBase", "SizerFix"),
    "writers": ("WriterBase", "WriterFile", "WriterStringIO"),
    "broker": (
        "BackBroker",
        "BrokerBase",
        "BuyOrder",
        "CommInfoBase",
        "CommissionInfo",
        "MetaBroker",
        "Order",
        "OrderBase",
        "OrderData",
        "OrderExecutionBit",
        "Position",
        "SellOrder",
        "StopBuyOrder",
        "StopLimitBuyOrder",
        "StopLimitSellOrder",
        "StopSellOrder",
        "Trade",
        "TradeHistory",
    ),
    "core": (
        "Cerebro",
        "ItemCollection",
        "MetaSigStrategy",
        "MetaStrategy",
        "OptReturn",
        "SESSION_END",
        "SESSION_START",
        "SESSION_TIME",
        "SIGNAL_LONG",
        "SIGNAL_LONGEXIT",
        "SIGNAL_LONGEXIT_ANY",
        "SIGNAL_LONGEXIT_INV",
        "SIGNAL_LONGSHORT",
        "SIGNAL_LONG_ANY",
        "SIGNAL_LONG_INV",
        "SIGNAL_NONE",
        "SIGNAL_SHORT",
        "SIGNAL_SHORTEXIT",
        "SIGNAL_SHORTEXIT_ANY",
        "SIGNAL_SHORTEXIT_INV",
        "SIGNAL_SHORT_ANY",
        "SIGNAL_SHORT_INV",
        "Signal",
        "SignalStrategy",
        "SignalTypes",
        "Strategy",
        "Timer",
    ),
}

_HOME = {name: home for home, found in _HOMES.items() for name in found}

_PACKAGES = (
    "analyzers",
    "broker",
    "core",
    "errors",
    "feeds",
    "filters",
    "indicators",
    "lines",
    "observers",
    "opt",
    "plot",
    "sizers",
    "stores",
    "strategies",
    "studies",
    "utils",
    "writers",
)

#: Short names of packages.
_SHORT = {
    "comms": "commissions",
    "filler": "fillers",
    "ind": "indicators",
    "obs": "observers",
    "strats": "strategies",
}


def __getattr__(name: str) -> Any:
    found = _find(name)
    globals()[name] = found
    return found


def _find(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    module = _SHORT.get(name, name)
    if module in _PACKAGES or _paths.current_path(f"{__name__}.{module}"):
        return importlib.import_module(f"{__name__}.{module}")
    if name in _names.LEAKED:
        return _names.leaked(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
