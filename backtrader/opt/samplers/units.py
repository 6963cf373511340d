"""A space as the unit cube: each parameter that is free is a number from 0 to 1."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from typing import Any

from ..space import Dimension, ParamSpace, SpaceError

__all__ = ["Axis", "Cube", "find_one"]

_MANY = (list, tuple, set, frozenset)
_TRIES = 2000
_FEW = 200_000


class Axis:
    """One free parameter: its values by place, or its range."""

    def __init__(self, dimension: Dimension) -> None:
        self.dimension, self.name = dimension, dimension.name
        self.is_number = dimension.kind in ("int", "float")
        self.low, self.high, self.log = dimension.low, dimension.high, dimension.log
        self.step = dimension.step
        self.count: int | None = None
        if dimension.is_discrete:
            if self.is_number and dimension.step and not dimension.log:
                self.count = math.floor((dimension.high - dimension.low) / dimension.step + 1e-9) + 1
            else:
                self.count = len(dimension.values())
        numbers = [isinstance(each, int | float) and not isinstance(each, bool) for each in dimension.choices]
        self.is_ordered = self.is_number or (len(numbers) > 2 and all(numbers))
        """Whether its values have an order that means something: a list of numbers has one, too."""
        self._values: list[Any] | None = None
        self._places: dict[Any, int] | None = None

    @property
    def values(self) -> list[Any]:
        """All values of a discrete one; numbers in rising order."""
        if self._values is None:
            found = self.dimension.values()
            self._values = sorted(found) if self.is_ordered else found
        return self._values

    def at(self, unit: float) -> Any:
        """The value at a place from 0 to 1."""
        if self.count is not None:
            return self.values[min(int(unit * self.count), self.count - 1)]
        if self.log:
            first, last = math.log(self.low), math.log(self.high)
            return min(max(math.exp(first + (last - first) * unit), self.low), self.high)
        return min(self.low + (self.high - self.low) * unit, self.high)

    def index(self, value: Any) -> int:
        """The place of a value of a discrete one among its values."""
        if self._places is None:
            self._places = {repr(each): number for number, each in enumerate(self.values)}
        return self._places.get(repr(value), 0)

    def place(self, value: Any) -> float:
        """Where a value stands from 0 to 1: of a choice, the middle of its part."""
        if self.is_number and self.high > self.low:
            if self.log:
                return (math.log(value) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
            return (float(value) - self.low) / (self.high - self.low)
        return (self.index(value) + 0.5) / max(len(self.values), 1)


class Cube:
    """The free parameters of a space as axes."""

    def __init__(self, space: ParamSpace) -> None:
        self.space = space
        self.axes = [
            Axis(space.dimensions[name])
            for name in space.order
            if space.dimensions[name].kind not in ("fixed", "derived")
        ]
        self.fixed = {
            name: dimension.choices[0]
            for name, dimension in space.dimensions.items()
            if dimension.kind == "fixed"
        }

    @property
    def size(self) -> int | None:
        """How many places there are before conditions and constraints; None if they cannot be counted."""
        size = 1
        for axis in self.axes:
            if axis.count is None:
                return None
            size *= axis.count
        return size

    def point(self, units: Sequence[float]) -> dict[str, Any] | None:
        """The combination at a point; None if a constraint does not hold there."""
        return self.complete({axis.name: axis.at(unit) for axis, unit in zip(self.axes, units, strict=True)})

    def means_something(self, name: str, values: Mapping[str, Any]) -> bool:
        """Whether a parameter's condition holds under the values of those before it."""
        when = self.space.dimensions[name].when
        return all(
            other in values and values[other] in (wanted if isinstance(wanted, _MANY) else (wanted,))
            for other, wanted in when.items()
        )

    def complete(self, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """A combination out of values of the free parameters; None if a constraint does not hold."""
        return self.space.complete({**self.fixed, **values})

    def fitting(self, params: Mapping[str, Any]) -> dict[str, Any] | None:
        """The parameters as a combination of the space; None if they are none."""
        found = self.complete(params)
        if found is None or any(name not in self.space.dimensions for name in params):
            return None
        for axis in self.axes:
            if self.means_something(axis.name, found) and not (
                axis.name in found and axis.dimension.contains(found[axis.name])
            ):
                return None
        derived = all(found.get(name) == value for name, value in params.items())
        return found if derived else None

    def draw(self, generator: random.Random) -> dict[str, Any] | None:
        """One try at a combination by chance; None if it breaks a constraint."""
        return self.point([generator.random() for _ in self.axes])

    def draw_valid(self, generator: random.Random) -> dict[str, Any]:
        """A combination by chance; an error that names the constraints if none is found."""
        for _ in range(_TRIES):
            params = self.draw(generator)
            if params is not None:
                return params
        return find_one(self.space)


def find_one(space: ParamSpace) -> dict[str, Any]:
    """Some combination of the space; `SpaceError` if it is empty, as far as can be found out."""
    cube, generator = Cube(space), random.Random(0)
    for _ in range(_TRIES):
        params = cube.draw(generator)
        if params is not None:
            return params
    size = cube.size
    if size is not None and size <= _FEW:
        return space.generate_combinations()[0]  # or it says which constraint empties the space
    names = " and ".join(repr(constraint.text) for constraint in space.constraints)
    raise SpaceError(f"no combination found in {_TRIES:,} tries keeps to {names}: is the space empty?")
