"""Signals: trading on the sign of indicators without writing a strategy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from ..indicators.base import Indicator
from .strategy import Strategy

SIGNAL_NONE = 0
SIGNAL_LONGSHORT, SIGNAL_LONG, SIGNAL_LONG_INV, SIGNAL_LONG_ANY = 1, 2, 3, 4
SIGNAL_SHORT, SIGNAL_SHORT_INV, SIGNAL_SHORT_ANY = 5, 6, 7
SIGNAL_LONGEXIT, SIGNAL_LONGEXIT_INV, SIGNAL_LONGEXIT_ANY = 8, 9, 10
SIGNAL_SHORTEXIT, SIGNAL_SHORTEXIT_INV, SIGNAL_SHORTEXIT_ANY = 11, 12, 13

SignalTypes = list(range(14))

Test = Callable[[float], bool]


def _up(value: float) -> bool:
    return value > 0.0


def _down(value: float) -> bool:
    return value < 0.0


def _any(value: float) -> bool:
    return bool(value)


# which sign of which kind of signal means what; kinds of one meaning are alternatives
MEANINGS: dict[str, tuple[tuple[int, Test], ...]] = {
    "go_long": ((SIGNAL_LONGSHORT, _up),),
    "go_short": ((SIGNAL_LONGSHORT, _down),),
    "enter_long": ((SIGNAL_LONG, _up), (SIGNAL_LONG_INV, _down), (SIGNAL_LONG_ANY, _any)),
    "enter_short": ((SIGNAL_SHORT, _down), (SIGNAL_SHORT_INV, _up), (SIGNAL_SHORT_ANY, _any)),
    "exit_long": ((SIGNAL_LONGEXIT, _down), (SIGNAL_LONGEXIT_INV, _up), (SIGNAL_LONGEXIT_ANY, _any)),
    "exit_short": ((SIGNAL_SHORTEXIT, _up), (SIGNAL_SHORTEXIT_INV, _down), (SIGNAL_SHORTEXIT_ANY, _any)),
    # compat: an _ANY signal that is on both enters and, with the position open, leaves
    "leave_long": ((SIGNAL_LONG, _down), (SIGNAL_LONG_INV, _up), (SIGNAL_LONG_ANY, _any)),
    "leave_short": ((SIGNAL_SHORT, _up), (SIGNAL_SHORT_INV, _down), (SIGNAL_SHORT_ANY, _any)),
}


class Signal(Indicator):
    """An indicator whose only line is the signal: the first line of its data."""

    SignalTypes = SignalTypes
    lines: Any = ("signal",)

    def __init__(self) -> None:
        self.lines.signal = self.data0.lines[0]
        self.plotinfo.plotmaster = getattr(self.data0, "_clock", self.data0)


class SignalStrategy(Strategy):
    """Trades one feed on the signals it was given."""

    params: Any = (("signals", []), ("_accumulate", False), ("_concurrent", False), ("_data", None))
    p: Any

    _signals: dict[int, list[Any]]

    def _before_init(self) -> None:
        self._signals = defaultdict(list)
        self._in_flight: Any = None

    def _after_init(self) -> None:
        super()._after_init()
        for kind, cls, args, kwargs in self.p.signals:
            self._signals[kind].append(cls(*args, **kwargs))
        # compat: only the plain exits switch the implicit ones off, not their _INV and _ANY forms
        self._own_exit_long = bool(self._signals[SIGNAL_LONGEXIT])
        self._own_exit_short = bool(self._signals[SIGNAL_SHORTEXIT])
        self._target = self._traded_feed()
        for signals in list(self._signals.values()):
            for signal in signals:
                self._minperiod = max(self._minperiod, signal._minperiod)

    def _traded_feed(self) -> Any:
        wanted = self.p._data
        if wanted is None:
            return self.datas[0]
        if isinstance(wanted, int):
            return self.datas[wanted]
        return self.getdatabyname(wanted) if isinstance(wanted, str) else wanted

    def signal_add(self, sigtype: int, signal: Any) -> None:
        """Trade on one more signal; called in ``__init__``."""
        self._signals[sigtype].append(signal)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = cls.__dict__.get("next")
        if own is not None:
            # compat: the user's next runs after the signals were acted on
            def next(self: SignalStrategy) -> None:
                self._act_on_signals()
                own(self)

            next.__doc__ = own.__doc__
            cls.next = next  # type: ignore[method-assign]

    def next(self) -> None:
        """Act on the signals of this bar."""
        self._act_on_signals()

    def _deliver(self, orders: list[Any], trades: list[Any]) -> None:
        if self._in_flight is not None and any(
            order == self._in_flight and not order.alive() for order in orders
        ):
            self._in_flight = None
        super()._deliver(orders, trades)

    def _means(self, meaning: str) -> bool:
        """Whether one of the kinds of signal with this meaning is unanimous."""
        for kind, test in MEANINGS[meaning]:
            signals = self._signals.get(kind)
            if signals and all(test(signal[0]) for signal in signals):
                return True
        return False

    def _act_on_signals(self) -> None:
        if self._in_flight is not None and not self.p._concurrent:
            if any(self._means(meaning) for meaning in MEANINGS):
                self._not_sent("in-flight", self._target)
            return
        size = self.getposition(self._target).size
        long, short = self._means("go_long"), self._means("go_short")
        enter_long, enter_short = self._means("enter_long"), self._means("enter_short")
        if not size:
            if long or enter_long:
                self._in_flight = self.buy(self._target)
            elif short or enter_short:
                self._in_flight = self.sell(self._target)
        elif size > 0:
            reverse = enter_short and not self._own_exit_long
            leave = not self._own_exit_long and self._means("leave_long")
            if short or reverse or leave or self._means("exit_long"):
                self.close(self._target)
            if short or reverse:
                self._in_flight = self.sell(self._target)
            if (long or enter_long) and self.p._accumulate:
                self._in_flight = self.buy(self._target)
        else:
            reverse = enter_long and not self._own_exit_short
            leave = not self._own_exit_short and self._means("leave_short")
            if long or reverse or leave or self._means("exit_short"):
                self.close(self._target)
            if long or reverse:
                self._in_flight = self.buy(self._target)
            if (short or enter_short) and self.p._accumulate:
                self._in_flight = self.sell(self._target)


MetaSigStrategy = type(SignalStrategy)
