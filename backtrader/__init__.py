"""The names people write as ``bt.X``.

>>> import backtrader as bt
>>> bt.Cerebro, bt.Strategy, bt.indicators.SMA

What a script may do without (plots, optimisation, writers) is imported when its name is first
used.  Old module paths (``backtrader.lineseries``, ``backtrader.brokers.bbroker``) lead to the
modules that took their place, see `backtrader.compat.paths`.
"""

from __future__ import annotations

import importlib
import typing

from ._version import __btversion__, __version__
from .compat import names as _names
from .compat import paths as _paths

_paths.install()

from . import analyzers, broker, core, errors, feeds, filters, indicators, lines, sizers, stores, utils  # noqa: E402
from .analyzers import Analyzer, TimeFrameAnalyzerBase  # noqa: E402
from .broker import (  # noqa: E402
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
from .core import (  # noqa: E402
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
    OptReturn,
    Signal,
    SignalStrategy,
    SignalTypes,
    Strategy,
    Timer,
)
from .core.items import ItemCollection  # noqa: E402
from .errors import BacktraderError, StrategySkipError  # noqa: E402
from .feeds import (  # noqa: E402
    AbstractDataBase,
    CSVDataBase,
    CSVFeedBase,
    DataBase,
    DataClone,
    FeedBase,
)
from .filters import (  # noqa: E402
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
from .indicators import Indicator, LinePlotterIndicator  # noqa: E402
from .lines import (  # noqa: E402
    NAN,
    OHLC,
    All,
    And,
    Any,
    Cmp,
    CmpEx,
    DataAccessor,
    DataSeries,
    DivByZero,
    DivZeroByZero,
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
)
from .sizers import Sizer, SizerBase, SizerFix  # noqa: E402
from .stores import MetaSingleton, Store  # noqa: E402
from .utils import (  # noqa: E402
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
from .utils.tradingcal import PandasMarketCalendar, TradingCalendar, TradingCalendarBase  # noqa: E402

ind = indicators
comms = broker
filler = fillers

#: Imported on first use: a package, or the package a name is in.
_LAZY = {
    "observers": "observers",
    "obs": "observers",
    "Observer": "observers",
    "strategies": "strategies",
    "strats": "strategies",
    "studies": "studies",
    "writers": "writers",
    "WriterBase": "writers",
    "WriterFile": "writers",
    "WriterStringIO": "writers",
    "opt": "opt",
    "plot": "plot",
}

__all__ = sorted(name for name in globals() if not name.startswith("_") and name not in ("annotations", "importlib", "typing"))
__all__ += ["observers", "Observer", "obs"]


def __getattr__(name: str) -> typing.Any:
    found = _find(name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY, *_names.METACLASSES})


def _find(name: str) -> typing.Any:
    if name in _LAZY or _paths.current_path(f"{__name__}.{name}"):
        module = _module(_LAZY.get(name, name), name)
        return getattr(module, name, module) if name[0].isupper() else module
    if name in _names.METACLASSES:
        return _names.metaclass(name)
    if name in _names.LEAKED:
        return _names.leaked(name)
    raise _names.missing(__name__, name)


def _module(path: str, name: str) -> typing.Any:
    """A module of this package; a missing one means that the name asked for is missing."""
    try:
        return importlib.import_module(f"{__name__}.{path}")
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith(f"{__name__}."):
            raise
        raise _names.missing(__name__, name) from None
