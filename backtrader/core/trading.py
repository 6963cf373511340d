"""The order verbs of a strategy: buy, sell, close, targets, brackets."""

from __future__ import annotations

from typing import Any

from ..broker.back import BackBroker
from ..broker.order import BuyOrder, Order, SellOrder


class FirstPosition:
    """``self.position``: the position in the first feed.

    The simulated broker's position objects live as long as the run, so the strategy keeps the one
    it was given: read once a bar by nearly every strategy, this is among the hottest spots.
    """

    def __get__(self, strategy: Any, cls: Any = None) -> Any:
        """The position in the first feed."""
        if strategy is None:
            return self
        broker, data = strategy.broker, strategy.datas[0]
        position = broker.getposition(data)
        if type(broker).getposition is BackBroker.getposition:
            strategy.__dict__["position"] = position
        return position


def _leg(price: Any, exectype: Any, more: Any) -> Any:
    """What a leg of a bracket asks for: price and kind alone, or keywords if there is more."""
    if exectype is None:
        return None
    return {"price": price, "exectype": exectype} | dict(more) if more else (price, exectype)


class OrderVerbs:
    """What a strategy may say to its broker."""

    broker: Any
    data: Any
    datas: list[Any]
    _sizer: Any
    _unsent: dict[tuple[str, Any], int]
    env: Any

    def _data_of(self, data: Any) -> Any:
        if data is None:
            return self.datas[0]
        return self.getdatabyname(data) if isinstance(data, str) else data

    def getdatanames(self) -> Any:
        """The names of all feeds."""
        return list(self.env.datasbyname)

    def getdatabyname(self, name: str) -> Any:
        """The feed called ``name``."""
        try:
            return self.env.datasbyname[name]
        except KeyError:
            from ..utils.params import nearest

            raise KeyError(f"no feed is called {name!r}; " + nearest(name, self.env.datasbyname)) from None

    def cancel(self, order: Any) -> None:
        """Ask the broker to cancel ``order``."""
        self.broker.cancel(order)

    def buy(
        self,
        data: Any = None,
        size: Any = None,
        price: Any = None,
        plimit: Any = None,
        exectype: Any = None,
        valid: Any = None,
        tradeid: int = 0,
        oco: Any = None,
        trailamount: Any = None,
        trailpercent: Any = None,
        parent: Any = None,
        transmit: bool = True,
        **kwargs: Any,
    ) -> Any:
        """Send a buy order and return it; None if the size is 0."""
        if data is None:
            data = self.datas[0]
        elif isinstance(data, str):
            data = self.getdatabyname(data)
        if size is None:
            size = self.getsizing(data, isbuy=True)
        if not size:
            return self._not_sent("buy", data)
        broker = self.broker
        if (
            price is plimit is exectype is valid is oco is trailamount is trailpercent is parent is None
            and transmit
            and not (tradeid or kwargs)
            and broker.takes_plain_orders
        ):
            return broker.take_plain(BuyOrder, self, data, abs(size))
        # by keyword: brokers of others need not know all of them
        return broker.buy(
            self, data, size=abs(size), price=price, plimit=plimit, exectype=exectype, valid=valid,
            tradeid=tradeid, oco=oco, trailamount=trailamount, trailpercent=trailpercent, parent=parent,
            transmit=transmit, **kwargs,
        )  # fmt: skip

    def sell(
        self,
        data: Any = None,
        size: Any = None,
        price: Any = None,
        plimit: Any = None,
        exectype: Any = None,
        valid: Any = None,
        tradeid: int = 0,
        oco: Any = None,
        trailamount: Any = None,
        trailpercent: Any = None,
        parent: Any = None,
        transmit: bool = True,
        **kwargs: Any,
    ) -> Any:
        """Send a sell order and return it; None if the size is 0."""
        if data is None:
            data = self.datas[0]
        elif isinstance(data, str):
            data = self.getdatabyname(data)
        if size is None:
            size = self.getsizing(data, isbuy=False)
        if not size:
            return self._not_sent("sell", data)
        broker = self.broker
        if (
            price is plimit is exectype is valid is oco is trailamount is trailpercent is parent is None
            and transmit
            and not (tradeid or kwargs)
            and broker.takes_plain_orders
        ):
            return broker.take_plain(SellOrder, self, data, abs(size))
        # by keyword: brokers of others need not know all of them
        return broker.sell(
            self, data, size=abs(size), price=price, plimit=plimit, exectype=exectype, valid=valid,
            tradeid=tradeid, oco=oco, trailamount=trailamount, trailpercent=trailpercent, parent=parent,
            transmit=transmit, **kwargs,
        )  # fmt: skip

    def close(self, data: Any = None, size: Any = None, **kwargs: Any) -> Any:
        """Send the order that ends the position; None if there is none."""
        data = self._data_of(data)
        position = self.getposition(data)
        size = abs(size if size is not None else position.size)
        if position.size > 0:
            return self.sell(data=data, size=size, **kwargs)
        if position.size < 0:
            return self.buy(data=data, size=size, **kwargs)
        return self._not_sent("close", data)

    def _not_sent(self, verb: str, data: Any) -> None:
        """Count what was asked for and came to nothing, for those who wonder why nothing was traded."""
        key = verb, data
        counts = self._unsent
        counts[key] = counts.get(key, 0) + 1

    # -- brackets --------------------------------------------------------------------------------
    def buy_bracket(
        self,
        data: Any = None,
        size: Any = None,
        price: Any = None,
        plimit: Any = None,
        exectype: Any = Order.Limit,
        valid: Any = None,
        tradeid: int = 0,
        trailamount: Any = None,
        trailpercent: Any = None,
        oargs: Any = {},  # noqa: B006  upstream's signature
        stopprice: Any = None,
        stopexec: Any = Order.Stop,
        stopargs: Any = {},  # noqa: B006
        limitprice: Any = None,
        limitexec: Any = Order.Limit,
        limitargs: Any = {},  # noqa: B006
        **kwargs: Any,
    ) -> list[Any]:
        """A buy order with a protective stop and a target: [main, stop, limit]."""
        return self._bracket(
            self.buy, self.sell, data, size, price, plimit, exectype, valid, tradeid, trailamount,
            trailpercent, oargs, _leg(stopprice, stopexec, stopargs),
            _leg(limitprice, limitexec, limitargs), kwargs,
        )  # fmt: skip

    def sell_bracket(
        self,
        data: Any = None,
        size: Any = None,
        price: Any = None,
        plimit: Any = None,
        exectype: Any = Order.Limit,
        valid: Any = None,
        tradeid: int = 0,
        trailamount: Any = None,
        trailpercent: Any = None,
        oargs: Any = {},  # noqa: B006
        stopprice: Any = None,
        stopexec: Any = Order.Stop,
        stopargs: Any = {},  # noqa: B006
        limitprice: Any = None,
        limitexec: Any = Order.Limit,
        limitargs: Any = {},  # noqa: B006
        **kwargs: Any,
    ) -> list[Any]:
        """A sell order with a protective stop and a target: [main, stop, limit]."""
        return self._bracket(
            self.sell, self.buy, data, size, price, plimit, exectype, valid, tradeid, trailamount,
            trailpercent, oargs, _leg(stopprice, stopexec, stopargs),
            _leg(limitprice, limitexec, limitargs), kwargs,
        )  # fmt: skip

    def _bracket(
        self, enter: Any, leave: Any, data: Any, size: Any, price: Any, plimit: Any, exectype: Any,
        valid: Any, tradeid: Any, trailamount: Any, trailpercent: Any, oargs: Any, stop: Any, limit: Any,
        common: dict[str, Any],
    ) -> list[Any]:  # fmt: skip
        """Main order first; the last order of the group is the one that transmits all."""
        broker = self.broker
        if (
            broker.takes_plain_orders
            and valid is trailamount is trailpercent is None
            and type(stop) is type(limit) is tuple
            and not (tradeid or oargs or common)
            and getattr(enter, "__func__", None) in _OWN_VERBS
            and getattr(leave, "__func__", None) in _OWN_VERBS
        ):
            data = self._data_of(data)
            kind = _OWN_VERBS[enter.__func__]
            if size is None:
                size = self.getsizing(data, isbuy=not kind.ordtype) or 0
            sent = size and broker.take_bracket(
                kind, self, data, abs(size), price, plimit, exectype, stop, limit
            )
            if sent:
                return sent  # type: ignore[no-any-return]
        main = dict(
            data=data, size=size, price=price, plimit=plimit, exectype=exectype, valid=valid, tradeid=tradeid,
            trailamount=trailamount, trailpercent=trailpercent,
        )  # fmt: skip
        shared = {k: main[k] for k in ("data", "valid", "tradeid")}
        main |= dict(oargs) | common | {"transmit": stop is None and limit is None}
        parent = enter(**main)
        if parent is None:
            return [None, None, None]
        orders: list[Any] = [parent]
        for leg, last in ((stop, limit is None), (limit, True)):
            if leg is None:
                orders.append(None)
                continue
            request = leg if isinstance(leg, dict) else dict(zip(("price", "exectype"), leg, strict=True))
            request = shared | request | common | {"parent": parent, "transmit": last, "size": parent.size}
            orders.append(leave(**request))
        return orders

    # -- targets ---------------------------------------------------------------------------------
    def order_target_size(self, data: Any = None, target: Any = 0, **kwargs: Any) -> Any:
        """Send the order that brings the position to ``target`` units."""
        data = self._data_of(data)
        held = self.getposition(data).size
        if not target and held:
            return self.close(data=data, size=held, **kwargs)
        if target > held:
            return self.buy(data=data, size=target - held, **kwargs)
        if target < held:
            return self.sell(data=data, size=held - target, **kwargs)
        return None

    def order_target_value(
        self, data: Any = None, target: float = 0.0, price: Any = None, **kwargs: Any
    ) -> Any:
        """Send the order that brings the position to a value of ``target``, rounded down to whole units."""
        data = self._data_of(data)
        held = self.getposition(data).size
        if not target and held:
            return self.close(data=data, size=held, price=price, **kwargs)
        value = self.broker.getvalue(datas=[data])
        comminfo = self.broker.getcommissioninfo(data)
        price = price if price is not None else data.close[0]
        if target > value:
            return self.buy(data=data, size=comminfo.getsize(price, target - value), price=price, **kwargs)
        if target < value:
            return self.sell(data=data, size=comminfo.getsize(price, value - target), price=price, **kwargs)
        return None

    def order_target_percent(self, data: Any = None, target: float = 0.0, **kwargs: Any) -> Any:
        """Send the order that brings the position to a share of the account's value."""
        return self.order_target_value(
            data=self._data_of(data), target=target * self.broker.getvalue(), **kwargs
        )

    # -- positions ---------------------------------------------------------------------------------
    def getposition(self, data: Any = None, broker: Any = None) -> Any:
        """The position in a feed (the first by default)."""
        return (broker or self.broker).getposition(data if data is not None else self.datas[0])

    position = FirstPosition()

    def getpositionbyname(self, name: str | None = None, broker: Any = None) -> Any:
        """The position in the feed called ``name``."""
        data = self.datas[0] if name is None else self.getdatabyname(name)
        return (broker or self.broker).getposition(data)

    positionbyname = property(getpositionbyname)

    def getpositions(self, broker: Any = None) -> Any:
        """Positions by feed."""
        return (broker or self.broker).positions

    positions = property(getpositions)

    def getpositionsbyname(self, broker: Any = None) -> Any:
        """Positions by feed name."""
        held = (broker or self.broker).positions
        return {name: held[data] for name, data in self.env.datasbyname.items()}

    positionsbyname = property(getpositionsbyname)

    # -- sizes ---------------------------------------------------------------------------------------
    def _addsizer(self, sizer: Any, *args: Any, **kwargs: Any) -> None:
        if sizer is None:
            from ..sizers.fixedsize import FixedSize

            self.setsizer(FixedSize())
        else:
            self.setsizer(sizer(*args, **kwargs))

    def setsizer(self, sizer: Any) -> Any:
        """Let ``sizer`` decide the size of orders sent without one."""
        self._sizer = sizer
        sizer.set(self, self.broker)
        return sizer

    def getsizer(self) -> Any:
        """The sizer in use."""
        return self._sizer

    sizer = property(getsizer, setsizer)

    def getsizing(self, data: Any = None, isbuy: bool = True) -> Any:
        """The size the sizer would choose now."""
        data = data if data is not None else self.datas[0]
        return self._sizer.getsizing(data, isbuy=isbuy)


#: The verbs that nobody has overridden, with what they make.
_OWN_VERBS = {OrderVerbs.buy: BuyOrder, OrderVerbs.sell: SellOrder}
