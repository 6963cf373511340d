"""Sums of a sliding window, exact at every step: what `math.fsum` of the window would give.

A float is a whole number of some power of two. The values are held as whole numbers of one such
unit, fine enough for all of them, and Python's whole numbers neither round nor overflow: a sum may
go on for ever by adding what comes and subtracting what leaves, and is rounded once, when read.
"""

from __future__ import annotations

from collections import deque
from math import copysign, inf, isfinite, nan

#: Up to here a sum can be brought back by multiplying with the unit; below that floats thin out.
_FINEST_BITS = 960


class RunningSum:
    """The sum of the last ``size`` values; ``weighted`` counts the oldest once, the next twice, and so on."""

    __slots__ = (
        "_bits", "_careful", "_full", "_left", "_scale", "_size", "_total", "_unit", "_weighted", "_wholes",
    )  # fmt: skip

    def __init__(self, size: int, weighted: bool = False) -> None:
        self._size = size
        self._wholes: deque[int] = deque(maxlen=size)
        self._full = False
        self._total = 0
        self._weighted = 0 if weighted else None
        self._bits = 0  # a unit is 2 ** -bits
        self._scale = self._unit = 1.0
        self._careful = False  # something in the window, or the unit itself, needs a closer look
        self._left = [0, 0, 0]  # values to come until the newest NaN, inf and -inf are out of the window

    def take(self, value: float) -> float | None:
        """``value`` comes, the oldest leaves; the sum, None while there are too few."""
        scaled = value * self._scale
        try:
            whole = int(scaled)
            if whole != scaled:
                whole = self._exact(value)
        except (ValueError, OverflowError):
            whole = self._exact(value) if isfinite(value) else self._enter_odd(value)
        if self._full:
            wholes, before = self._wholes, self._total
            figure = self._total = before + whole - wholes[0]
            wholes.append(whole)
            if self._weighted is not None:  # all that stay count once less
                figure = self._weighted = self._weighted + self._size * whole - before
        else:
            figure = self._fill(whole)
        if self._careful:
            return self._read_carefully(figure)
        if not self._full:
            return None
        try:
            return float(figure) * self._unit
        except OverflowError:  # in units, not as a sum
            return self._divided(figure)

    def _fill(self, whole: int) -> int:
        self._wholes.append(whole)
        self._full = len(self._wholes) == self._size
        self._total += whole
        if self._weighted is None:
            return self._total
        self._weighted += len(self._wholes) * whole
        return self._weighted

    def _exact(self, value: float) -> int:
        """``value`` in units, which are made finer if they must."""
        number, denominator = value.as_integer_ratio()
        bits = denominator.bit_length() - 1
        if bits > self._bits:
            self._refine(bits - self._bits)
        return number << (self._bits - bits)

    def _refine(self, by: int) -> None:
        self._bits += by
        self._total <<= by
        if self._weighted is not None:
            self._weighted <<= by
        self._wholes = deque((whole << by for whole in self._wholes), maxlen=self._size)
        self._careful = self._careful or self._bits > _FINEST_BITS
        self._scale, self._unit = (
            (2.0**self._bits, 2.0**-self._bits) if self._bits <= _FINEST_BITS else (inf, 0.0)
        )

    def _enter_odd(self, value: float) -> int:
        self._careful = True
        self._left[0 if value != value else 1 if value > 0.0 else 2] = self._size
        return 0

    def _read_carefully(self, total: int) -> float | None:
        """The sum with what is not finite, or of numbers that leave the range of floats on the way."""
        missing, rising, falling = self._left
        self._left = [max(0, left - 1) for left in self._left]
        self._careful = any(self._left) or self._bits > _FINEST_BITS
        if not self._full:
            return None
        if missing or (rising and falling):
            return nan
        if rising or falling:
            return inf if rising else -inf
        return self._divided(total)

    def _divided(self, total: int) -> float:
        """``total`` units as a float, whatever their size."""
        try:
            return total / (1 << self._bits)
        except OverflowError:
            return copysign(inf, total)


__all__ = ["RunningSum"]
