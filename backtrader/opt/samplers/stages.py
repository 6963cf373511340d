"""A search in stages: each begins at the best of those before, with a space and a sampler of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...utils.params import nearest
from ..codec import key_of
from ..describe import describe_space
from ..entry import COMPLETE, Entry
from ..space import Dimension, ParamSpace
from .base import WAIT, Sampler, SamplerError
from .units import Cube, find_one

__all__ = ["Stage", "StagesSampler", "narrowed", "union_of"]

_WORDS = ("name", "params", "constraints", "sampler", "n_trials", "narrow", "options")


@dataclass
class Stage:
    """One stage: ``params`` vary, all others stay at the best so far.

    ``narrow`` (0.25: a quarter of each range, around the best) makes ranges out of those of the stages
    before, for ``params`` that are only named in a list, or for all if there are none.
    """

    name: str
    params: dict[str, Any] = field(default_factory=dict)
    constraints: Sequence[Any] = ()
    sampler: Any = None
    n_trials: int | None = None
    narrow: float | None = None
    options: dict[str, Any] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    """Parameters to be narrowed; all, if it is empty."""

    @classmethod
    def of(cls, given: Any, number: int) -> Stage:
        """A stage out of a dict such as ``{'name': 'coarse', 'params': {'fast': (5, 50, 5)}}``."""
        if isinstance(given, cls):
            return given
        if not isinstance(given, Mapping):
            raise SamplerError(f"stage {number + 1} is a dict with name and params, not {given!r}")
        for word in given:
            if word not in _WORDS:
                raise SamplerError(f"stage {number + 1} has no {word!r}; " + nearest(str(word), _WORDS))
        words = {"name": f"stage {number + 1}", **given}
        params = words.get("params") or {}
        if isinstance(params, list | tuple):
            words |= {"params": {}, "names": list(params)}
        elif isinstance(params, ParamSpace):
            words |= {"params": dict(params.dimensions), "constraints": params.constraints}
        else:
            words["params"] = dict(params)
            words.setdefault("constraints", words["params"].pop("constraints", ()))
        found = cls(**words)
        if not found.params and found.narrow is None:
            raise SamplerError(f"stage {found.name!r} varies nothing: give it params, or narrow=")
        if found.narrow is not None and not 0 < found.narrow < 1:
            raise SamplerError(
                f"stage {found.name!r}: narrow is a share between 0 and 1, not {found.narrow!r}"
            )
        return found

    def described(self) -> dict[str, Any]:
        """What the stage searches, as plain data that can be stored and compared."""
        space = describe_space(ParamSpace((), **self.params))
        limits = [each if isinstance(each, str) else "a function" for each in self.constraints]
        about = {"narrow": self.narrow, "names": self.names, "constraints": limits}
        return space | {"name": self.name, **about}


def stages_of(given: Any) -> list[Stage]:
    """The stages of a list of dicts, with names that differ."""
    stages = [Stage.of(each, number) for number, each in enumerate(given or ())]
    if not stages:
        raise SamplerError("a search in stages needs stages=[{'name': …, 'params': {…}}, …]")
    names = [stage.name for stage in stages]
    for name in names:
        if names.count(name) > 1:
            raise SamplerError(f"two stages are called {name!r}")
    known: set[str] = set()
    for stage in stages:
        for name in stage.names:
            if name not in known:
                raise SamplerError(f"stage {stage.name!r} narrows {name!r}; {nearest(name, known)}")
        if stage.narrow is not None and not stage.params and not known:
            raise SamplerError(f"stage {stage.name!r} narrows what came before it: it cannot be the first")
        known |= set(stage.params)
    return stages


def union_of(stages: Any) -> ParamSpace:
    """A space that has whatever any stage may try."""
    found: dict[str, Dimension] = {}
    derived: dict[str, Any] = {}
    for stage in stages_of(stages):
        space = ParamSpace(**stage.params)
        derived |= space._derived
        for name, dimension in space.dimensions.items():
            found[name] = _joined(found[name], dimension) if name in found else dimension
    space = ParamSpace((), **found)
    space._derived = derived
    return space


def _joined(one: Dimension, other: Dimension) -> Dimension:
    """What has the values of both."""
    if one == other:
        return one
    if one.kind == other.kind == "int" or {one.kind, other.kind} == {"float"}:
        kind = one.kind
        step = one.step if one.step == other.step and one.low == other.low else (1 if kind == "int" else None)
        low, high = min(one.low, other.low), max(one.high, other.high)
        return Dimension(one.name, kind, low=low, high=high, step=step, log=one.log and other.log)
    values = {repr(value): value for each in (one, other) for value in each.values()}
    return Dimension(one.name, "choice", tuple(values.values()))


def narrowed(dimension: Dimension, best: Any, share: float) -> Dimension:
    """The part of a range around its best value, with finer steps; a choice stays at the best."""
    if dimension.kind not in ("int", "float"):
        return Dimension(dimension.name, "fixed", (best,), when=dimension.when)
    half = (dimension.high - dimension.low) * share / 2
    low, high = max(dimension.low, best - half), min(dimension.high, best + half)
    step = dimension.step
    if dimension.kind == "int":
        step = max(1, round((step or 1) * share))
        low = best - step * int((best - low) // step)  # the best stays one of the values
        high = max(best, int(high))
    elif step is not None:
        step *= share
        low = best - step * int((best - low) / step + 1e-9)
    return Dimension(
        dimension.name, dimension.kind, low=low, high=high, step=step, log=dimension.log,
        num=dimension.num, when=dimension.when,
    )  # fmt: skip


class StagesSampler(Sampler):
    """Leads through the stages; within one, the stage's own sampler suggests.

    A stage is over when its budget is spent, or its sampler has nothing more, and all its results are
    in.  It needs a result that counts to go on from.
    """

    adaptive = True

    def __init__(self, *args: Any, stages: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stages = stages_of(stages)
        self._number = -1
        self._inner: Any = None
        self._inner_space = self.space
        self._ranges: dict[str, Dimension] = {}
        self._over = False
        self._asked: set[str] = set()
        self._entries: dict[str, Entry] = {}
        self._spent: dict[str, set[str]] = {stage.name: set() for stage in self._stages}

    # -- the study's side ----------------------------------------------------------------------------
    def ask(self) -> Any:
        """The stage's next one; `WAIT` at the end of a stage until all its results are in."""
        if self._number < 0:
            self._next_stage()
        while True:
            stage = self._stages[self._number]
            spent = len(self._spent[stage.name])
            params = None
            if not self._over and (stage.n_trials is None or spent < stage.n_trials):
                params = self._inner.ask()
            if params is not None:
                key = key_of(params)
                self._asked.add(key)
                if key not in self._entries:
                    self._spent[stage.name].add(key)
                return params
            if self._asked:
                return WAIT
            if self._number + 1 >= len(self._stages):
                return None
            self._next_stage()

    def tell(self, entry: Entry) -> None:
        """Note it, for its stage and as what others may begin from."""
        key = key_of(entry.params)
        self._asked.discard(key)
        self._entries[key] = entry
        if entry.stage in self._spent:
            self._spent[entry.stage].add(key)
        if self._inner is not None and getattr(self._inner, "adaptive", False) and self._fits(entry):
            self._inner.tell(entry)

    def drop(self, params: Mapping[str, Any]) -> None:
        """Someone else is at it: the stage still waits for the result."""
        if self._inner is not None and hasattr(self._inner, "drop"):
            self._inner.drop(params)

    @property
    def goes_on(self) -> bool:
        """Whether the stage's sampler brings something new by itself, if it is asked often enough."""
        return not getattr(self._inner, "adaptive", False)

    def unseen(self) -> Cube:
        """The space the stage searches, for a study that looks for something new."""
        return Cube(self._inner_space)

    def skip(self) -> bool:
        """The stage has nothing new left; whether there may be something after it."""
        self._over = True
        return True

    def count(self) -> int | None:
        """All runs, as far as they can be counted before the ranges of later stages are known."""
        total = 0
        for number, stage in enumerate(self._stages):
            found = stage.n_trials
            if number < self._number:
                found = len(self._spent[stage.name])
            elif number == self._number and (inner := getattr(self._inner, "count", lambda: None)()):
                found = min(inner, found or inner)
            elif found is None and not stage.narrow and self._countable(stage):
                found = len(ParamSpace(**stage.params))
            if found is None:
                return self.budget
            total += found
        return total if self.budget is None else min(total, self.budget)

    @staticmethod
    def _countable(stage: Stage) -> bool:
        dimensions = ParamSpace(**stage.params).dimensions.values()
        return stage.sampler in (None, "grid") and all(each.is_discrete or each.num for each in dimensions)

    # -- from stage to stage -------------------------------------------------------------------------
    def _next_stage(self) -> None:
        best = self._best()
        if best is None and self._number >= 0:
            name = self._stages[self._number].name
            raise SamplerError(f"stage {name!r} found nothing that counts, so there is nothing to go on from")
        self._number += 1
        self._over = False
        stage = self._stages[self._number]
        self.stage = stage.name
        space = self._space_of(stage, best.params if best is not None else {})
        self._inner_space = space
        find_one(space)
        from .registry import make_sampler

        sampler = stage.sampler or _usual(space)
        seed = None if self.seed is None else self.seed + self._number
        self._inner = make_sampler(
            sampler, space, self.directions, seed=seed, budget=stage.n_trials, **stage.options
        )
        if getattr(self._inner, "adaptive", False):
            for entry in self._entries.values():
                if self._fits(entry):
                    self._inner.tell(entry)

    def _space_of(self, stage: Stage, best: Mapping[str, Any]) -> ParamSpace:
        """The stage's ranges, and everything else at the best there is."""
        space = ParamSpace(**stage.params)
        own = dict(space.dimensions)
        if stage.narrow is not None:
            for name in stage.names or [name for name in self._ranges if name not in own]:
                if name in best:
                    own[name] = narrowed(self._ranges[name], best[name], stage.narrow)
        fixed = {name: Dimension(name, "fixed", (value,)) for name, value in best.items() if name not in own}
        found = ParamSpace(stage.constraints, **fixed, **own)
        found._derived = space._derived
        self._ranges |= {name: each for name, each in own.items() if each.kind in ("int", "float", "choice")}
        return found

    def _best(self) -> Entry | None:
        found: Entry | None = None
        sign = 1.0 if self.directions[0] else -1.0
        for entry in self._entries.values():
            counts = entry.valid and entry.state == COMPLETE
            if counts and (found is None or sign * entry.score > sign * found.score):
                found = entry
        return found

    def _fits(self, entry: Entry) -> bool:
        return Cube(self._inner_space).fitting(entry.params) is not None


def _usual(space: ParamSpace) -> str:
    """A grid where there is one, otherwise TPE."""
    countable = all(each.is_discrete or each.num is not None for each in space.dimensions.values())
    return "grid" if countable else "tpe"
