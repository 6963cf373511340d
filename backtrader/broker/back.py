"""The simulated broker: matches orders with bars, posts the fills, tells what happened.

A step is `BackBroker.next`.  Nothing in it decides a price (`matching`), a sum of money
(`accounting`), a status (`fsm`) or who hangs on whom (`brackets`).
"""

from __future__ import annotations

from typing import Any

from . import accounting, fsm, slippage
from .desk import OrderDesk
from .express import execute, fill_at_open, is_plain_scheme, left_after, pay, plain_rules, say, tell
from .history import OrderHistory
from .matching import MATCHERS, session_close
from .order import Order
from .plain import is_untouched, price_of
from .position import combine

__all__ = ["BackBroker", "BrokerBack"]

_MARKET, _CLOSE, _LIMIT, _STOP, _STOP_LIMIT, _TRAIL, _TRAIL_LIMIT = (
    Order.Market, Order.Close, Order.Limit, Order.Stop, Order.StopLimit,
    Order.StopTrail, Order.StopTrailLimit,
)  # fmt: skip


_WAITING: Any = 2  # a kind of awake: orders wait for their price, and that is all
_MOST_ORDERS = 4096  # in bounded memory: what is over beyond that is forgotten
_TRAILING = (_TRAIL, _TRAIL_LIMIT)
_TWO_STAGES = (_STOP_LIMIT, _TRAIL_LIMIT)


class BackBroker(OrderDesk):
    """A broker that executes against the bars of the feeds."""

    def __init__(self) -> None:
        self._orders_due: list[OrderHistory] = []
        super().__init__()

    def init(self) -> None:
        """Forget the last run and take the starting cash."""
        super().init()
        self._forgets = False
        # whoever overrides the step wants it on every step
        self._always = type(self).next is not BackBroker.next

    def add_order_history(self, orders: Any, notify: bool = True) -> None:
        """Orders of the past, executed at their time and price whatever the bars say."""
        self._orders_due.append(OrderHistory(orders, notify))
        self.awake = True

    def _replay_orders(self) -> None:
        owner = self.cerebro.runningstrats[0]
        for history in self._orders_due:
            for data, size, price in history.due(self.cerebro):
                if size:
                    (self.buy if size > 0 else self.sell)(
                        owner, data, abs(size), price, exectype=Order.Historical,
                        histnotify=history.notify, _checksubmit=False,
                    )  # fmt: skip

    def forget_what_is_over(self) -> None:
        """For a run in bounded memory: keep only orders that are alive or young, and no ledger."""
        self._forgets = True
        self.ledger.close()

    # -- a step --------------------------------------------------------------------------------
    def next(self) -> None:
        """One step: check what was submitted, match what is pending, settle, value."""
        due = None
        if self.awake is _WAITING:
            due = self.pending.due()
            if not due:
                return  # orders wait for a price that this bar does not come near, and nothing else is due
        if self.clock is self._own_clock:
            self.clock.idx += 1
        if self._later and self._running:
            self._touch_later()
        if not self._running:
            self._running = True
            self.takes_plain_orders = plain_rules(self)
        if self.ledger.late:
            self.ledger.late.pop(
                self.clock.idx, None
            )  # said before the broker's turn: this step says it anew
        self._stepping = True
        if self._unsaid:
            say(self)
        while self._toactivate:
            self._toactivate.popleft().activate()
        if self.submitted:
            express = self.takes_plain_orders and not (
                self.pending._orders or self._carried or self._carry_all or self._orders_due
            )
            if not (express and fill_at_open(self)):
                self.check_submitted()
        if self._carried or self.eager:
            self._charge_interest()
        else:
            self.cash -= 0.0  # compat: cash given as a whole number is a float from the next step on
        if self._orders_due:
            self._replay_orders()
        if self.pending._orders:
            self._match_pending(self.pending.due() if due is None else due)
        if self._carried or self.eager:
            self._settle()
        self._value_step()
        self._stepping = False
        if self._forgets and len(self.orders) > _MOST_ORDERS:
            last = self.orders[-_MOST_ORDERS // 4 :]
            self.orders = [o for o in self.orders[: -len(last)] if o.status <= fsm.PARTIAL] + last
        busy = (
            self.submitted or self._toactivate or self._carried or self._always or self.eager
            or self._fund_due is not None or self.ledger.keep_values
            or (self._orders_due and any(self._orders_due))
            or self.clock is self._own_clock or self._later
        )  # fmt: skip
        if self.pending._orders:
            self.awake = True if busy or self._forgets else _WAITING
        else:
            self.awake = bool(busy)

    def check_submitted(self) -> None:
        """See, order by order, whether the cash would do; accept or refuse."""
        cash = self.cash
        held: dict[Any, tuple[float, float]] = {}
        terms: dict[Any, tuple[Any, Any, bool, int]] = {}
        p = self.p
        while self.submitted:
            order = self.submitted.popleft()
            own = order.__dict__
            if own.get("parent") is not None and not self._families.takes(order):
                order.reject(self)
                fsm.because(order, "its parent order is gone")
                self.notify(order)
                continue
            data = order.data
            if data not in held:
                position = self.positions[data]
                held[data] = position.size, position.price
                scheme = charge = self.getcommissioninfo(data)
                if data._compensate is not None:
                    charge = self.getcommissioninfo(data._compensate)
                plain = p.shortcash and charge is scheme and is_plain_scheme(scheme)
                terms[data] = scheme, charge, plain, len(data)
            size, entry = held[data]
            scheme, charge, plain, bars = terms[data]
            price = price_of(own)
            if p.coo and order.exectype == _MARKET:
                price = data.open[0]
            untouched = is_untouched(own)
            wanted = own["size"] if untouched else order.executed.remsize
            size, average, opened, closed = combine(size, entry, wanted, price)
            held[data] = size, average
            if plain:
                cash = left_after(cash, scheme.p, price, opened, closed)
            else:  # compat: what is closed is taken to have been entered at the price asked now
                if closed:
                    cash = accounting.close_part(cash, scheme, closed, price, price, 0, p.shortcash)[0]
                if opened:
                    cash = accounting.open_part(cash, scheme, charge, opened, price, p.shortcash)[0]
            if cash >= 0.0:
                if untouched and self.takes_plain_orders:
                    own["status"], own["plen"] = fsm.ACCEPTED, bars
                    self.pending.append(order)
                    tell(self, order)
                else:
                    self.submit_accept(order)
            else:
                self._short_of_cash(order, cash)

    def _short_of_cash(self, order: Any, left: float | None) -> None:
        order.margin()
        fsm.because(
            order,
            f"cash of {self.cash:,.2f} is not enough"
            if left is None
            else f"it would leave {left:,.2f} in cash",
        )
        self.notify(order)
        self._strike(order)
        self._dissolve(order)

    def _match_pending(self, due: list[tuple[int, Any]]) -> None:
        if not due:
            return
        waiting = self.pending
        p = self.p
        slip = slippage.Slippage.from_params(p) if p.slip_perc or p.slip_fixed else slippage.NONE
        seen: Any = None
        bar: Any = None
        for seat, order in due:
            if not waiting.begin(seat):
                continue  # what was tried before it ended it
            if order.valid and order.expire():
                fsm.because(order, "its time was over")
                waiting.end(seat, order, False)
                self.notify(order)
                self._strike(order)
                self._dissolve(order)
                continue
            if order._active:
                data = order.data
                if order.exectype == _MARKET:
                    self._try_market(order, slip)
                else:
                    if data is not seen:
                        seen = data
                        bar = waiting.bar(data)
                    self._try(order, bar, slip)
            waiting.end(seat, order, order.status <= fsm.PARTIAL)
            if order.status == fsm.COMPLETED and self._families.members:
                self._family_of_completed(order)
        waiting.turn = 0

    def _try(self, order: Any, bar: Any, slip: slippage.Slippage) -> None:
        """See whether the bar fills the order, and execute it if so."""
        kind = order.exectype
        if kind == _CLOSE:
            self._try_close(order, bar[3])
            return
        price = cap = price_of(order.__dict__)
        triggered = order.triggered
        if kind in _TWO_STAGES:
            cap = order.created.pricelimit
        outcome = MATCHERS[_LIMIT if triggered else kind](
            not order.ordtype, cap if triggered else price, cap, bar, slip
        )
        if outcome is not None:
            if kind in _TWO_STAGES:
                order.triggered = True
            price, rule = outcome
            if price is not None and not execute(self, order, price, rule):
                self._execute(order, None, price, 0, rule)
        if kind in _TRAILING and not triggered and order.status <= fsm.PARTIAL:
            order.trailadjust(bar[3])

    def _try_market(self, order: Any, slip: slippage.Slippage) -> None:
        p = self.p
        asked = order.__dict__.get("_asked")
        data = order.data
        now = data.datetime[0]
        if p.coc and (order.created._info is None or order.created._info.get("coc", True)):
            when, at, rule = order.created.dt, order.created.pclose, "cheat on close"
        elif p.coo or now > (order.created.dt if asked is None else asked.when):
            when, rule = None, "open"
            at = self.pending.bar(data)[0]
        else:
            return
        if slip is not slippage.NONE:
            outcome = MATCHERS[_MARKET](not order.ordtype, at, at, (at, *self.pending.bar(data)[1:]), slip)
            if outcome is None:
                return
            at = outcome[0]
        if when is not None or not execute(self, order, at, rule):
            self._execute(order, when, at, 0, rule)

    def _try_close(self, order: Any, close: float) -> None:
        data = order.data
        found = session_close(data.datetime[0], order.created.dt, order.dteos, close, order.pannotated)
        if found is None:
            order.pannotated = close
            return
        price, ago, rule = found
        self._execute(order, None, price, ago, rule)

    def _execute(self, order: Any, when: float | None, price: float, ago: int, rule: str) -> None:
        """Post a fill: cash, position, order, ledger; refuse the opening part if the cash does not do."""
        p = self.p
        size = order.executed.remsize
        if p.filler is not None:
            size = p.filler(order, price, ago)
            if order.ordtype:
                size = -size
        data = order.data
        scheme = charge = self.getcommissioninfo(data)
        if data._compensate is not None:
            data = data._compensate
            charge = self.getcommissioninfo(data)
        position = self.positions[data]
        entry = position.price
        psize, pprice, opened, closed = combine(position.size, entry, size, price)
        wanted = opened
        short: float | None = None
        plain = p.shortcash and scheme is charge and is_plain_scheme(scheme)
        if plain:
            paid = pay(self.cash, scheme.p, entry, opened, closed, price)
            if opened and paid[0] < 0.0:
                short = paid[0]
                opened = 0
                paid = pay(self.cash, scheme.p, entry, 0, closed, price)
            elif opened:
                position.adjbase = price
            cash, closedvalue, closedcomm, openedvalue, openedcomm, profit = paid
        else:
            cash, opened, closedvalue, closedcomm, openedvalue, openedcomm, profit = self._charge(
                scheme, charge, position, psize, opened, closed, price
            )
        self.cash = cash
        done = closed + opened
        if done:
            now = data.datetime[0]
            if when is None:
                when = now if ago == 0 else data.datetime[ago]
            if not plain:
                scheme.confirmexec(done, price)
            position.update(done, price, (data, now))
            if closed and p.int2pnl:
                closedcomm += self.d_credit.pop(data, 0.0)
            # compat: psize and pprice of the fill are those of all of it, refused parts included
            order.execute(
                when, done, price, closed, closedvalue, closedcomm, opened, openedvalue, openedcomm,
                scheme.margin, profit, psize, pprice,
            )  # fmt: skip
            order.comminfo = scheme
            if self.positions.fresh:
                self._take_up_fresh()
            step = self.clock.idx
            self.ledger.hold(step, data, position.size, position.price)
            self.ledger.fill(order.ref, step, when, done, price, closedcomm + openedcomm, profit, rule)
            strange = position.price != position.price  # interest on NaN is NaN, whatever the rate
            costly = not plain and (scheme.needs_bars or charge.needs_bars)
            if costly or strange or self._carry_all or data in self._carried:
                self._carry(data, position.size)
            self.notify(order)
            if self._groups.group_of or order.status == fsm.PARTIAL:
                self._strike(order)
        if wanted and not opened:
            self._short_of_cash(order, short)

    def _charge(
        self,
        scheme: Any,
        charge: Any,
        position: Any,
        psize: float,
        opened: float,
        closed: float,
        price: float,
    ) -> tuple[float, float, float, float, float, float, float]:
        """(cash, opened, values, commissions and profit of a fill); nothing is opened if cash is short."""
        shortcash = self.p.shortcash
        entry, base = position.price, position.adjbase
        cash = self.cash
        closedvalue = closedcomm = openedvalue = openedcomm = 0.0
        profit = scheme.profitandloss(-closed, entry, price)
        if closed:
            cash, closedvalue, closedcomm = accounting.close_part(
                cash, scheme, closed, entry, price, profit, shortcash
            )
            cash += scheme.cashadjust(-closed, base, price)
        if opened:
            left, openedvalue, openedcomm = accounting.open_part(
                cash, scheme, charge, opened, price, shortcash
            )
            if left < 0.0:
                opened, openedvalue, openedcomm = 0, 0.0, 0.0
            else:
                cash = left
                if abs(psize) > abs(opened):
                    cash += scheme.cashadjust(psize - opened, base, price)
                position.adjbase = price
        return cash, opened, closedvalue, closedcomm, openedvalue, openedcomm, profit


BrokerBack = BackBroker
