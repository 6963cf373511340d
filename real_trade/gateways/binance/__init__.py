"""The gateway to Binance: spot and USDⓈ-M futures, through ccxt, which is imported when one connects."""

from .errors import SPOT, TABLE, USDM
from .gateway import BinanceGateway
from .spot import BinanceSpot
from .usdm import BinanceUsdm

__all__ = ["SPOT", "TABLE", "USDM", "BinanceGateway", "BinanceSpot", "BinanceUsdm"]
