"""The simulated broker: receives orders, asks matching, posts to accounting, tells what happened.

A step is `BackBroker.next`.  Nothing in it decides a price (`matching`), a sum of money
(`accounting`), a status (`fsm`) or who hangs on whom (`brackets`).
"""

from __future__ import annotations

from collections import defaultdict, deque
from math import isfinite
from typing import Any

from . import accounting, fsm, slippage
from .accounting import Mark
from .brackets import Families, Groups
from .express import fill_at_open, plain_rules
from .history import FundHistory, OrderHistory
from .ledger import Ledger
from .matching import MATCHERS, session_close
from .order import BuyOrder, Order, SellOrder
from .position import Position, combine
from .settings import BrokerSettings

__all__ = ["BackBroker", "BrokerBack"]

_MARKET, _CLOSE, _LIMIT, _STOP_LIMIT, _TRAIL, _TRAIL_LIMIT = (
    Order.Market, Order.Close, Order.Limit, Order.StopLimit, Order.StopTrail, Order.StopTrailLimit,
)  # fmt: skip


_TRAILING = (_TRAIL, _TRAIL_LIMIT)
_TWO_STAGES = (_STOP_LIMIT, _TRAIL_LIMIT)
_STALE = -2  # no step has this number


class _Steps:
    """The clock of a broker that nobody gave one."""

    def __init__(self) -> None:
        self.idx = -1


class _Positions(defaultdict[Any, Position]):
    """Positions by feed; a feed that is asked about counts in the account's value from the next step on."""

    def __init__(self, broker: BackBroker) -> None:
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


class BackBroker(BrokerSettings):
    """A broker that executes against the bars of the feeds.

    ``awake`` is False while a step would change nothing but the value, which is then worked out when
    asked; with ``eager`` every step runs and stores it.  ``clock.idx`` is the number of the step.
    """

    eager = False

    def __init__(self) -> None:
        self._own_clock = self.clock = _Steps()
        self._orders_due: list[OrderHistory] = []
        self._fund_due: FundHistory | None = None
        super().__init__()

    def init(self) -> None:
        """Forget the last run and take the starting cash."""
        super().init()
        p = self.p
        self._own_clock.idx = -1
        self.startingcash = self.cash = p.cash
        self.orders: list[Any] = []
        self.pending: deque[Any] = deque()
        self.submitted: deque[Any] = deque()
        self.notifs: deque[Any] = deque()
        self._toactivate: deque[Any] = deque()
        self.positions: Any = _Positions(self)
        self.d_credit: Any = defaultdict(float)
        self._families = Families(self._find)
        self._groups = Groups()
        self._cash_addition: deque[float] = deque()
        self._fundshares = p.cash / p.fundstartval
        self._fundval = p.fundstartval
        self._mark = Mark(p.cash, 0.0, 0.0, 0.0, 1.0, 0.0)
        self._mark_step: int | None = None  # None: the mark holds until the next step
        self._running = self._express = False
        self._book: list[tuple[Any, Position]] = []
        self._carried: dict[Any, bool] = {}
        self._carry_all = False
        self._always = type(self).next is not BackBroker.next
        self.ledger = Ledger(self.getcommissioninfo, p.shortcash)
        self._posted: tuple[float, float] = (p.cash, self._fundshares)
        self.ledger.post(0, *self._posted)
        self.awake = True

    # -- the account ---------------------------------------------------------------------------
    def get_cash(self) -> Any:
        """The cash at hand."""
        return self.cash

    getcash = get_cash

    def set_cash(self, cash: float) -> None:
        """Start, or go on, with this much cash."""
        self._marked()
        self.startingcash = self.cash = self.p.cash = cash
        self._hold_mark(self._mark._replace(value=cash))

    setcash = set_cash

    def add_cash(self, cash: float) -> None:
        """Pay in, or out if negative, with the next valuation; fund shares are made or redeemed for it."""
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

    def get_fundshares(self) -> float:
        """The number of fund shares."""
        return self._fundshares

    def get_fundvalue(self) -> float:
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
        held = [(self.getcommissioninfo(data), self.positions[data], data.close[0]) for data in datas or self.positions]
        if datas and len(held) == 1:
            scheme, position, close = held[0]
            value = accounting.position_value(scheme, position, close, shortcash)
            if lever and value > 0:
                gain = scheme.profitandloss(position.size, position.price, close)
                return (value - gain) / scheme.get_leverage() + gain
            return value
        # compat: asking for several positions gives the cash as well, and replaces the account's value until the next step
        mark = accounting.mark(self.cash, held, shortcash)
        if self._fund_due is not None:
            mark = self._mark_by_history(mark)
        else:
            self._fundval = mark.value / self._fundshares
        self._hold_mark(mark)
        return mark.levered if lever else mark.value

    # -- receiving -----------------------------------------------------------------------------
    def buy(
        self, owner: Any, data: Any, size: Any, price: Any = None, plimit: Any = None, exectype: Any = None,
        valid: Any = None, tradeid: Any = 0, oco: Any = None, trailamount: Any = None, trailpercent: Any = None,
        parent: Any = None, transmit: bool = True, histnotify: bool = False, _checksubmit: bool = True, **kwargs: Any,
    ) -> Any:  # fmt: skip
        """Make an order to buy and take it."""
        if valid is oco is trailamount is trailpercent is parent is None and transmit and not (
            tradeid or histnotify or kwargs or exectype in _TRAILING
        ):
            order = BuyOrder.plain(owner, data, size, price, plimit, exectype)
            return self._receive_plain(order, size, price, plimit, _checksubmit)
        order = BuyOrder.make(
            owner, data, size, price, plimit, exectype, valid, tradeid, None, trailamount, trailpercent,
            parent, transmit, False, histnotify,
        )  # fmt: skip
        return self._receive(order, oco, kwargs, _checksubmit)

    def sell(
        self, owner: Any, data: Any, size: Any, price: Any = None, plimit: Any = None, exectype: Any = None,
        valid: Any = None, tradeid: Any = 0, oco: Any = None, trailamount: Any = None, trailpercent: Any = None,
        parent: Any = None, transmit: bool = True, histnotify: bool = False, _checksubmit: bool = True, **kwargs: Any,
    ) -> Any:  # fmt: skip
        """Make an order to sell and take it."""
        if valid is oco is trailamount is trailpercent is parent is None and transmit and not (
            tradeid or histnotify or kwargs or exectype in _TRAILING
        ):
            order = SellOrder.plain(owner, data, size, price, plimit, exectype)
            return self._receive_plain(order, size, price, plimit, _checksubmit)
        order = SellOrder.make(
            owner, data, size, price, plimit, exectype, valid, tradeid, None, trailamount, trailpercent,
            parent, transmit, False, histnotify,
        )  # fmt: skip
        return self._receive(order, oco, kwargs, _checksubmit)

    def _receive(self, order: Any, oco: Any, info: dict[str, Any], check: bool) -> Any:
        if info:
            order.addinfo(**info)
        self.awake = True
        refusal = _nonsense(order)
        if refusal is None and self.risk is not None:
            refusal = self.risk.check_order(order, self)
        if refusal is not None:
            return self._refuse(order, *refusal)
        if oco is not None:
            self._groups.join(order, oco)
        return self.submit(order, check)

    def _receive_plain(self, order: Any, size: Any, price: Any, limit: Any, check: bool) -> Any:
        """Take an order without relations: all that can be wrong with it is a number."""
        if (
            price is limit is None
            and isfinite(size)
            and self.risk is None
            and check
            and self.p.checksubmit
            and order.data._compensate is None
        ):
            self.awake = True
            self.orders.append(order)
            order.status = fsm.SUBMITTED
            self.submitted.append(order)
            if not self._express or getattr(order.owner, "_hears_orders", True):
                self.notify(order)
            return order
        return self._receive(order, None, {}, check)

    def submit(self, order: Any, check: bool = True) -> Any:
        """Take an order, and send it and those that waited for it unless it waits for others."""
        self.awake = True
        if not self._families.takes(order):
            order.reject(self)
            self.notify(order)
            return order
        if order.parent is None and order.transmit:
            return self.transmit(order, check)
        if order.data._compensate is not None:
            self._carry_everything()
        for member in self._families.join(order):
            self.transmit(member, check)
        return order

    def transmit(self, order: Any, check: bool = True) -> Any:
        """Send an order on its way: to the check of the next step, or straight to the accepted ones."""
        if order.data._compensate is not None:
            self._carry_everything()
        self.orders.append(order)
        if check and self.p.checksubmit:
            order.status = fsm.SUBMITTED  # the only way from Created, which is what an order is here
            order._trail.append((fsm.SUBMITTED, order.created.dt, ""))
            order.plen = len(order.data)
            self.submitted.append(order)
            self.notify(order)
        else:
            self.submit_accept(order)
        return order

    def submit_accept(self, order: Any) -> None:
        """Accept an order: it is matched from now on."""
        order.pannotated = None
        order.plen = len(order.data)
        fsm.advance(order, fsm.ACCEPTED)
        self.pending.append(order)
        self.notify(order)

    def _refuse(self, order: Any, code: str, reason: str) -> Any:
        order.addinfo(code=code, reason=reason)
        self.orders.append(order)
        fsm.advance(order, fsm.REJECTED, order.created.dt, reason)
        self.notify(order)
        return order

    def cancel(self, order: Any, bracket: bool = False) -> bool:
        """Withdraw an accepted order; False if there is no such one (any more, or not yet)."""
        own = None if order is None else self._take_out(order.ref)
        if own is None:
            return False
        own.cancel()
        if own is not order:
            order.status = own.status  # a notification's copy was given: whoever holds it sees the end too
        self.notify(own)
        self._strike(own)
        if not bracket:
            self._dissolve(own)
        return True

    def amend(self, order: Any, size: Any = None, price: Any = None) -> bool:
        """Change the total size or the price of a live order; False, with the reason in its info, if refused."""
        own = self._find(order.ref)
        refusal = _cannot_amend(own, size, price)
        if refusal is None and self.risk is not None:
            wish = own.clone()
            wish.created, wish.executed = wish.created.detached(), wish.executed.detached()
            _amend(wish, size, price)
            refusal = self.risk.check_order(wish, self)
        if refusal is not None:
            code, reason = refusal
            order.addinfo(code=code, reason=reason)
            return False
        own._own_executed()
        _amend(own, size, price)
        self.awake = True
        self.notify(own)
        return True

    def _find(self, ref: int) -> Any:
        for order in reversed(self.orders):
            if order.ref == ref:
                return order
        return None

    def _take_out(self, ref: int) -> Any:
        pending = self.pending
        for number, order in enumerate(pending):
            if order is not None and order.ref == ref:
                del pending[number]
                return order
        return None

    def orderstatus(self, order: Any) -> Any:
        """The status of an order that was sent; of the given object if it was not."""
        own = self._find(order.ref)
        return (order if own is None else own).status

    def get_orders_open(self, safe: bool = False) -> list[Any]:
        """The accepted orders that are not done; copies if ``safe``."""
        return [order.clone() if safe else order for order in self.pending]

    def notify(self, order: Any) -> None:
        """Leave word of an order as it is now; unless nobody would hear of it."""
        if getattr(order.owner, "_hears_orders", True) or order.executed.exbits:
            self.notifs.append(order.clone())

    def get_notification(self) -> Any:
        """The next order to tell a strategy about, None if there is none."""
        return self.notifs.popleft() if self.notifs else None

    # -- histories -----------------------------------------------------------------------------
    def add_order_history(self, orders: Any, notify: bool = True) -> None:
        """Orders of the past, executed at their time and price whatever the bars say."""
        self._orders_due.append(OrderHistory(orders, notify))
        self.awake = True

    def set_fund_history(self, fund: Any) -> None:
        """Fund values of the past, reported instead of the simulated ones."""
        self._fund_due = history = FundHistory(fund)
        if history.start_value is not None:
            self.set_cash(history.start_value)
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

    def _mark_by_history(self, mark: Mark) -> Mark:
        assert self._fund_due is not None
        # the bar that moved the run on is the latest one of all
        latest = max((data for data in self.cerebro.datas if len(data)), key=lambda data: data.datetime[0])
        self._fundval, value = self._fund_due.at(latest.num2date(latest.datetime[0]))
        self.cash = value - mark.market
        self._fundshares = value / self._fundval
        levered = value * (mark.market_levered / (mark.market or 1.0))
        return Mark(value, value, self.cash + levered, levered, levered / (value or 1.0), mark.unrealized)

    # -- a step --------------------------------------------------------------------------------
    def next(self) -> None:
        """One step: check what was submitted, match what is pending, settle, value."""
        if self.clock is self._own_clock:
            self.clock.idx += 1
        if not self._running:
            self._running = True
            self._express = plain_rules(self)
        if self.ledger.late:
            self.ledger.late.pop(self.clock.idx, None)  # said before the broker's turn: this step says it anew
        while self._toactivate:
            self._toactivate.popleft().activate()
        if self.submitted and not (self._express and not self.pending and not self._carried and fill_at_open(self)):
            self.check_submitted()
        if self._carried or self.eager:
            self._charge_interest()
        if self._orders_due:
            self._replay_orders()
        if self.pending:
            self._match_pending()
        if self._carried or self.eager:
            self._settle()
        self._close_step()

    def check_submitted(self) -> None:
        """See, order by order, whether the cash would do; accept or refuse."""
        cash = self.cash
        held: dict[Any, tuple[float, float]] = {}
        p = self.p
        while self.submitted:
            order = self.submitted.popleft()
            if not self._families.takes(order):
                order.reject(self)
                self.notify(order)
                continue
            data = order.data
            if data not in held:
                position = self.positions[data]
                held[data] = position.size, position.price
            size, entry = held[data]
            price = order.created.price
            if p.coo and order.exectype == _MARKET:
                price = data.open[0]
            size, average, opened, closed = combine(size, entry, order.executed.remsize, price)
            held[data] = size, average
            scheme = self.getcommissioninfo(data)
            if closed:
                # compat: what is closed is taken to have been entered at the price asked now
                cash = accounting.close_part(cash, scheme, closed, price, price, 0, p.shortcash)[0]
            if opened:
                charge = scheme if data._compensate is None else self.getcommissioninfo(data._compensate)
                cash = accounting.open_part(cash, scheme, charge, opened, price, p.shortcash)[0]
            if cash >= 0.0:
                self.submit_accept(order)
            else:
                self._short_of_cash(order)

    def _short_of_cash(self, order: Any) -> None:
        order.margin()
        self.notify(order)
        self._strike(order)
        self._dissolve(order)

    def _match_pending(self) -> None:
        pending = self.pending
        p = self.p
        slip = slippage.Slippage.from_params(p) if p.slip_perc or p.slip_fixed else slippage.NONE
        seen = bar = None
        pending.append(None)
        # orders go round once; whatever is still alive waits at the end of the queue
        while (order := pending.popleft()) is not None:
            if order.valid and order.expire():
                self.notify(order)
                self._strike(order)
                self._dissolve(order)
                continue
            if not order._active:
                pending.append(order)
                continue
            data = order.data
            if data is not seen:
                seen = data
                bar = _bar(data)
            self._try(order, bar, slip)
            if order.status <= fsm.PARTIAL:
                pending.append(order)
            elif order.status == fsm.COMPLETED:
                self._family_of_completed(order)

    def _try(self, order: Any, bar: Any, slip: slippage.Slippage) -> None:
        """See whether the bar fills the order, and execute it if so."""
        kind = order.exectype
        data = order.data
        if kind == _MARKET:
            self._try_market(order, bar, slip)
            return
        if kind == _CLOSE:
            self._try_close(order, bar[3])
            return
        created = order.created
        price = cap = created.price
        triggered = order.triggered
        if kind in _TWO_STAGES:
            cap = created.pricelimit
        outcome = MATCHERS[_LIMIT if triggered else kind](not order.ordtype, cap if triggered else price, cap, bar, slip)
        if outcome is not None:
            if kind in _TWO_STAGES:
                order.triggered = True
            price, rule = outcome
            if price is not None:
                self._execute(order, None, price, 0, rule)
        if kind in _TRAILING and not triggered and order.status <= fsm.PARTIAL:
            order.trailadjust(bar[3])

    def _try_market(self, order: Any, bar: Any, slip: slippage.Slippage) -> None:
        p = self.p
        created = order.created
        now = order.data.datetime[0]
        if p.coc and (created._info is None or created._info.get("coc", True)):
            when, at, rule = created.dt, created.pclose, "cheat on close"
        elif p.coo or now > created.dt:
            when, at, rule = None, bar[0], "open"
        else:
            return
        if slip is not slippage.NONE:
            outcome = MATCHERS[_MARKET](not order.ordtype, at, at, (at, *bar[1:]), slip)
            if outcome is None:
                return
            at = outcome[0]
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
        entry, base = position.price, position.adjbase
        psize, pprice, opened, closed = combine(position.size, entry, size, price)
        shortcash = p.shortcash
        cash = self.cash
        closedvalue = closedcomm = openedvalue = openedcomm = 0.0
        profit = scheme.profitandloss(-closed, entry, price)
        if closed:
            cash, closedvalue, closedcomm = accounting.close_part(cash, scheme, closed, entry, price, profit, shortcash)
            cash += scheme.cashadjust(-closed, base, price)
        wanted = opened
        if opened:
            left, openedvalue, openedcomm = accounting.open_part(cash, scheme, charge, opened, price, shortcash)
            if left < 0.0:
                opened, openedvalue, openedcomm = 0, 0.0, 0.0
            else:
                cash = left
                if abs(psize) > abs(opened):
                    cash += scheme.cashadjust(psize - opened, base, price)
                position.adjbase = price
        self.cash = cash
        done = closed + opened
        if done:
            if when is None:
                when = data.datetime[ago]
            scheme.confirmexec(done, price)
            position.update(done, price, (data, data.datetime[0]))
            if closed and p.int2pnl:
                closedcomm += self.d_credit.pop(data, 0.0)
            # compat: psize and pprice of the fill are what they would be with all of it, refused parts included
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
            if self._carry_all or strange or scheme.needs_bars or charge.needs_bars or data in self._carried:
                self._carry(data, position.size)
            self.notify(order)
            self._strike(order)
        if wanted and not opened:
            self._short_of_cash(order)

    # -- relatives -----------------------------------------------------------------------------
    def _strike(self, order: Any) -> None:
        """Cancel the others of the order's group."""
        refs = self._groups.struck(order)
        if not refs:
            return
        pending = self.pending
        for number in range(len(pending) - 1, -1, -1):
            other = pending[number]
            if other is not None and other.ref in refs:
                del pending[number]
                other.cancel()
                self.notify(other)

    def _dissolve(self, order: Any) -> None:
        for relative in self._families.dissolve(order):
            self.cancel(relative, bracket=True)

    def _family_of_completed(self, order: Any) -> None:
        children, relatives = self._families.completed(order)
        self._toactivate.extend(children)
        for relative in relatives:
            self.cancel(relative, bracket=True)

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

    def _before_change(self) -> None:
        # past values must not be read with the new rules, and what is open must be looked at anew
        self._express = False
        if self._running:
            self._marked()
            self.ledger.freeze()
            self._hold_mark(self._mark)
            self._always = True
            self._carry_everything()

    def _take_up_fresh(self) -> None:
        """Positions asked about since the last step count from this one on, in the order they were asked about."""
        step = self.clock.idx
        for data in self.positions.fresh:
            self._book.append((data, self.positions[data]))
            self.ledger.hold(step, data, 0, 0.0)
        self.positions.fresh.clear()

    def _close_step(self) -> None:
        """Value the account, write down what changed, and see whether the next step is needed."""
        if self.positions.fresh:
            self._take_up_fresh()
        if self._cash_addition:
            self._add_pending_cash()
        self._mark_step = _STALE
        if self._fund_due is not None or self.eager or self.ledger.keep_values:
            self._mark_now()
            self._mark_step = None
            if self._fund_due is not None:
                self._mark = self._mark_by_history(self._mark)
        state = self.cash, self._fundshares
        if state != self._posted:
            self._posted = state
            self.ledger.post(self.clock.idx, *state)
        if self.ledger.keep_values or self._fund_due is not None:
            self.ledger.keep(self.clock.idx, self.cash, self._mark.value, self._fundval, self._fundshares)
        self.awake = bool(
            self.pending or self.submitted or self._toactivate or self._carried or self._always
            or self._fund_due is not None or self.ledger.keep_values or any(self._orders_due)
        )  # fmt: skip


BrokerBack = BackBroker


def _bar(data: Any) -> tuple[float, float, float, float]:
    """The bar that orders are matched with: the last tick's where a larger bar is being replayed."""
    opened, high, low, close = data.tick_open, data.tick_high, data.tick_low, data.tick_close
    return (
        data.open[0] if opened is None else opened,
        data.high[0] if high is None else high,
        data.low[0] if low is None else low,
        data.close[0] if close is None else close,
    )


def _nonsense(order: Any) -> tuple[str, str] | None:
    """(code, sentence) for an order whose numbers are no numbers."""
    if not isfinite(order.size):
        return "invalid_size", f"the size of an order must be a finite number, not {order.size!r}"
    p = order.p
    for name in ("price", "pricelimit", "trailamount", "trailpercent"):
        number = getattr(p, name)
        if number is not None and not isfinite(number):
            return "invalid_price", f"the {name} of an order must be a finite number, not {number!r}"
    return None


def _cannot_amend(order: Any, size: Any, price: Any) -> tuple[str, str] | None:
    if order is None or not order.alive():
        return "not_alive", "only an order that is still alive can be changed"
    if price is not None and not isfinite(price):
        return "invalid_price", f"the price of an order must be a finite number, not {price!r}"
    if size is not None and not (isfinite(size) and abs(size) > abs(order.executed.size)):
        return "invalid_size", f"the size must be a finite number above what is executed already, not {size!r}"
    return None


def _amend(order: Any, size: Any, price: Any) -> None:
    created, executed = order.created, order.executed
    if size is not None:
        total = -abs(size) if order.ordtype else abs(size)
        order.size = created.size = total
        executed.remsize = total - executed.size
    if price is not None:
        if order.exectype == _LIMIT or created.pricelimit == created.price:
            created.pricelimit = price
        created.price = price
    order._trail.append((order.status, order.data.datetime[0], f"amended: size {size}, price {price}"))
