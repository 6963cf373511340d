"""The names people write as ``bt.X``.

>>> import backtrader as bt
>>> bt.Cerebro, bt.Strategy, bt.indicators.SMA

What a script may do without (plots, optimisation) is imported when its name is first
used.  Old module paths (``backtrader.lineseries``, ``backtrader.brokers.bbroker``) lead to the
modules that took their place, see `backtrader.compat.paths`.
"""

from __future__ import annotations

import importlib as _importlib
import typing as _typing

from . import (
    analyzers,
    broker,
    core,
    errors,
    feeds,
    filters,
    indicators,
    lines,
    observers,
    sizers,
    stores,
    utils,
    writers,
)
from ._version import __btversion__, __version__
from .analyzers import Analyzer, TimeFrameAnalyzerBase
from .broker import (
    BackBroker,
    BrokerBase,
    BuyOrder,
    CommInfoBase,
    CommissionInfo,
    Order,
    OrderBase,
    OrderData,
    OrderExecutionBit,
    Position,
    SellOrder,
    StopBuyOrder,
    StopLimitBuyOrder,
    StopLimitSellOrder,
    StopSellOrder,
    Trade,
    TradeHistory,
    fillers,
)
from .compat import names as _names
from .compat import paths as _paths
from .core import (
    SESSION_END,
    SESSION_START,
    SESSION_TIME,
    SIGNAL_LONG,
    SIGNAL_LONG_ANY,
    SIGNAL_LONG_INV,
    SIGNAL_LONGEXIT,
    SIGNAL_LONGEXIT_ANY,
    SIGNAL_LONGEXIT_INV,
    SIGNAL_LONGSHORT,
    SIGNAL_NONE,
    SIGNAL_SHORT,
    SIGNAL_SHORT_ANY,
    SIGNAL_SHORT_INV,
    SIGNAL_SHORTEXIT,
    SIGNAL_SHORTEXIT_ANY,
    SIGNAL_SHORTEXIT_INV,
    Cerebro,
    Dispatcher,
    HistorySubject,
    LiveSubject,
    MemoryProfile,
    OptReturn,
    Signal,
    SignalStrategy,
    SignalTypes,
    Strategy,
    Subject,
    TimedEvent,
    Timer,
)
from .core.items import ItemCollection
from .errors import BacktraderError, StrategySkipError
from .feeds import (
    AbstractDataBase,
    CSVDataBase,
    CSVFeedBase,
    DataBase,
    DataClone,
    FeedBase,
)
from .filters import (
    DTFaker,
    Filter,
    Replayer,
    ReplayerDaily,
    ReplayerMinutes,
    ReplayerMonthly,
    ReplayerSeconds,
    ReplayerTicks,
    ReplayerWeekly,
    Resampler,
    ResamplerDaily,
    ResamplerMinutes,
    ResamplerMonthly,
    ResamplerSeconds,
    ResamplerTicks,
    ResamplerWeekly,
    ResamplerYearly,
    SimpleFilterWrapper,
)
from .indicators.base import Indicator, LinePlotterIndicator
from .indicators.windows import (
    ATREventWindow,
    EMAEventWindow,
    EventBasedFilter,
    EventWindow,
    HighestEventWindow,
    LowestEventWindow,
    RSIEventWindow,
    SMAEventWindow,
    StdDevEventWindow,
    WindowIndicator,
    WMAEventWindow,
)
from .lines import (
    NAN,
    OHLC,
    All,
    And,
    Any,
    Bar,
    Cmp,
    CmpEx,
    CyclicBuffer,
    DataAccessor,
    DataSeries,
    DataView,
    DivByZero,
    DivZeroByZero,
    Event,
    If,
    IndicatorBase,
    LineActions,
    LineAlias,
    LineBuffer,
    LineCoupler,
    LineDelay,
    LineIterator,
    LineMultiple,
    LineNum,
    LineOwnOperation,
    LineRoot,
    Lines,
    LinesCoupler,
    LineSeries,
    LineSeriesMaker,
    LineSeriesStub,
    LineSingle,
    LinesOperation,
    List,
    Logic,
    Max,
    Min,
    MultiCoupler,
    MultiLogic,
    MultiLogicReduce,
    ObserverBase,
    OHLCDateTime,
    Or,
    PseudoArray,
    Reduce,
    SingleCoupler,
    StrategyBase,
    Sum,
    TimeFrame,
    kernel,
)
from .observers import Observer
from .sizers import Sizer, SizerBase, SizerFix
from .stores import MetaSingleton, Store
from .utils import (
    AutoDictList,
    AutoInfoClass,
    AutoOrderedDict,
    DotDict,
    MetaParams,
    date2num,
    findowner,
    num2date,
    num2time,
    time2num,
    tzparse,
    with_metaclass,
)
from .utils.tradingcal import PandasMarketCalendar, TradingCalendar, TradingCalendarBase
from .writers import WriterBase, WriterFile, WriterStringIO

ind = indicators
obs = observers
comms = broker
filler = fillers

#: Imported on first use: a package, or a name in one.
_LAZY = {
    "strategies": "strategies",
    "strats": "strategies",
    "studies": "studies",
    "talib": "indicators.talib",
    "opt": "opt",
    "plot": "plot",
}

__all__ = [
    "ATREventWindow",
    "AbstractDataBase",
    "All",
    "Analyzer",
    "And",
    "Any",
    "AutoDictList",
    "AutoInfoClass",
    "AutoOrderedDict",
    "BackBroker",
    "BacktraderError",
    "Bar",
    "BrokerBase",
    "BuyOrder",
    "CSVDataBase",
    "CSVFeedBase",
    "Cerebro",
    "Cmp",
    "CmpEx",
    "CommInfoBase",
    "CommissionInfo",
    "CyclicBuffer",
    "DTFaker",
    "DataAccessor",
    "DataBase",
    "DataClone",
    "DataSeries",
    "DataView",
    "Dispatcher",
    "DivByZero",
    "DivZeroByZero",
    "DotDict",
    "EMAEventWindow",
    "Event",
    "EventBasedFilter",
    "EventWindow",
    "FeedBase",
    "Filter",
    "HighestEventWindow",
    "HistorySubject",
    "If",
    "Indicator",
    "IndicatorBase",
    "ItemCollection",
    "LineActions",
    "LineAlias",
    "LineBuffer",
    "LineCoupler",
    "LineDelay",
    "LineIterator",
    "LineMultiple",
    "LineNum",
    "LineOwnOperation",
    "LinePlotterIndicator",
    "LineRoot",
    "LineSeries",
    "LineSeriesMaker",
    "LineSeriesStub",
    "LineSingle",
    "Lines",
    "LinesCoupler",
    "LinesOperation",
    "List",
    "LiveSubject",
    "Logic",
    "LowestEventWindow",
    "Max",
    "MemoryProfile",
    "MetaParams",
    "MetaSingleton",
    "Min",
    "MultiCoupler",
    "MultiLogic",
    "MultiLogicReduce",
    "NAN",
    "OHLC",
    "OHLCDateTime",
    "Observer",
    "ObserverBase",
    "OptReturn",
    "Or",
    "Order",
    "OrderBase",
    "OrderData",
    "OrderExecutionBit",
    "PandasMarketCalendar",
    "Position",
    "PseudoArray",
    "RSIEventWindow",
    "Reduce",
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
    "SMAEventWindow",
    "SellOrder",
    "Signal",
    "SignalStrategy",
    "SignalTypes",
    "SimpleFilterWrapper",
    "SingleCoupler",
    "Sizer",
    "SizerBase",
    "SizerFix",
    "StdDevEventWindow",
    "StopBuyOrder",
    "StopLimitBuyOrder",
    "StopLimitSellOrder",
    "StopSellOrder",
    "Store",
    "Strategy",
    "StrategyBase",
    "StrategySkipError",
    "Subject",
    "Sum",
    "TimeFrame",
    "TimeFrameAnalyzerBase",
    "TimedEvent",
    "Timer",
    "Trade",
    "TradeHistory",
    "TradingCalendar",
    "TradingCalendarBase",
    "WMAEventWindow",
    "WindowIndicator",
    "WriterBase",
    "WriterFile",
    "WriterStringIO",
    "__btversion__",
    "__version__",
    "analyzers",
    "broker",
    "comms",
    "core",
    "date2num",
    "errors",
    "feeds",
    "filler",
    "fillers",
    "filters",
    "findowner",
    "ind",
    "indicators",
    "kernel",
    "lines",
    "num2date",
    "num2time",
    "obs",
    "observers",
    "sizers",
    "stores",
    "time2num",
    "tzparse",
    "utils",
    "with_metaclass",
    "writers",
]


def __getattr__(name: str) -> _typing.Any:
    found = _find(name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY, *_names.METACLASSES})


def _find(name: str) -> _typing.Any:
    if name in _LAZY or _paths.current_path(f"{__name__}.{name}"):
        return _lazy(name)
    if name in _names.METACLASSES:
        return _names.metaclass(name)
    if name in _names.LEAKED:
        return _names.leaked(name)
    raise _names.missing(__name__, name)


def _lazy(name: str) -> _typing.Any:
    """Import what ``name`` stands for; a package that is not there means that the name is not."""
    path, _, attribute = _LAZY.get(name, name).partition(":")
    try:
        module = _importlib.import_module(f"{__name__}.{path}")
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith(f"{__name__}."):
            raise
        raise _names.missing(__name__, name) from None
    return getattr(module, attribute) if attribute else module
