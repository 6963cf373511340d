"""Bayesian optimisation: a Gaussian process guesses the score everywhere, and says how sure it is.

On scikit-learn, because Optuna's sampler of the kind needs torch and knows neither of the acquisition
functions ``ucb`` and ``poi``.
"""

from __future__ import annotations

import math
import random
import warnings
from collections.abc import Mapping
from typing import Any

from ...utils.optional import require
from ..codec import key_of
from ..entry import COMPLETE, Entry
from .base import Sampler, SamplerError
from .plain import SobolSampler
from .units import Axis, Cube

__all__ = ["GaussianSampler"]

_ACQUISITIONS = ("ei", "ucb", "poi")


class GaussianSampler(Sampler):
    """Tries ``init_points`` evenly spread, then where ``acq`` promises most.

    ``ei``: the improvement to be expected; ``ucb``: mean and ``kappa`` deviations; ``poi``: the
    probability of improving, by ``xi`` at least.  For runs that take seconds and spaces of up to some
    ten parameters: a suggestion takes 20 to 200 ms.
    """

    adaptive = True

    def __init__(
        self,
        *args: Any,
        init_points: int = 10,
        acq: str = "ei",
        kappa: float = 2.576,
        xi: float = 0.0,
        candidates: int = 500,
        memory: int = 300,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if acq not in _ACQUISITIONS:
            raise SamplerError(f"acq is one of {', '.join(_ACQUISITIONS)}, not {acq!r}")
        if len(self.directions) > 1:
            raise SamplerError("the sampler 'gp' has one objective; for several take nsga2 or tpe")
        require("sklearn", "opt", "the sampler 'gp'")
        self.init_points, self.acq, self.kappa, self.xi = init_points, acq, kappa, xi
        self.candidates, self.memory = candidates, memory
        self.cube = Cube(self.space)
        self._random = random.Random(self.seed)
        self._first = SobolSampler(self.space, self.directions, self.seed) if self.cube.axes else None
        self._told: dict[str, Entry] = {}
        self._pending: dict[str, dict[str, Any]] = {}
        self._model: Any = None
        self._fitted = 0

    # -- the study's side ----------------------------------------------------------------------------
    def ask(self) -> Any:
        """A point of the first spread, or the most promising one of many candidates."""
        params = None
        if len(self._told) + len(self._pending) < self.init_points and self._first is not None:
            params = self._first.ask()
        elif sum(not math.isnan(entry.score) for entry in self._told.values()) >= 2:
            params = self._most_promising()
        if params is None:
            params = self.cube.draw_valid(self._random)
        self._pending[key_of(params)] = params
        return params

    def tell(self, entry: Entry) -> None:
        """What is known now."""
        key = key_of(entry.params)
        self._pending.pop(key, None)
        self._told[key] = entry

    def drop(self, params: Mapping[str, Any]) -> None:
        """Someone else is at it: it stays among what is being tried."""
        self._pending.setdefault(key_of(params), dict(params))

    # -- the model -----------------------------------------------------------------------------------
    def _features(self, params: Mapping[str, Any]) -> list[float]:
        row: list[float] = []
        for axis in self.cube.axes:
            row += _columns(axis, params)
        return row

    def _values(self, entries: list[Entry]) -> Any:
        """Scores, large ones good; what failed or breaks a constraint counts as the worst, and what
        is far below all others is drawn nearer, so that one catastrophe does not flatten the rest."""
        import numpy as np

        sign = 1.0 if self.directions[0] else -1.0
        good = [entry.state == COMPLETE and entry.valid and math.isfinite(entry.score) for entry in entries]
        values = np.array(
            [sign * entry.score if fine else np.nan for entry, fine in zip(entries, good, strict=True)]
        )
        if not any(good):
            return np.zeros(len(entries))
        low, middle = np.nanpercentile(values, [25, 50])
        values = np.maximum(values, middle - 5 * max(middle - low, 1e-12))
        return np.where(np.isnan(values), np.nanmin(values), values)

    def _chosen(self) -> list[Entry]:
        """What the model learns from: all, or the best and the latest."""
        entries = list(self._told.values())
        if len(entries) <= self.memory:
            return entries
        sign = -1.0 if self.directions[0] else 1.0
        ranked = sorted(
            entries, key=lambda entry: math.inf if math.isnan(entry.score) else sign * entry.score
        )
        kept = {id(entry) for entry in [*ranked[: self.memory // 2], *entries[-(self.memory // 2) :]]}
        return [entry for entry in entries if id(entry) in kept]

    def _fit(self) -> tuple[Any, float]:
        """The model, and the best of the scores as it sees them: around 0, with a deviation of 1."""
        import numpy as np
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

        entries = self._chosen()
        known = np.array([self._features(entry.params) for entry in entries])
        values = self._values(entries)
        spread = values.std() or 1.0
        values = (values - values.mean()) / spread
        kernel = self._model.kernel_ if self._model is not None else (
            ConstantKernel(1.0, (0.05, 20.0)) * Matern([0.5] * known.shape[1], (0.05, 20.0), nu=2.5)
            + WhiteKernel(1e-3, (1e-6, 0.5))
        )  # fmt: skip
        learn = self._model is None or len(self._told) >= self._fitted * 1.1 + 1
        model = GaussianProcessRegressor(
            kernel, optimizer="fmin_l_bfgs_b" if learn else None, normalize_y=False,
            random_state=0 if self.seed is None else self.seed % 2**32,
        )  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a length at its bound is no news
            model.fit(known, values)
            if learn:
                self._fitted = len(self._told)
            self._model = model
            waiting = [params for key, params in self._pending.items() if key not in self._told]
            if waiting:  # what is being tried is taken to come out as expected: others look elsewhere
                there = np.array([self._features(params) for params in waiting])
                values_there = model.predict(there)
                model = GaussianProcessRegressor(model.kernel_, optimizer=None)
                model.fit(np.vstack([known, there]), np.concatenate([values, values_there]))
        return model, float(values.max())

    def _most_promising(self) -> dict[str, Any] | None:
        """The best of the candidates; on one core, as the others are at work on runs."""
        limits = require("threadpoolctl", "opt", "the sampler 'gp'").threadpool_limits
        with limits(1):
            found: dict[str, Any] | None = self._chosen_by_model()
        return found

    def _chosen_by_model(self) -> dict[str, Any] | None:
        import numpy as np

        found = self._candidates()
        if not found:
            return None
        model, best = self._fit()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            mean, deviation = model.predict(np.array([self._features(each) for each in found]), True)
        promise = self._promise(mean, np.maximum(deviation, 1e-9), best)
        for place in np.argsort(-promise, kind="stable"):
            params: dict[str, Any] = found[int(place)]
            key = key_of(params)
            if key not in self._told and key not in self._pending:
                return params
        return None

    def _promise(self, mean: Any, deviation: Any, best: float) -> Any:
        import numpy as np
        from scipy.special import ndtr

        if self.acq == "ucb":
            return mean + self.kappa * deviation
        gain = mean - best - self.xi
        ratio = gain / deviation
        if self.acq == "poi":
            return ratio  # the probability rises with it
        return gain * ndtr(ratio) + deviation * np.exp(-0.5 * ratio * ratio) / math.sqrt(2 * math.pi)

    # -- where to look -------------------------------------------------------------------------------
    def _candidates(self) -> list[dict[str, Any]]:
        """All of a small space, else some by chance and some near the best."""
        size = self.cube.size
        if size is not None and size <= 2 * self.candidates:
            return list(self.space)
        found = [self.cube.draw(self._random) for _ in range(self.candidates)]
        for entry in self._chosen_best(5):
            found += [self._near(entry.params) for _ in range(self.candidates // 10)]
        return [params for params in found if params is not None]

    def _chosen_best(self, count: int) -> list[Entry]:
        sign = -1.0 if self.directions[0] else 1.0
        scored = [entry for entry in self._told.values() if entry.valid and not math.isnan(entry.score)]
        return sorted(scored, key=lambda entry: sign * entry.score)[:count]

    def _near(self, params: Mapping[str, Any]) -> dict[str, Any] | None:
        """A neighbour: some numbers moved a little, one now and then far; now and then another choice."""
        chance, width = self._random.random, self._random.choice((0.02, 0.05, 0.15))
        far = self._random.choice(self.cube.axes) if chance() < 0.3 else None
        units = []
        for axis in self.cube.axes:
            place = axis.place(params[axis.name]) if axis.name in params else chance()
            if axis is far:
                place = chance()
            elif axis.is_ordered and chance() < 0.5:
                place = min(max(self._random.gauss(place, width), 0.0), 1.0)
            units.append(place)
        return self.cube.point(units)


def _columns(axis: Axis, params: Mapping[str, Any]) -> list[float]:
    """A parameter as numbers for the model: its place, or a column a choice; a condition adds one."""
    there = axis.name in params
    row = [1.0 if there else 0.0] if axis.dimension.when else []
    if axis.is_ordered:
        return [*row, axis.place(params[axis.name]) if there else 0.5]
    chosen = axis.index(params[axis.name]) if there else -1
    return [*row, *(1.0 if number == chosen else 0.0 for number in range(axis.count or 0))]
