"""Accounts of one window after the other, put together to one."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..analyzers.metrics import RunRecord, measure, trail_of_arrays

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Curve", "Stitched", "returns_by_period", "stitch"]

_YEAR = 252.0


@dataclass
class Curve:
    """The account over one window, bar by bar, and what its metrics come from."""

    times: NDArray[np.float64]
    values: NDArray[np.float64]
    record: RunRecord
    final_value: float


@dataclass
class Stitched:
    """The account over all windows."""

    times: NDArray[np.float64]
    values: NDArray[np.float64]
    record: RunRecord
    metrics: dict[str, float]

    @property
    def returns(self) -> NDArray[np.float64]:
        """Its returns by period."""
        return returns_by_period(self.record)


def stitch(start_value: float, curves: Sequence[Curve], by_day: bool = True) -> Stitched:
    """One account out of several, each of which began with what the one before had left."""
    import numpy as np

    times = np.concatenate([curve.times for curve in curves])
    values = np.concatenate([curve.values for curve in curves])
    records = [curve.record for curve in curves]
    per_year = next((record.per_year for record in records if len(record.values)), _YEAR)
    exposed = sum(record.exposed for record in records)
    whole = trail_of_arrays(start_value, times, values, exposed, per_year, by_day)
    whole.traded = sum(record.traded for record in records)
    whole.commission = sum(record.commission for record in records)
    whole.results = array("d", [result for record in records for result in record.results])
    whole.final_value = curves[-1].final_value
    return Stitched(times, values, whole, measure(whole))


def returns_by_period(record: RunRecord) -> NDArray[Any]:
    """The returns of an account by period."""
    import numpy as np

    values = np.concatenate([[record.start_value], np.asarray(record.values, dtype=float)])
    with np.errstate(all="ignore"):
        found: NDArray[np.float64] = values[1:] / values[:-1] - 1.0
    return found
