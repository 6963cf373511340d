"""Time series: storage, declaration, operators, evaluation.

Old module paths (``backtrader.linebuffer`` and its kin) all lead here.
"""

from __future__ import annotations

from ..utils.autodict import DotDict
from ..utils.construct import MetaParams, with_metaclass
from ..utils.dateintern import num2date, time2num
from ..utils.params import AutoInfoClass
from .bar import Bar
from .clock import NAN, Clock
from .coupler import LineCoupler, LinesCoupler, MultiCoupler, SingleCoupler
from .cyclic import CyclicBuffer
from .dataseries import OHLC, DataSeries, OHLCDateTime
from .declare import LineAlias, Lines
from .delay import ConstantLine, LineDelay, LineNum, PseudoArray
from .events import Event
from .functions import (
    All,
    And,
    Cmp,
    CmpEx,
    DivByZero,
    DivZeroByZero,
    If,
    List,
    Logic,
    Max,
    Min,
    MultiLogic,
    MultiLogicReduce,
    Or,
    Reduce,
    Sum,
    cmp,
)
from .functions import Any_ as Any
from .iterator import DataAccessor, IndicatorBase, LineIterator, ObserverBase, StrategyBase, data_by_name
from .line import LineBuffer
from .operations import Computed, LineActions, LineOwnOperation, LinesOperation
from .ownkernel import LineKernel, kernel
from .root import LineMultiple, LineRoot, LineSingle, MetaLine
from .series import LineSeries, LineSeriesMaker, LineSeriesStub
from .timeframe import TimeFrame
from .view import DataView

# the metaclasses upstream had one of per family; there is one, under all of their names
MetaLineRoot = MetaLineSeries = MetaLineActions = MetaLineIterator = MetaLine

__all__ = [
    "All",
    "And",
    "Any",
    "AutoInfoClass",
    "Bar",
    "Clock",
    "Cmp",
    "CmpEx",
    "Computed",
    "ConstantLine",
    "CyclicBuffer",
    "DataAccessor",
    "DataSeries",
    "DataView",
    "DivByZero",
    "DivZeroByZero",
    "DotDict",
    "Event",
    "If",
    "IndicatorBase",
    "LineActions",
    "LineAlias",
    "LineBuffer",
    "LineCoupler",
    "LineDelay",
    "LineIterator",
    "LineKernel",
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
    "MetaLine",
    "MetaLineActions",
    "MetaLineIterator",
    "MetaLineRoot",
    "MetaLineSeries",
    "MetaParams",
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
    "cmp",
    "data_by_name",
    "num2date",
    "time2num",
    "kernel",
    "with_metaclass",
]
