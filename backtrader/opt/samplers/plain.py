"""Samplers that do not look at results: every combination in order, by chance, or evenly spread."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from ...utils.optional import require
from ..codec import key_of
from .base import Sampler, SamplerError
from .units import Cube

__all__ = ["GridSampler", "HaltonSampler", "RandomSampler", "SobolSampler"]

_FEW = 200_000
_MANY_MISSES = 10_000
_CHUNK = 256  # a power of two, as Sobol's points are only even in such numbers


class GridSampler(Sampler):
    """Every combination, the last parameter changing fastest, as `Cerebro.optstrategy` has it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for dimension in self.space.dimensions.values():
            dimension.values()  # a continuous range without points has none: said now
        self._rest = iter(self.space)

    def ask(self) -> Any:
        """The next one."""
        return next(self._rest, None)

    def count(self) -> int | None:
        """The number of combinations; not known of a large space with conditions."""
        size, simple = 1, not self.space.constraints
        for dimension in self.space.dimensions.values():
            size *= len(dimension.values())
            twice = len(set(map(repr, dimension.choices))) < len(dimension.choices)
            simple = simple and not dimension.when and not twice
        if not simple and size > _FEW:
            return self.budget
        size = size if simple else len(self.space)
        return min(size, self.budget or size)


class PointSampler(Sampler):
    """Combinations at the points of a sequence in the unit cube, none of them twice.

    When the sequence brings nothing new any more, what is left of a small space follows in order.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cube = Cube(self.space)
        size = self.cube.size
        self.is_small = size is not None and size <= _FEW
        self._rest = self.combinations()

    def points(self) -> Iterator[Sequence[float]]:
        """The sequence, without end."""
        raise NotImplementedError

    def combinations(self) -> Iterator[dict[str, Any]]:
        """The combinations, each once."""
        seen: set[str] = set()
        misses = 0
        for units in self.points():
            params = self.cube.point(units)
            key = None if params is None else key_of(params)
            if params is None or key is None or key in seen:
                misses += 1
                if misses >= _MANY_MISSES:
                    break
                continue
            misses = 0
            seen.add(key)
            yield params
        if self.is_small:
            yield from (params for params in self.space if key_of(params) not in seen)

    def ask(self) -> Any:
        """The next one."""
        return next(self._rest, None)

    def count(self) -> int | None:
        """The budget, or all combinations if there are fewer."""
        if not self.is_small:
            return self.budget
        size = len(self.space)
        return min(size, self.budget or size)


class RandomSampler(PointSampler):
    """Combinations by chance."""

    def points(self) -> Iterator[Sequence[float]]:
        """Uniform ones."""
        generator = random.Random(self.seed)
        while True:
            yield [generator.random() for _ in self.cube.axes]

    def combinations(self) -> Iterator[dict[str, Any]]:
        """Of a small space all, shuffled."""
        if not self.is_small:
            yield from super().combinations()
            return
        every = self.space.generate_combinations()
        random.Random(self.seed).shuffle(every)
        yield from every


class SobolSampler(PointSampler):
    """Spread evenly by Sobol's sequence, scrambled by the seed: covers a space better than chance."""

    kind = "Sobol"

    def points(self) -> Iterator[Sequence[float]]:
        """The sequence."""
        require("scipy", "opt", f"the sampler {self.kind.lower()!r}")
        from scipy.stats import qmc

        if not self.cube.axes:
            raise SamplerError("an even spread needs a parameter that varies")
        engine = getattr(qmc, self.kind)(len(self.cube.axes), scramble=True, rng=self.seed)
        while True:
            yield from engine.random(_CHUNK).tolist()


class HaltonSampler(SobolSampler):
    """Spread evenly by Halton's sequence."""

    kind = "Halton"
