"""The account of the simulated broker: cash, positions, what they are worth, what time does to them.

Value is worked out when asked and once a step at most; nothing here knows of orders.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from . import accounting
from .accounting import Mark
from .history import FundHistory
from .ledger import Ledger
from .position import Position
from .settings import BrokerSettings

__all__ = ["Account"]

_STALE = -2  # no step has this number


class _Steps:
    """The clock of a broker that nobody gave one."""

    def __init__(self) -> None:
        self.idx = -1


class _Positions(defaultdict[Any, Position]):
    """Positions by feed; a feed that is asked about counts in the account's value from the next step on."""

    def __init__(self, broker: Account) -> None:
        super().__init__(Position)
        self.broker = broker
        self.fresh: list[Any] = []

    def __missing__(self, data: Any) -> Position:
        position = self[data] = Position()
        self.fresh.append(data)
        self.broker.awake = True
        return position

    def __reduce__(self) -> Any:
        return _Positions, (self.broker,), {"fresh": self.fresh}, None, iter(self.items())


class Account(BrokerSettings):
    """Cash, positions and their value by step.

    ``awake`` is False while a step would change nothing but the value, which is then worked out when
    asked; with ``eager`` every step runs and stores it.  ``clock.idx`` is the number of the step.
    """

    eager = False

    def __init__(self) -> None:
        self._own_clock = self.clock = _Steps()
        self._fund_due: FundHistory | None = None
        super().__init__()

    def init(self) -> None:
        """Forget the last run and take the starting cash."""
        super().init()
        p = self.p
        self._own_clock.idx = -1
        self.startingcash = self.cash = p.cash
        self.positions: Any = _Positions(self)
        self.d_credit: Any = defaultdict(float)
        self._cash_addition: deque[float] = deque()
        self._fundshares = p.cash / p.fundstartval
        self._fundval = p.fundstartval
        self._mark = Mark(p.cash, 0.0, 0.0, 0.0, 1.0, 0.0)
        self._mark_step: int | None = None  # None: the mark holds until the next step
        self._running = self.takes_plain_orders = self._always = False
        self._book: list[tuple[Any, Position]] = []
        self._carried: dict[Any, bool] = {}
        self._carry_all = False
        self.ledger = Ledger(self.getcommissioninfo, p.shortcash)
        self._later: list[Any] = []
        self._watchers: list[Callable[[], None]] = []
        self._posted: tuple[float, float] = (p.cash, self._fundshares)
        self.ledger.post(0, *self._posted)
        self.awake = True

    # -- cash and value ------------------------------------------------------------------------
    def get_cash(self) -> Any:
        """The cash at hand."""
        return self.cash

    getcash = get_cash

    def set_cash(self, cash: float) -> None:
        """Start, or go on, with this much cash."""
        self._warn()
        self._marked()
        self.startingcash = self.cash = self.p.cash = cash
        self._hold_mark(self._mark._replace(value=cash))

    setcash = set_cash

    def add_cash(self, cash: float) -> None:
        """Pay in, or out if negative, with the next valuation; fund shares are made or redeemed for it."""
        self._warn()
        self._marked()
        self._cash_addition.append(cash)
        self.awake = True

    def getposition(self, data: Any) -> Position:
        """The position in ``data``: the live object, not a copy."""
        return self.positions[data]  # type: ignore[no-any-return]

    def get_value(self, datas: Any = None, mkt: bool = False, lever: bool = False) -> Any:
        """The value of the account as of this step, or of the positions in ``datas``."""
        if datas is not None:
            return self._value_of(datas, lever)
        mark = self._marked()
        if mkt:
            return mark.market_levered if lever else mark.market
        return mark.levered if lever else mark.value

    getvalue = get_value

    def get_value_lever(self, datas: Any = None, mkt: bool = False) -> Any:
        """The same with positions counted at their full size."""
        return self.get_value(datas=datas, mkt=mkt)  # compat: upstream leaves the leverage out

    def get_leverage(self) -> float:
        """Full size of the positions over the money bound in them."""
        return self._marked().leverage

    def get_fundshares(self) -> Any:
        """The number of fund shares."""
        return self._fundshares

    def get_fundvalue(self) -> Any:
        """The value of one fund share."""
        self._marked()
        return self._fundval

    fundshares = property(lambda self: self._fundshares)
    fundvalue = property(lambda self: self.get_fundvalue())

    def _marked(self) -> Mark:
        """The value of the account, worked out once a step."""
        if self._mark_step is not None and self._mark_step != self.clock.idx:
            self._mark_now()
        return self._mark

    def _mark_now(self) -> None:
        self._mark = mark = accounting.mark(
            self.cash,
            [(self.getcommissioninfo(data), position, data.close[0]) for data, position in self._book],
            self.p.shortcash,
        )
        self._fundval = mark.value / self._fundshares
        self._mark_step = self.clock.idx

    def _hold_mark(self, mark: Mark) -> None:
        """Something between two steps changed what is reported until the next one."""
        self._mark, self._mark_step = mark, None
        self.awake = True
        if self._running:
            self.ledger.late[self.clock.idx] = (self.cash, mark.value, self._fundval, self._fundshares)

    def _add_pending_cash(self) -> None:
        while self._cash_addition:
            cash = self._cash_addition.popleft()
            self._fundshares += cash / self._fundval
            self.cash += cash

    def _value_of(self, datas: Any, lever: bool) -> Any:
        self._marked()
        if self._cash_addition:
            self._add_pending_cash()
            self._hold_mark(self._mark)
        shortcash = self.p.shortcash
        held = [
            (self.getcommissioninfo(data), self.positions[data], data.close[0])
            for data in datas or self.positions
        ]
        if datas and len(held) == 1:
            scheme, position, close = held[0]
            value = accounting.position_value(scheme, position, close, shortcash)
            if lever and value > 0:
                gain = scheme.profitandloss(position.size, position.price, close)
                return (value - gain) / scheme.get_leverage() + gain
            return value
        # compat: asking for several positions gives the cash as well,
        # and replaces the account's value until the next step
        mark = accounting.mark(self.cash, held, shortcash)
        if self._fund_due is not None:
            mark = self._mark_by_history(mark)
        else:
            self._fundval = mark.value / self._fundshares
        self._hold_mark(mark)
        return mark.levered if lever else mark.value

    def set_fund_history(self, fund: Any) -> None:
        """Fund values of the past, reported instead of the simulated ones."""
        self._fund_due = history = FundHistory(fund)
        if history.start_value is not None:
            self.set_cash(history.start_value)
        self.awake = True

    def _mark_by_history(self, mark: Mark) -> Mark:
        assert self._fund_due is not None
        # the bar that moved the run on is the latest one of all
        latest = max((data for data in self.cerebro.datas if len(data)), key=lambda data: data.datetime[0])
        self._fundval, value = self._fund_due.at(latest.num2date(latest.datetime[0]))
        self.cash = value - mark.market
        self._fundshares = value / self._fundval
        levered = value * (mark.market_levered / (mark.market or 1.0))
        return Mark(value, value, self.cash + levered, levered, levered / (value or 1.0), mark.unrealized)

    # -- positions that change cash by themselves ------------------------------------------------
    def _carry(self, data: Any, size: float) -> None:
        if size:
            self._carried[data] = True
        else:
            self._carried.pop(data, None)

    def _carry_everything(self) -> None:
        """From now on look at every open position on every bar."""
        if self._carry_all:
            return
        self._carry_all = True
        self._rebase()

    def _rebase(self) -> None:
        if self.eager:
            return  # all positions are looked at on every bar as it is
        for data, position in self.positions.items():
            if position and data not in self._carried:
                position.adjbase = data.close[0]
                position.datetime = (data, data.datetime[0])
                self._carried[data] = True

    def _charge_interest(self) -> None:
        due = 0.0
        for data, position in self.positions.items():
            if position:
                now = data.datetime.datetime()
                credit = self.getcommissioninfo(data).get_credit_interest(data, position, now)
                self.d_credit[data] += credit
                due += credit
                position.datetime = now
        self.cash -= due

    def _settle(self) -> None:
        for data, position in self.positions.items():
            if position:
                close = data.close[0]
                self.cash += self.getcommissioninfo(data).cashadjust(position.size, position.adjbase, close)
                position.adjbase = close

    def _rules_changed(self) -> None:
        self.takes_plain_orders = False  # the short way is for the rules that were there at the start

    def ask_later(self, datas: list[Any], before_change: Callable[[], None]) -> None:
        """For who works the values of positions out afterwards instead of asking on every bar.

        The feeds count as asked about from after the first step on; ``before_change`` is called when
        afterwards would be too late.
        """
        self._later.extend(datas)
        self._watchers.append(before_change)

    def _touch_later(self) -> None:
        for data in self._later:
            self.positions[data]
        self._later.clear()

    def _warn(self) -> None:
        watchers, self._watchers = self._watchers, []
        for before_change in watchers:
            before_change()

    def _before_change(self) -> None:
        # past values must not be read with the new rules, and what is open must be looked at anew
        self._warn()
        self.takes_plain_orders = False
        if self._running:
            self._marked()
            self.ledger.freeze()
            self._hold_mark(self._mark)
            self._always = True
            self._carry_everything()

    def _take_up_fresh(self) -> None:
        """Positions asked about since the last step count from this one on, in the order of asking."""
        step = self.clock.idx
        for data in self.positions.fresh:
            self._book.append((data, self.positions[data]))
            self.ledger.hold(step, data, 0, 0.0)
        self.positions.fresh.clear()

    def _value_step(self) -> None:
        """Value the account at the end of a step and write down what changed."""
        if self.positions.fresh:
            self._take_up_fresh()
        if self._cash_addition:
            self._add_pending_cash()
        self._mark_step = _STALE
        keep = self._fund_due is not None or self.ledger.keep_values
        if keep or self.eager:
            self._mark_now()
            self._mark_step = None
            if self._fund_due is not None:
                self._mark = self._mark_by_history(self._mark)
        cash, shares = self.cash, self._fundshares
        posted = self._posted
        if cash != posted[0] or shares != posted[1]:
            self._posted = cash, shares
            self.ledger.post(self.clock.idx, cash, shares)
        if keep:
            self.ledger.keep(self.clock.idx, self.cash, self._mark.value, self._fundval, self._fundshares)
