"""Binance's codes and texts, for spot and for USDⓈ-M."""

from __future__ import annotations

from typing import Any

from ...refusals import Reason, Refused

__all__ = ["BinanceError", "spot_error", "usdm_error"]


class BinanceError(Exception):
    """An answer that is not the one that was asked for."""

    def __init__(
        self, code: int, message: str, *, status: int = 400, data: Any = None,
        headers: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(f"{code} {message}")
        self.code, self.message, self.status = code, message, status
        self.data, self.headers = data, headers or {}

    def payload(self) -> dict[str, Any]:
        """The body."""
        told: dict[str, Any] = {"code": self.code, "msg": self.message}
        if self.data is not None:
            told["data"] = self.data
        return told


_SPOT: dict[Reason, tuple[int, str]] = {
    Reason.UNKNOWN_SYMBOL: (-1121, "Invalid symbol."),
    Reason.HALTED: (-1013, "Market is closed."),
    Reason.QUANTITY_ZERO: (-1013, "Invalid quantity."),
    Reason.QUANTITY_LOW: (-1013, "Filter failure: LOT_SIZE"),
    Reason.QUANTITY_HIGH: (-1013, "Filter failure: LOT_SIZE"),
    Reason.QUANTITY_STEP: (-1013, "Filter failure: LOT_SIZE"),
    Reason.MARKET_QUANTITY_HIGH: (-1013, "Filter failure: MARKET_LOT_SIZE"),
    Reason.PRICE_ZERO: (-1013, "Invalid price."),
    Reason.PRICE_RANGE: (-1013, "Filter failure: PRICE_FILTER"),
    Reason.PRICE_TICK: (-1013, "Filter failure: PRICE_FILTER"),
    Reason.PRICE_BAND_UP: (-1013, "Filter failure: PERCENT_PRICE_BY_SIDE"),
    Reason.PRICE_BAND_DOWN: (-1013, "Filter failure: PERCENT_PRICE_BY_SIDE"),
    Reason.NOTIONAL_LOW: (-1013, "Filter failure: NOTIONAL"),
    Reason.TOO_MANY_ORDERS: (-2010, "Filter failure: MAX_NUM_ORDERS"),
    Reason.TOO_MANY_WAITING: (-2010, "Filter failure: MAX_NUM_ALGO_ORDERS"),
    Reason.DUPLICATE_ID: (-2010, "Duplicate order sent."),
    Reason.WOULD_TAKE: (-2010, "Order would immediately match and take."),
    Reason.WOULD_TRIGGER: (-2010, "Stop price would trigger immediately."),
    Reason.FUNDS: (-2010, "Account has insufficient balance for requested action."),
    Reason.NOT_OPEN: (-2011, "Unknown order sent."),
    Reason.NOT_FOUND: (-2013, "Order does not exist."),
    Reason.AMEND_GROWS: (-2038, "The requested order amendment is not valid."),
    Reason.NO_CHANGE: (-2038, "The requested order amendment is not valid."),
}

_USDM: dict[Reason, tuple[int, str]] = {
    Reason.UNKNOWN_SYMBOL: (-1121, "Invalid symbol."),
    Reason.HALTED: (-4108, "Symbol is on delivering or delivered or settling or closed or pre-trading."),
    Reason.QUANTITY_ZERO: (-4003, "Quantity less than or equal to zero."),
    Reason.QUANTITY_LOW: (-4003, "Quantity less than or equal to zero."),
    Reason.QUANTITY_HIGH: (-4005, "Quantity greater than max quantity."),
    Reason.QUANTITY_STEP: (-1111, "Precision is over the maximum defined for this asset."),
    Reason.MARKET_QUANTITY_HIGH: (-4005, "Quantity greater than max quantity."),
    Reason.PRICE_ZERO: (-4001, "Price less than 0."),
    Reason.PRICE_RANGE: (-4002, "Price greater than max price."),
    Reason.PRICE_TICK: (-4014, "Price not increased by tick size."),
    Reason.PRICE_BAND_UP: (-4016, "Limit price can't be higher than {detail}."),
    Reason.PRICE_BAND_DOWN: (-4024, "Limit price can't be lower than {detail}."),
    Reason.NOTIONAL_LOW: (
        -4164,
        "Order's notional must be no smaller than {least} (unless you choose reduce only).",
    ),
    Reason.TOO_MANY_ORDERS: (-2025, "Reach max open order limit."),
    Reason.TOO_MANY_WAITING: (-4045, "Reach max stop order limit."),
    Reason.DUPLICATE_ID: (-4116, "ClientOrderId is duplicated."),
    Reason.WOULD_TAKE: (
        -5022,
        "Due to the order could not be executed as maker, the Post Only order will be rejected. "
        "The order will not be recorded in the order history",
    ),
    Reason.WOULD_TRIGGER: (-2021, "Order would immediately trigger."),
    Reason.NO_LIQUIDITY: (
        -5021,
        "Due to the order could not be filled immediately, the FOK order has been rejected. "
        "The order will not be recorded in the order history",
    ),
    Reason.FUNDS: (-2018, "Balance is insufficient."),
    Reason.MARGIN: (-2019, "Margin is insufficient."),
    Reason.REDUCE_ONLY: (-2022, "ReduceOnly Order is rejected."),
    Reason.POSITION_SIDE: (-4061, "Order's position side does not match user's setting."),
    Reason.LEVERAGE: (-4028, "Leverage {detail} is not valid"),
    Reason.MODE_BUSY_ORDERS: (-4067, "Position side cannot be changed if there exists open orders."),
    Reason.MODE_BUSY_POSITION: (-4068, "Position side cannot be changed if there exists position."),
    Reason.NO_CHANGE: (-5027, "No need to modify the order."),
    Reason.NOT_OPEN: (-2011, "Unknown order sent."),
    Reason.NOT_FOUND: (-2013, "Order does not exist."),
}


def spot_error(refused: Refused) -> BinanceError:
    """A refusal in the words of spot."""
    code, text = _SPOT.get(refused.reason, (-1000, "An unknown error occurred while processing the request."))
    return BinanceError(code, text)


def usdm_error(refused: Refused, least: str = "100") -> BinanceError:
    """A refusal in the words of USDⓈ-M."""
    code, text = _USDM.get(refused.reason, (-1000, "An unknown error occurred while processing the request."))
    return BinanceError(code, text.format(detail=refused.detail, least=least))
