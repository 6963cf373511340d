"""Mean, squared deviations and standard deviation of plain sequences, summed without rounding errors."""

from __future__ import annotations

import math
from collections.abc import Collection

__all__ = ["average", "standarddev", "variance"]


def average(x: Collection[float], bessel: bool = False) -> float:
    """The mean; with ``bessel`` the sum is divided by one less than the number of values."""
    return math.fsum(x) / (len(x) - bool(bessel))


def variance(x: Collection[float], avgx: float | None = None) -> list[float]:
    """The squared distance of each value from the mean (or from ``avgx``)."""
    middle = average(x) if avgx is None else avgx
    return [(value - middle) ** 2.0 for value in x]


def standarddev(x: Collection[float], avgx: float | None = None, bessel: bool = False) -> float:
    """The standard deviation of the population, or with ``bessel`` of a sample."""
    return math.sqrt(average(variance(x, avgx), bessel=bessel))
