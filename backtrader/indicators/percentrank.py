"""The rank of a value among the last ones."""

from __future__ import annotations

import math
from typing import Any

from ..lines.kernels import rolling_rank
from .basicops import BaseApplyN


def _share_below(values: Any) -> float:
    """The share of values that are smaller than the last one."""
    newest = values[-1]
    return math.fsum(value < newest for value in values) / len(values)


class PercentRank(BaseApplyN):
    """The share of the last ``period`` values that are smaller than the newest, from 0.0 to 1.0."""

    alias: Any = ("PctRank",)
    lines: Any = ("pctrank",)
    params: Any = (("period", 50), ("func", lambda values: _share_below(values)))

    def _kernel_form(self) -> Any:
        if self.func is PercentRank.params._getdefault("func"):
            return rolling_rank, (self.p.period,)
        return super()._kernel_form()


__all__ = ["PercentRank"]
