"""A job whose runs are a function of their parameters."""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from backtrader.errors import UnknownParameterError
from backtrader.opt.entry import FAILED, PRUNED, Outcome
from backtrader.opt.space import ParamSpace
from backtrader.utils.params import nearest


def hill(params: Mapping[str, Any]) -> float:
    """Highest at a=7, b=3."""
    return float(-((params["a"] - 7) ** 2) - (params.get("b", 3) - 3) ** 2)


class FakeJob:
    """Metrics out of a function; remembers what it was asked to run."""

    title = "Fake"

    def __init__(
        self,
        function: Callable[[Mapping[str, Any]], Any] = hill,
        names: list[str] | None = None,
        own: Any = None,
        interim: Callable[[Mapping[str, Any], float], float] | None = None,
    ) -> None:
        self.function, self.names, self.own, self.interim = function, names, own, interim
        self.ran: list[dict[str, Any]] = []
        self.prepared = 0

    def own_space(self) -> ParamSpace | None:
        return None if self.own is None else ParamSpace.of(self.own)

    def check(self, space: ParamSpace) -> None:
        for name in space.names:
            if self.names is not None and name not in self.names:
                raise UnknownParameterError(f"no parameter {name!r}; " + nearest(name, self.names))

    def prepare(self) -> None:
        self.prepared += 1

    def run(self, params: Mapping[str, Any], thresholds: Any = None) -> Outcome:
        self.ran.append(dict(params))
        seen = []
        for share, threshold in sorted((thresholds or {}).items()):
            assert self.interim is not None
            value = self.interim(params, share)
            seen.append((int(share * 100), value))
            if threshold is not None and value < threshold:
                return Outcome(PRUNED, interim=seen)
        try:
            found = self.function(params)
        except Exception:
            return Outcome(FAILED, error=traceback.format_exc())
        if isinstance(found, Outcome):
            return found
        metrics = dict(found) if isinstance(found, Mapping) else {"sharpe_ratio": float(found)}
        metrics.setdefault("trades", 50.0)
        if math.isnan(metrics.get("sharpe_ratio", 0.0)):
            metrics["trades"] = 0.0
        return Outcome(metrics=metrics, interim=seen, seconds=0.001)
