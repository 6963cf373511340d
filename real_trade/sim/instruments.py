"""What the venue lists, and what it asks of orders for it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..model import Side
from .refusals import Reason, Refused

__all__ = ["STANDARD", "Listing", "check_price", "check_quantity"]


@dataclass(frozen=True, slots=True)
class Listing:
    """A symbol with its filters and fees.

    ``symbol`` names it everywhere inside the venue (``BTC/USDT``, ``BTC/USDT:USDT``); a face has its own
    word for it.  ``wallet`` says out of which purse of an account it is paid: venues with one purse for
    everything give all listings the same word.  A limit of 0 means that there is none.
    """

    symbol: str
    base: str
    quote: str
    kind: str = "spot"
    """``spot`` or ``perpetual``."""
    wallet: str = "spot"
    tick: Decimal = Decimal("0.01")
    step: Decimal = Decimal("0.00001")
    min_quantity: Decimal = Decimal("0.00001")
    max_quantity: Decimal = Decimal(9000)
    market_max_quantity: Decimal = Decimal(100)
    min_notional: Decimal = Decimal(5)
    min_price: Decimal = Decimal("0.01")
    max_price: Decimal = Decimal(1000000)
    band_up: Decimal = Decimal(5)
    """A price may be at most this many times the last one; 0: any price."""
    band_down: Decimal = Decimal("0.2")
    maker_fee: Decimal = Decimal("0.001")
    taker_fee: Decimal = Decimal("0.001")
    band_inner: bool = False
    """Whether a purchase may be as cheap, and a sale as dear, as it likes in spite of the band."""
    money: Decimal = Decimal("0.00000001")
    """The smallest amount of money that is booked."""
    max_open_orders: int = 200
    max_waiting_orders: int = 5
    max_leverage: int = 125
    leverage: int = 20
    """What an account has that never set it."""
    maintenance: Decimal = Decimal("0.004")
    """Part of a position's worth below which it is liquidated."""
    funding_rate: Decimal = Decimal("0.0001")
    """What long pays to short every eight hours, as part of the position's worth."""
    start_price: Decimal = Decimal(100)
    """The price of a generated path, at its start."""

    @property
    def is_perpetual(self) -> bool:
        """Whether positions in it are held on margin."""
        return self.kind == "perpetual"

    @property
    def settle(self) -> str:
        """What profit and loss are paid in."""
        return self.quote


def check_quantity(listing: Listing, quantity: Decimal, *, market: bool = False) -> None:
    """Refuse a quantity that the listing does not allow."""
    if not quantity.is_finite() or quantity <= 0:
        raise Refused(Reason.QUANTITY_ZERO, f"{quantity}")
    if quantity < listing.min_quantity:
        raise Refused(Reason.QUANTITY_LOW, f"{quantity}")
    if listing.max_quantity and quantity > listing.max_quantity:
        raise Refused(Reason.QUANTITY_HIGH, f"{quantity}")
    if market and listing.market_max_quantity and quantity > listing.market_max_quantity:
        raise Refused(Reason.MARKET_QUANTITY_HIGH, f"{quantity}")
    if listing.step and quantity % listing.step:
        raise Refused(Reason.QUANTITY_STEP, f"{quantity}")


def check_price(listing: Listing, price: Decimal, band: tuple[Side, Decimal] | None = None) -> None:
    """Refuse a price that the listing does not allow; ``band`` is the side of the order and the price that
    the band is measured from.
    """
    if not price.is_finite() or price <= 0:
        raise Refused(Reason.PRICE_ZERO, f"{price}")
    if price < listing.min_price or (listing.max_price and price > listing.max_price):
        raise Refused(Reason.PRICE_RANGE, f"{price}")
    if listing.tick and price % listing.tick:
        raise Refused(Reason.PRICE_TICK, f"{price}")
    if band is None or not listing.band_up:
        return
    side, reference = band
    high, low = reference * listing.band_up, reference * listing.band_down
    if price > high and not (listing.band_inner and side is Side.SELL):
        raise Refused(Reason.PRICE_BAND_UP, f"{high.normalize():f}")
    if price < low and not (listing.band_inner and side is Side.BUY):
        raise Refused(Reason.PRICE_BAND_DOWN, f"{low.normalize():f}")


def _perpetual(base: str, tick: str, step: str, notional: int, start: str) -> Listing:
    return Listing(
        f"{base}/USDT:USDT",
        base,
        "USDT",
        kind="perpetual",
        wallet="usdm",
        tick=Decimal(tick),
        step=Decimal(step),
        min_quantity=Decimal(step),
        max_quantity=Decimal(1000) if base == "BTC" else Decimal(10000),
        market_max_quantity=Decimal(120) if base == "BTC" else Decimal(2000),
        min_notional=Decimal(notional),
        min_price=Decimal(tick),
        band_up=Decimal("1.05"),
        band_down=Decimal("0.95"),
        band_inner=True,
        maker_fee=Decimal("0.0002"),
        taker_fee=Decimal("0.0005"),
        max_waiting_orders=200,
        start_price=Decimal(start),
    )


#: What a venue lists unless it is told otherwise; numbers as Binance has them, in the main.
STANDARD: tuple[Listing, ...] = (
    Listing("BTC/USDT", "BTC", "USDT", start_price=Decimal(60000)),
    Listing(
        "ETH/USDT",
        "ETH",
        "USDT",
        step=Decimal("0.0001"),
        min_quantity=Decimal("0.0001"),
        market_max_quantity=Decimal(2000),
        start_price=Decimal(3000),
    ),
    Listing(
        "ETH/BTC",
        "ETH",
        "BTC",
        tick=Decimal("0.00001"),
        step=Decimal("0.0001"),
        min_quantity=Decimal("0.0001"),
        max_quantity=Decimal(100000),
        market_max_quantity=Decimal(2000),
        min_notional=Decimal("0.0001"),
        min_price=Decimal("0.00001"),
        start_price=Decimal("0.05"),
    ),
    _perpetual("BTC", "0.10", "0.001", 100, "60000"),
    _perpetual("ETH", "0.01", "0.001", 20, "3000"),
)
