"""One line crossing another."""

from __future__ import annotations

from typing import Any

from ..lines.kernels import cross, nonzero_difference
from ..lines.operations import masks
from .base import Indicator


class NonZeroDifference(Indicator):
    """The difference of two lines; where it is zero, the last one that was not."""

    alias: Any = ("NZD",)
    _mindatas = 2
    lines: Any = ("nzd",)

    def __init__(self) -> None:
        super().__init__()
        pair = (self.data0, self.data1)
        self.lines.nzd = self._computed(nonzero_difference, pair, masks(*pair))


class _Cross(Indicator):
    """What the crossings have in common: two lines, and where the first one came from."""

    _mindatas = 2

    def _crossing(self, up: float, down: float) -> Any:
        # coming from below or above is told by the bars before this one: one more than the lines need
        pair = (self.data0, self.data1)
        return self._computed(cross, pair, (*masks(*pair), up, down), period=2)


class _CrossBase(_Cross):
    lines: Any = ("cross",)
    plotinfo: Any = dict(plotymargin=0.05, plotyhlines=[0.0, 1.0])


class CrossUp(_CrossBase):
    """1.0 on the bar on which the first line is above the second, having been below; else 0.0.

    Bars on which they are equal do not count.
    """

    def __init__(self) -> None:
        self.lines.cross = self._crossing(1.0, 0.0)
        super().__init__()


class CrossDown(_CrossBase):
    """1.0 on the bar on which the first line is below the second, having been above; else 0.0.

    Bars on which they are equal do not count.
    """

    def __init__(self) -> None:
        self.lines.cross = self._crossing(0.0, 1.0)
        super().__init__()


class CrossOver(_Cross):
    """1.0 where the first line crosses the second upwards, -1.0 where downwards, else 0.0."""

    lines: Any = ("crossover",)
    plotinfo: Any = dict(plotymargin=0.05, plotyhlines=[-1.0, 1.0])

    def __init__(self) -> None:
        self.lines.crossover = self._crossing(1.0, -1.0)
        super().__init__()


__all__ = ["CrossDown", "CrossOver", "CrossUp", "NonZeroDifference"]
