"""Binance: spot and USDⓈ-M futures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...venue import Venue
    from ..base import Face

__all__ = ["faces"]


def faces(venue: Venue) -> list[Face]:
    """Both markets, in front of one venue."""
    from .spot import Spot
    from .usdm import Usdm

    return [Spot(venue), Usdm(venue)]
