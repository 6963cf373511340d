"""The desk of the simulated broker: takes orders, refuses nonsense, sends, cancels, changes, tells."""

from __future__ import annotations

from collections import deque
from math import isfinite
from typing import Any

from . import fsm
from .account import Account
from .brackets import Families, Groups
from .express import tell
from .order import BuyOrder, Order, SellOrder
from .plain import is_untouched
from .waiting import Waiting

__all__ = ["OrderDesk"]

_PLAIN_KINDS = (None, *range(5))  # what needs no bookkeeping of its own: neither trailing nor historical


class OrderDesk(Account):
    """Where orders come in and notifications go out."""

    def init(self) -> None:
        """Forget the orders of the last run."""
        super().init()
        self.orders: list[Any] = []
        self.pending = Waiting()
        self.submitted: deque[Any] = deque()
        self.notifs: deque[Any] = deque()
        self._unsaid: list[Any] = []  # plain orders just submitted: the notice is made when it is heard
        self._stepping = False  # in the broker's step notices may go to the strategies without a detour
        self._toactivate: deque[Any] = deque()
        self._families = Families(self._find)
        self._groups = Groups()

    # -- receiving -----------------------------------------------------------------------------
    def buy(
        self, owner: Any, data: Any, size: Any, price: Any = None, plimit: Any = None, exectype: Any = None,
        valid: Any = None, tradeid: Any = 0, oco: Any = None, trailamount: Any = None,
        trailpercent: Any = None, parent: Any = None, transmit: bool = True, histnotify: bool = False,
        _checksubmit: bool = True, **kwargs: Any,
    ) -> Any:  # fmt: skip
        """Make an order to buy and take it."""
        return self._take(
            BuyOrder, owner, data, size, price, plimit, exectype, valid, tradeid, oco, trailamount,
            trailpercent, parent, transmit, histnotify, _checksubmit, kwargs,
        )  # fmt: skip

    def sell(
        self, owner: Any, data: Any, size: Any, price: Any = None, plimit: Any = None, exectype: Any = None,
        valid: Any = None, tradeid: Any = 0, oco: Any = None, trailamount: Any = None,
        trailpercent: Any = None, parent: Any = None, transmit: bool = True, histnotify: bool = False,
        _checksubmit: bool = True, **kwargs: Any,
    ) -> Any:  # fmt: skip
        """Make an order to sell and take it."""
        return self._take(
            SellOrder, owner, data, size, price, plimit, exectype, valid, tradeid, oco, trailamount,
            trailpercent, parent, transmit, histnotify, _checksubmit, kwargs,
        )  # fmt: skip

    def _take(
        self, kind: Any, owner: Any, data: Any, size: Any, price: Any, plimit: Any, exectype: Any, valid: Any,
        tradeid: Any, oco: Any, trailamount: Any, trailpercent: Any, parent: Any, transmit: bool,
        histnotify: bool, check: bool, info: dict[str, Any],
    ) -> Any:  # fmt: skip
        if (
            valid is oco is trailamount is trailpercent is None
            and check
            and not (tradeid or histnotify)
            and exectype in _PLAIN_KINDS
            and self._plain_will_do(data, size, price, plimit)
            and hasattr(owner, "_fill_trades")
        ):
            order = kind.plain(owner, data, size, price, plimit, exectype, parent, transmit)
            if info:
                order.addinfo(**info)
            return self.submit(order)
        order = kind.make(
            owner, data, size, price, plimit, exectype, valid, tradeid, None, trailamount, trailpercent,
            parent, transmit, False, histnotify,
        )  # fmt: skip
        return self._receive(order, oco, info, check)

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

    def _submit_request(self, request: Any) -> Any:
        if isinstance(request, Order):
            return self._receive(request, request.oco, {}, True)
        return super()._submit_request(request)

    def take_plain(self, kind: Any, owner: Any, data: Any, size: Any) -> Any:
        """Make and take a market order of a strategy about which nothing else was said."""
        if self._plain_will_do(data, size):
            order = kind.plain(owner, data, size)
            self._send_plain(order, owner)
            return order
        return (self.sell if kind.ordtype else self.buy)(owner, data, size)

    def take_bracket(
        self, kind: Any, owner: Any, data: Any, size: Any, price: Any, limit: Any, exectype: Any,
        *legs: tuple[Any, Any],
    ) -> list[Any] | None:  # fmt: skip
        """Make and take a strategy's entry and its two legs (price, kind); None if one is not plain."""
        if exectype not in _PLAIN_KINDS or not self._plain_will_do(data, size, price, limit):
            return None
        for at, leg_type in legs:
            if leg_type not in _PLAIN_KINDS or not (at is None or isfinite(at)):
                return None
        here = data.close[0], data.datetime[0], len(data)
        main = kind.plain(owner, data, size, price, limit, exectype, None, False, here)
        leave = BuyOrder if kind.ordtype else SellOrder
        (stop, stop_type), (target, target_type) = legs
        orders = [
            main,
            leave.plain(owner, data, size, stop, None, stop_type, main, False, here),
            leave.plain(owner, data, size, target, None, target_type, main, True, here),
        ]
        self._families.whole(orders)
        for order in orders:
            self._send_plain(order, owner)
        return orders

    def _plain_will_do(self, data: Any, size: Any, price: Any = None, limit: Any = None) -> bool:
        """Whether an order can go the short way: all that can be wrong with it are its numbers."""
        return (
            self.takes_plain_orders
            and self.risk is None
            and data._compensate is None
            and isfinite(size)
            and (price is None or isfinite(price))
            and (limit is None or isfinite(limit))
        )

    def _send_plain(self, order: Any, owner: Any) -> None:
        """Send a plain order to the check of the next step."""
        order.status = fsm.SUBMITTED
        self.awake = True
        self.orders.append(order)
        self.submitted.append(order)
        if owner._hears_orders:
            if self.notifs or not owner._hears_directly:
                self.notify(order)
            else:
                self._unsaid.append(order)

    def submit(self, order: Any, check: bool = True) -> Any:
        """Take an order, and send it and those that waited for it unless it waits for others."""
        self.awake = True
        if order.parent is None:
            if order.transmit:
                return self.transmit(order, check)
        elif not self._families.takes(order):
            order.reject(self)
            fsm.because(order, "its parent order is gone")
            self.notify(order)
            return order
        if order.data._compensate is not None:
            self._carry_everything()
        for member in self._families.join(order):
            self.transmit(member, check)
        return order

    def transmit(self, order: Any, check: bool = True) -> Any:
        """Send an order on its way: to the check of the next step, or straight to the accepted ones."""
        if order.data._compensate is not None:
            self._carry_everything()
        if check and self.takes_plain_orders and is_untouched(order.__dict__):
            order.plen = len(order.data)
            self._send_plain(order, order.owner)
            return order
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
        own = None if order is None else self.pending.take(order.ref)
        if own is None:
            return False
        reason = "another order of its bracket ended" if bracket else "withdrawn"
        if bracket and is_untouched(own.__dict__):
            own.status = fsm.CANCELED
            own._over = fsm.CANCELED, own.data.datetime[0], reason
            tell(self, own)
            self._strike(own)
            return True
        own.cancel()
        fsm.because(own, reason)
        if own is not order:
            order.status = own.status  # a notification's copy was given: whoever holds it sees the end too
        self.notify(own)
        self._strike(own)
        if not bracket:
            self._dissolve(own)
        return True

    def amend(self, order: Any, size: Any = None, price: Any = None) -> bool:
        """Change the total size or the price of a live order; False, with the reason in its info, if not."""
        if self._unsaid:
            self._say()
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

    def orderstatus(self, order: Any) -> Any:
        """The status of an order that was sent; of the given object if it was not."""
        own = self._find(order.ref)
        return (order if own is None else own).status

    def get_orders_open(self, safe: bool = False) -> list[Any]:
        """The accepted orders that are not done; copies if ``safe``."""
        return [order.clone() if safe else order for order in self.pending]

    def notify(self, order: Any) -> None:
        """Leave word of an order as it is now; unless nobody would hear of it."""
        if self._unsaid:
            self._say()
        if getattr(order.owner, "_hears_orders", True) or _fills_of(order):
            self.notifs.append(order.clone())

    def _say(self) -> None:
        """Make the notices of submission that are still to be made, before anything happens to the orders."""
        self.notifs.extend([order.clone() for order in self._unsaid])
        self._unsaid.clear()

    def get_notification(self) -> Any:
        """The next order to tell a strategy about, None if there is none."""
        if self._unsaid:
            self._say()
        return self.notifs.popleft() if self.notifs else None

    # -- relatives -----------------------------------------------------------------------------
    def _strike(self, order: Any) -> None:
        """Cancel the others of the order's group."""
        refs = self._groups.struck(order)
        if not refs:
            return
        for other in self.pending.to_strike(refs):
            self.pending.take(other.ref)
            other.cancel()
            fsm.because(other, f"order {order.ref} of its group was executed or ended")
            self.notify(other)

    def _dissolve(self, order: Any) -> None:
        for relative in self._families.dissolve(order):
            self.cancel(relative, bracket=True)

    def _family_of_completed(self, order: Any) -> None:
        children, relatives = self._families.completed(order)
        self._toactivate.extend(children)
        for relative in relatives:
            self.cancel(relative, bracket=True)


def _fills_of(order: Any) -> Any:
    asked = order.__dict__.get("_asked")
    return order.executed.exbits if asked is None else asked.bits


def _nonsense(order: Any) -> tuple[str, str] | None:
    """(code, sentence) for an order whose numbers are no numbers."""
    if not isfinite(order.size):
        return "invalid_size", f"the size of an order must be a finite number, not {order.size!r}"
    given = order.p.__dict__
    for name in ("price", "pricelimit", "trailamount", "trailpercent"):
        number = given.get(name)
        if number is not None and not isfinite(number):
            return "invalid_price", f"the {name} of an order must be a finite number, not {number!r}"
    return None


def _cannot_amend(order: Any, size: Any, price: Any) -> tuple[str, str] | None:
    if order is None or not order.alive():
        return "not_alive", "only an order that is still alive can be changed"
    if price is not None and not isfinite(price):
        return "invalid_price", f"the price of an order must be a finite number, not {price!r}"
    if size is not None and not (isfinite(size) and abs(size) > abs(order.executed.size)):
        return (
            "invalid_size",
            f"the size must be a finite number above what is executed already, not {size!r}",
        )
    return None


def _amend(order: Any, size: Any, price: Any) -> None:
    created, executed = order.created, order.executed
    if size is not None:
        total = -abs(size) if order.ordtype else abs(size)
        order.size = created.size = total
        executed.remsize = total - executed.size
    if price is not None:
        if order.exectype == Order.Limit or created.pricelimit == created.price:
            created.pricelimit = price
        created.price = price
    order._trail.append((order.status, order.data.datetime[0], f"amended: size {size}, price {price}"))
