"""The short way for plain orders, which most orders are.

An order without expiry, trail or slippage, under an ordinary percentage commission, needs no objects to
be matched: its numbers go into position, ledger and trades in one go, and the notices of it straight to
the strategy.  A market order alone is checked, accepted and filled at the open in one function.  The sums
are those of `accounting`, written out in the same order of operations; whatever is not plain goes the
long way.
"""

from __future__ import annotations

from typing import Any

from . import fsm
from .commission import CommInfoBase
from .plain import is_untouched
from .position import combine

__all__ = ["execute", "fill_at_open", "is_plain_scheme", "left_after", "pay", "plain_rules", "say", "tell"]

_new = object.__new__

_PLAIN_METHODS = (
    "getvaluesize", "profitandloss", "get_leverage", "getcommission", "_getcommission", "confirmexec",
    "cashadjust", "getoperationcost", "get_credit_interest", "_get_credit_interest",
)  # fmt: skip

_plain_classes: dict[type, bool] = {}


def plain_rules(broker: Any) -> bool:
    """Whether the broker's switches leave a market order nothing to do but fill at the open."""
    p = broker.p
    if broker.cerebro is not None and broker.cerebro.p.quicknotify:
        return False
    return bool(
        type(broker).__module__ == __package__ + ".back"
        and p.checksubmit and p.shortcash and p.filler is None
        and not (p.coc or p.coo or p.slip_perc or p.slip_fixed or broker.risk is not None)
    )  # fmt: skip


def is_plain_scheme(scheme: Any) -> bool:
    """Whether this is a stock-like percentage scheme whose methods are nobody's own."""
    cls = type(scheme)
    plain = _plain_classes.get(cls)
    if plain is None:
        plain = all(getattr(cls, name) is getattr(CommInfoBase, name) for name in _PLAIN_METHODS)
        _plain_classes[cls] = plain
    return (
        plain and scheme._stocklike and scheme._commtype == CommInfoBase.COMM_PERC and not scheme._creditrate
    )


def fill_at_open(broker: Any) -> bool:
    """Check, accept and fill all submitted orders; False, and nothing done, if one is not plain."""
    submitted = broker.submitted
    if len(submitted) == 1:
        return _fill_one(broker, submitted[0])
    positions = broker.positions
    cash = checked = broker.cash
    fills: list[tuple[Any, ...]] = []
    seen: list[Any] = []
    for order in submitted:
        own = order.__dict__
        data = order.data
        asked = own.get("_asked")
        if data in seen or asked is None or not asked.bare or asked.created or not is_untouched(own):
            return False  # several orders in one feed fill one upon the other
        seen.append(data)
        scheme = broker.getcommissioninfo(data)
        now = data.datetime[0]
        if not is_plain_scheme(scheme) or data.__dict__.get("tick_open") is not None or not now > asked.when:
            return False
        terms = scheme.p
        size = order.size
        position = positions[data]
        held = position.size
        entry = position.price
        # as the cash stood when the order was made: would it have done?
        price = asked.close
        _, _, opened, closed = combine(held, entry, size, price)
        checked = left_after(checked, terms, price, opened, closed)
        if not checked >= 0.0:
            return False
        price = data.open[0]
        after, average, opened, closed = combine(held, entry, size, price)
        if price != price or closed + opened != size:
            return False  # no price, or sizes that leave a rest when they are parted
        paid = pay(cash, terms, entry, opened, closed, price)
        cash = paid[0]
        if cash < 0.0:
            return False
        fills.append((order, data, scheme, now, position, price, after, average, opened, closed, paid))
    submitted.clear()
    broker.cash = cash
    if positions.fresh:
        broker._take_up_fresh()
    for fill in fills:  # the first two notices of every order, before any of the third
        order = fill[0]
        order.status = fsm.ACCEPTED
        order.plen = len(fill[1])
        tell(broker, order)
    for fill in fills:
        _post(broker, *fill)
    return True


def _fill_one(broker: Any, order: Any) -> bool:
    """The same for a single order, without lists of one."""
    own = order.__dict__
    asked = own.get("_asked")
    if asked is None or not asked.bare or asked.created or "executed" in own or "_trail" in own:
        return False
    data = own["data"]
    scheme = broker.getcommissioninfo(data)
    now = data.datetime[0]
    if not is_plain_scheme(scheme) or data.__dict__.get("tick_open") is not None or not now > asked.when:
        return False
    terms = scheme.p
    size = own["size"]
    position = broker.positions[data]
    held, entry, cash = position.size, position.price, broker.cash
    price = asked.close
    _, _, opened, closed = combine(held, entry, size, price)
    if not left_after(cash, terms, price, opened, closed) >= 0.0:
        return False
    price = data.open[0]
    after, average, opened, closed = combine(held, entry, size, price)
    if price != price or closed + opened != size:
        return False
    paid = pay(cash, terms, entry, opened, closed, price)
    if paid[0] < 0.0:
        return False
    broker.submitted.clear()
    broker.cash = paid[0]
    if broker.positions.fresh:
        broker._take_up_fresh()
    own["status"] = fsm.ACCEPTED
    own["plen"] = len(data)
    tell(broker, order)
    _post(broker, order, data, scheme, now, position, price, after, average, opened, closed, paid)
    return True


def left_after(cash: float, terms: Any, price: float, opened: float, closed: float) -> float:
    """The cash that would be left if an order were filled at the price it asks; the sums are those of `pay`.

    compat: what is closed is taken to have been entered at that price.
    """
    rate = terms.commission
    if closed:
        released = -closed * price
        cash += released / terms.leverage if released > 0 else released
        cash -= abs(closed) * rate * price
    if opened:
        bound = opened * price
        cash -= bound / terms.leverage if bound > 0 else bound
        cash -= abs(opened) * rate * price
    return cash


def tell(broker: Any, order: Any) -> None:
    """Leave word of a plain order as it is now, with its strategy if that is where it would go anyway."""
    own = order.__dict__
    owner = own["owner"]
    if owner._hears_orders:
        if broker.notifs or not (broker._stepping and owner._hears_directly):
            broker.notify(order)
        else:
            twin = _new(type(order))
            twin.__dict__ = own.copy()
            owner._orderspending.append(twin)


def say(broker: Any) -> None:
    """Tell of the orders that were just submitted, first thing in the broker's step."""
    for order in broker._unsaid:
        order.owner._orderspending.append(_twin(order))
    broker._unsaid.clear()


def execute(broker: Any, order: Any, price: float, rule: str) -> bool:
    """Fill all of a plain order at ``price``; False, and nothing done, if that is not so plain."""
    own = order.__dict__
    if not (broker.takes_plain_orders and price == price and is_untouched(own)):
        return False
    data = own["data"]
    scheme = broker.getcommissioninfo(data)
    if not is_plain_scheme(scheme) or data in broker._carried or broker._carry_all:
        return False
    position = broker.positions[data]
    entry, size = position.price, own["size"]
    after, average, opened, closed = combine(position.size, entry, size, price)
    paid = pay(broker.cash, scheme.p, entry, opened, closed, price)
    if closed + opened != size or (opened and paid[0] < 0.0):
        return False
    broker.cash = paid[0]
    if broker.positions.fresh:
        broker._take_up_fresh()
    now = data.datetime[0]
    _post(broker, order, data, scheme, now, position, price, after, average, opened, closed, paid, rule)
    if broker._groups.group_of:
        broker._strike(order)
    return True


def _twin(order: Any) -> Any:
    twin = _new(type(order))
    twin.__dict__ = order.__dict__.copy()
    return twin


def pay(
    cash: float, terms: Any, entry: float, opened: float, closed: float, price: float
) -> tuple[float, float, float, float, float, float]:
    """(cash, value released, its commission, value bound, its commission, profit)."""
    released = released_fee = bound = bound_fee = profit = 0.0
    rate = terms.commission
    if closed:
        profit = -closed * (price - entry) * terms.mult
        released = -closed * entry
        cash += (released / terms.leverage if released > 0 else released) + profit
        released_fee = abs(closed) * rate * price
        cash -= released_fee
    elif entry or not price > 0.0:
        profit = 0 * (price - entry) * terms.mult  # compat: a zero with the sign of the move
    if opened:
        bound = opened * price
        cash -= bound / terms.leverage if bound > 0 else bound
        bound_fee = abs(opened) * rate * price
        cash -= bound_fee
    return cash, released, released_fee, bound, bound_fee, profit


def _post(
    broker: Any, order: Any, data: Any, scheme: Any, now: float, position: Any, price: float,
    after: float, average: float, opened: float, closed: float, paid: tuple[float, ...], rule: str = "open",
) -> None:  # fmt: skip
    """Write a fill into position, order, ledger and the strategy's trades."""
    _, released, released_fee, bound, bound_fee, profit = paid
    position.price_orig = position.price
    position.size = after
    position.price = average
    position.upopened = opened
    position.upclosed = closed
    position._when = (data, now)
    if opened:
        position.adjbase = price
    if closed and broker.d_credit and broker.p.int2pnl:
        released_fee += broker.d_credit.pop(data, 0.0)
    size = closed + opened
    fill = (
        now, size, price, closed, released, released_fee, opened, bound, bound_fee, profit, after, average,
        scheme.p.margin,
    )  # fmt: skip
    own = order.__dict__
    own["status"] = fsm.COMPLETED  # by the only way there is: submitted, accepted, completed
    own["comminfo"] = scheme
    own["_fill"] = fill
    asked = own["_asked"]
    if asked.bits is None:
        asked.bits = fill
    else:
        asked.add(fill)
    ledger, step, owner = broker.ledger, broker.clock.idx, own["owner"]
    ledger.hold(step, data, after, average)
    ledger.fill_plain(own["ref"], step, fill, rule)
    if broker.notifs or not owner._hears_directly:
        broker.notifs.append(_twin(order))
        return  # the strategy's trades follow when it takes the notice
    if owner._hears_orders:
        owner._orderspending.append(_twin(order))
    if owner._logging:  # compat: rounds as an order's price does
        owner._log_fill(data, not order.ordtype, size * price / size)
    owner._fill_trades(
        order, data, closed, released, released_fee, opened, bound, bound_fee, price, profit, scheme,
        owner._tradespending,
    )  # fmt: skip
