"""What may vary in a search: values, choices, ranges, and what ties them together.

Written in short, as users do::

    ParamSpace(fast=(5, 30, 5), slow=[50, 100, 200], stake=1, k=("log", 0.001, 1.0, 10))

or in words, which can say more::

    ParamSpace(
        fast={"range": (5, 30)},                       # every whole number from 5 to 30
        band={"values": ["bollinger", "keltner"]},
        width={"range": (1.0, 3.0), "when": {"band": "bollinger"}},   # only where it means something
        slow={"value": lambda p: 3 * p["fast"]},       # follows from another
        constraints=["fast < slow"],
    )

A range contains both of its ends.
"""

from __future__ import annotations

import ast
import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from ..errors import BacktraderError

__all__ = ["Dimension", "ParamSpace", "SpaceError"]

_WORDS = ("value", "values", "range", "log_range")
_MANY_TRIES = 1000


NO_SPACE = "nothing to search: give a space (btopt: --param name=5:30), or the strategy one as opt_space"


class SpaceError(BacktraderError, ValueError):
    """A space that says nothing, or two things at once."""


@dataclass(frozen=True)
class Dimension:
    """One parameter: ``kind`` is fixed, derived, choice, int or float.

    ``low``, ``high`` and ``step`` describe numbers; a float without a step is continuous, and has no list
    of values unless ``num`` says how many a grid takes.
    """

    name: str
    kind: str
    choices: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 0.0
    step: float | None = None
    log: bool = False
    num: int | None = None
    when: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_discrete(self) -> bool:
        """Whether its values can be counted."""
        return self.kind != "float" or self.step is not None

    def values(self) -> list[Any]:
        """All values of a discrete one; the grid points of a continuous one."""
        if self.kind in ("fixed", "choice", "derived"):
            return list(self.choices)
        if self.kind == "int":
            return self._whole()
        if self.step is not None:
            count = math.floor((self.high - self.low) / self.step + 1e-9) + 1
            return [_clean(self.low + i * self.step) for i in range(count)]
        if self.num is None:
            raise SpaceError(
                f"{self.name}: a grid needs points, and {self.low:g} to {self.high:g} has none: "
                f"give a step, ({self.low:g}, {self.high:g}, step), or use another sampler"
            )
        return _spread(self.low, self.high, self.num, self.log)

    def _whole(self) -> list[Any]:
        low, high = int(self.low), int(self.high)
        if not self.log:
            return list(range(low, high + 1, int(self.step or 1)))
        found = [round(value) for value in _spread(low, high, self.num or 10, True)]
        return sorted(dict.fromkeys(found))

    def draw(self, generator: random.Random) -> Any:
        """One value by chance."""
        if self.kind == "float" and self.step is None:
            if self.log:
                return math.exp(generator.uniform(math.log(self.low), math.log(self.high)))
            return generator.uniform(self.low, self.high)
        return generator.choice(self.values())

    def contains(self, value: Any) -> bool:
        """Whether the value is one of this dimension."""
        if self.kind == "float" and self.step is None:
            return isinstance(value, int | float) and self.low <= value <= self.high
        return value in self.values()


class ParamSpace:
    """Named dimensions and the constraints between them.

    ``constraints`` are functions of the parameters or texts such as ``"fast < slow"``; a combination
    counts if all of them hold.
    """

    def __init__(self, constraints: Sequence[Any] = (), **specs: Any) -> None:
        if isinstance(constraints, str) or callable(constraints):
            constraints = [constraints]
        self._derived: dict[str, Callable[[Mapping[str, Any]], Any]] = {}
        self.dimensions = {name: self._dimension(name, spec) for name, spec in specs.items()}
        self.constraints = [_Constraint(each, self.dimensions) for each in constraints]
        for dimension in self.dimensions.values():
            for other in dimension.when:
                if other not in self.dimensions:
                    raise SpaceError(
                        f"{dimension.name}: its condition names {other!r}, which the space has not"
                    )
        self.order = _resolved(self.dimensions)
        """The parameters in the order in which they can be worked out: derived ones last, and those with
        a condition after what it names."""
        self.in_order = self.order == list(self.dimensions)

    @classmethod
    def of(cls, given: Any) -> ParamSpace:
        """A space out of a space, or out of the dict that describes one."""
        if isinstance(given, cls):
            return given
        if isinstance(given, Mapping):
            return cls(**given)
        raise SpaceError(f"a space is a ParamSpace or a dict of parameters, not {type(given).__name__}")

    def with_dimensions(self, dimensions: Mapping[str, Dimension]) -> ParamSpace:
        """The same constraints and derived parameters over other ranges."""
        found = ParamSpace((), **dimensions)
        found._derived, found.constraints = self._derived, self.constraints
        return found

    def _dimension(self, name: str, spec: Any) -> Dimension:
        if isinstance(spec, Dimension):
            return spec
        when: Mapping[str, Any] = {}
        if isinstance(spec, Mapping):
            words = dict(spec)
            when = words.pop("when", {})
            if len(words) != 1 or next(iter(words)) not in _WORDS:
                raise SpaceError(
                    f"{name}: say one of {', '.join(_WORDS)}, not {', '.join(map(str, words)) or 'nothing'}"
                )
            word, spec = next(iter(words.items()))
            if word == "value" and callable(spec):
                self._derived[name] = spec
                return Dimension(name, "derived", (None,), when=when)
            return _worded(name, word, spec, when)
        if isinstance(spec, list | set | frozenset):
            return _worded(name, "values", list(spec), when)
        if isinstance(spec, range):
            return _worded(name, "values", list(spec), when)
        if isinstance(spec, tuple):
            return (
                _worded(name, "log_range", spec[1:], when)
                if spec[:1] == ("log",)
                else _worded(name, "range", spec, when)
            )
        return Dimension(name, "fixed", (spec,), when=when)

    # -- what there is ---------------------------------------------------------------------------
    @property
    def names(self) -> list[str]:
        """The parameters, in the order given."""
        return list(self.dimensions)

    @property
    def is_discrete(self) -> bool:
        """Whether the combinations can be counted."""
        return all(dimension.is_discrete for dimension in self.dimensions.values())

    def allows(self, params: Mapping[str, Any]) -> bool:
        """Whether the parameters are a combination of this space."""
        found = self.complete({name: params[name] for name in self.names if name in params})
        return found is not None and dict(found) == dict(params)

    def complete(self, params: Mapping[str, Any]) -> dict[str, Any] | None:
        """The parameters with the derived ones worked out and the meaningless ones left out.

        None if a constraint does not hold.
        """
        found: dict[str, Any] = {}
        for name in self.order:
            dimension = self.dimensions[name]
            if dimension.when and any(
                found.get(other, _ABSENT) not in _several(wanted) for other, wanted in dimension.when.items()
            ):
                continue
            if dimension.kind == "derived":
                found[name] = self._derived[name](found)
            elif name in params:
                found[name] = params[name]
        if not all(constraint.holds(found) for constraint in self.constraints):
            return None
        if self.in_order:
            return found
        return {name: found[name] for name in self.dimensions if name in found}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """All combinations, each once, the last parameter changing fastest."""
        seen: set[Any] = set()
        for params in self._product(list(self.dimensions.values()), {}):
            found = self.complete(params)
            if found is None:
                continue
            key = tuple((name, repr(value)) for name, value in found.items())
            if key not in seen:
                seen.add(key)
                yield found

    def _product(self, rest: list[Dimension], chosen: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if not rest:
            yield chosen
            return
        for value in rest[0].values():
            yield from self._product(rest[1:], chosen | {rest[0].name: value})

    def generate_combinations(self) -> list[dict[str, Any]]:
        """All combinations; an error that names the constraint if there is none."""
        found = list(self)
        if not found:
            self._explain_emptiness()
        return found

    def _explain_emptiness(self) -> None:
        every = list(islice(self._product(list(self.dimensions.values()), {}), 100_000))
        for constraint in self.constraints:
            alone = ParamSpace((), **self.dimensions)
            alone._derived = self._derived
            if not any(constraint.holds(alone.complete(params) or {}) for params in every):
                raise SpaceError(f"the space is empty: no combination keeps to {constraint.text!r}")
        names = ", ".join(repr(constraint.text) for constraint in self.constraints)
        raise SpaceError(f"the space is empty: no combination keeps to all of {names or 'its values'}")

    def sample(self, n: int, seed: int | None = None) -> list[dict[str, Any]]:
        """``n`` different combinations by chance; fewer if a discrete space has no more."""
        generator = random.Random(seed)
        if self.is_discrete and self._size_at_most(4 * n + 1000):
            every = self.generate_combinations()
            return generator.sample(every, min(n, len(every)))
        found: dict[Any, dict[str, Any]] = {}
        tries = 0
        while len(found) < n and tries < _MANY_TRIES * n:
            tries += 1
            params = self.complete({name: each.draw(generator) for name, each in self.dimensions.items()})
            if params is not None:
                found.setdefault(repr(sorted(params.items())), params)
        if not found:
            names = ", ".join(repr(constraint.text) for constraint in self.constraints)
            raise SpaceError(f"no combination found in {tries} tries keeps to {names}")
        return list(found.values())

    def _size_at_most(self, limit: int) -> bool:
        size = 1
        for dimension in self.dimensions.values():
            size *= len(dimension.values())
            if size > limit:
                return False
        return True

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"ParamSpace({', '.join(f'{d.name}: {_shown(d)}' for d in self.dimensions.values())})"


def _resolved(dimensions: Mapping[str, Dimension]) -> list[str]:
    found: list[str] = []
    rest = list(dimensions.values())
    while rest:
        ready = [each for each in rest if all(other in found for other in each.when)]
        if not ready:
            names = " and ".join(each.name for each in rest)
            raise SpaceError(f"the conditions of {names} go round in a circle")
        chosen = next((each for each in ready if each.kind != "derived"), ready[0])
        found.append(chosen.name)
        rest.remove(chosen)
    return found


_ABSENT = object()


class _Constraint:
    """A condition on a combination, as a function or as text."""

    def __init__(self, given: Any, known: Mapping[str, Any]) -> None:
        self.text = given if isinstance(given, str) else getattr(given, "__name__", "a function")
        if isinstance(given, str):
            code, self._names = _read(given, known)
            self._test: Callable[[dict[str, Any]], Any] = lambda params: eval(
                code, {"__builtins__": _FUNCTIONS}, params
            )
        elif callable(given):
            self._names = []
            self._test = given
        else:
            raise SpaceError(f"a constraint is a function or a text, not {type(given).__name__}")

    def holds(self, params: dict[str, Any]) -> bool:
        """Whether it holds; one about parameters that are not there does."""
        if any(name not in params for name in self._names):
            return True
        return bool(self._test(params))


def _read(text: str, known: Mapping[str, Any]) -> tuple[Any, list[str]]:
    """The code of a condition and the parameters it names; nothing but arithmetic and comparisons gets in."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as error:
        raise SpaceError(f"constraint {text!r} cannot be read: {error.msg}") from None
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            if node.id in known:
                names.append(node.id)
            elif node.id not in _FUNCTIONS:
                from ..utils.params import nearest

                raise SpaceError(f"constraint {text!r} names {node.id!r}; " + nearest(node.id, known))
        elif not isinstance(node, _SPOKEN):
            raise SpaceError(f"constraint {text!r}: only numbers, parameters, + - * / and comparisons")
    return compile(tree, "<constraint>", "eval"), names


_SPOKEN = (
    ast.Expression, ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.Compare, ast.Constant, ast.Call, ast.IfExp,
    ast.boolop, ast.operator, ast.unaryop, ast.cmpop, ast.expr_context, ast.Tuple, ast.List,
)  # fmt: skip
_FUNCTIONS = {"abs": abs, "max": max, "min": min, "round": round, "len": len}


def _worded(name: str, word: str, spec: Any, when: Mapping[str, Any]) -> Dimension:
    if word == "value":
        return Dimension(name, "fixed", (spec,), when=when)
    if word == "values":
        choices = tuple(spec)
        if not choices:
            raise SpaceError(f"{name}: a list of choices needs at least one")
        return Dimension(name, "choice", choices, when=when)
    numbers = tuple(spec)
    if not 2 <= len(numbers) <= 3 or not all(
        isinstance(n, int | float) and math.isfinite(n) for n in numbers
    ):
        what = "(start, stop, number of points)" if word == "log_range" else "(start, stop, step)"
        raise SpaceError(f"{name}: {word.replace('_', ' ')} is {what}, not {spec!r}")
    low, high = numbers[:2]
    if low > high:
        raise SpaceError(f"{name}: the range starts at {low:g} and ends at {high:g}, which is below")
    third = numbers[2] if len(numbers) == 3 else None
    if word == "log_range":
        if not low > 0:
            raise SpaceError(f"{name}: a logarithmic range begins above 0, not at {low:g}")
        if third is not None and third < 1:
            raise SpaceError(f"{name}: a range of {third:g} points has none")
        return Dimension(
            name, "float", low=low, high=high, log=True, num=None if third is None else int(third), when=when
        )
    if third is not None and not third > 0:
        raise SpaceError(f"{name}: the step must be above 0, not {third:g}")
    whole = all(isinstance(number, int) for number in numbers)
    return Dimension(
        name,
        "int" if whole else "float",
        low=low,
        high=high,
        step=third if third or not whole else 1,
        when=when,
    )


def _spread(low: float, high: float, count: int, log: bool) -> list[float]:
    if count < 2:
        return [float(low)]
    if log:
        first, last = math.log(low), math.log(high)
        inner = [math.exp(first + (last - first) * i / (count - 1)) for i in range(1, count - 1)]
    else:
        inner = [low + (high - low) * i / (count - 1) for i in range(1, count - 1)]
    return [float(low), *inner, float(high)]


def _clean(value: float) -> float:
    """0.1 + 0.2 as people write it."""
    return float(f"{value:.12g}")


def _several(wanted: Any) -> Any:
    return wanted if isinstance(wanted, list | tuple | set | frozenset) else (wanted,)


def _shown(dimension: Dimension) -> str:
    if dimension.kind in ("fixed", "choice"):
        return ", ".join(map(repr, dimension.choices[:6])) + (", …" if len(dimension.choices) > 6 else "")
    if dimension.kind == "derived":
        return "derived"
    how = (
        "logarithmic"
        if dimension.log
        else "continuous"
        if dimension.step is None
        else f"step {dimension.step:g}"
    )
    return f"{dimension.low:g} to {dimension.high:g}, {how}"
