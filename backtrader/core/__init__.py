"""The machine that puts it together: cerebro, plan, loops, strategy."""

from __future__ import annotations

from ..analyzers import Analyzer
from ..writers import WriterFile
from .cerebro import Cerebro
from .dispatcher import Dispatcher, HistorySubject, LiveSubject, Subject, TimedEvent
from .profile import MemoryProfile
from .results import OptReturn
from .signals import (
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
    Signal,
    SignalStrategy,
    SignalTypes,
)
from .strategy import Strategy
from .timer import SESSION_END, SESSION_START, SESSION_TIME, Timer

__all__ = [
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
    "Cerebro",
    "Dispatcher",
    "HistorySubject",
    "LiveSubject",
    "MemoryProfile",
    "OptReturn",
    "Signal",
    "SignalStrategy",
    "SignalTypes",
    "Strategy",
    "Subject",
    "TimedEvent",
    "Timer",
]

# analyzers stand beside writers and know none
Analyzer._writer = WriterFile
