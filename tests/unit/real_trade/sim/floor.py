"""A trading floor without a wire: an engine, a few accounts and short ways to place orders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from real_trade.model import OrderKind, Side, TimeInForce
from real_trade.sim.accounts import Account
from real_trade.sim.engine import Engine
from real_trade.sim.events import Event, MoneyMoved, OrderMoved
from real_trade.sim.instruments import Listing
from real_trade.sim.orders import Order, Ticket

D = Decimal
SPOT = Listing(
    "BTC/USDT", "BTC", "USDT", tick=D("0.5"), step=D("0.01"), min_quantity=D("0.01"), start_price=D(100)
)
PERP = Listing(
    "BTC/USDT:USDT", "BTC", "USDT", kind="perpetual", wallet="usdm", tick=D("0.5"), step=D("0.01"),
    min_quantity=D("0.01"), start_price=D(100), maker_fee=D("0.0002"), taker_fee=D("0.0005"), leverage=10,
    max_waiting_orders=50, maintenance=D("0.01"),
)  # fmt: skip
MONEY = {"spot": {"USDT": D(10000), "BTC": D(50)}, "usdm": {"USDT": D(1000)}}


class Floor:
    """Ann and Bob trade; what happens is in ``events``, the time in ``now_ms``."""

    def __init__(self, hedged: bool = False) -> None:
        self.now_ms = 1_700_000_000_000
        self.engine = Engine((SPOT, PERP), lambda: self.now_ms)
        self.ann = self.engine.open_account(Account("ann", MONEY, hedged=hedged))
        self.bob = self.engine.open_account(Account("bob", MONEY, hedged=hedged))
        self.rich = self.engine.open_account(Account("rich", unlimited=True))
        self.events: list[Event] = []
        self.engine.listeners.append(self.events.append)

    def place(
        self,
        who: str,
        side: str,
        quantity: str,
        price: str | None = None,
        symbol: str = "BTC/USDT",
        **more: Any,
    ) -> Order:
        """``place("ann", "buy", "1", "99")``; without a price at the market."""
        more.setdefault("kind", OrderKind.MARKET if price is None else OrderKind.LIMIT)
        for name in ("stop_price", "trail", "activation", "quote_quantity"):
            if name in more:
                more[name] = D(more[name])
        limit = None if price is None else D(price)
        return self.engine.place(
            who, Ticket(symbol=symbol, side=Side(side), quantity=D(quantity), price=limit, **more)
        )

    def perp(self, who: str, side: str, quantity: str, price: str | None = None, **more: Any) -> Order:
        """The same on the perpetual."""
        return self.place(who, side, quantity, price, PERP.symbol, **more)

    def told(self, who: str) -> list[str]:
        """What happened to the orders of an account, in order."""
        return [
            str(event.what)
            for event in self.events
            if isinstance(event, OrderMoved) and event.order.account == who
        ]

    def moved(self, who: str) -> list[MoneyMoved]:
        """What happened to its money."""
        return [event for event in self.events if isinstance(event, MoneyMoved) and event.account.name == who]

    def free(self, who: str, asset: str, wallet: str = "spot") -> Decimal:
        """What is free."""
        return self.engine.accounts[who].purse(wallet).free[asset]

    def locked(self, who: str, asset: str, wallet: str = "spot") -> Decimal:
        """What is locked."""
        return self.engine.accounts[who].purse(wallet).locked[asset]


IOC, FOK = TimeInForce.IOC, TimeInForce.FOK
