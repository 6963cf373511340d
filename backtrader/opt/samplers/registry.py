"""Samplers by name."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Sequence
from typing import Any

from ...utils.params import nearest
from ..space import ParamSpace
from .base import Sampler, SamplerError

__all__ = ["make_sampler", "register_sampler", "sampler_names"]

#: name -> module of this package and class; what a sampler needs is imported when it is chosen
_OURS = {
    "grid": "plain:GridSampler",
    "random": "plain:RandomSampler",
    "sobol": "plain:SobolSampler",
    "halton": "plain:HaltonSampler",
    "tpe": "model:TpeSampler",
    "gp": "gaussian:GaussianSampler",
    "cmaes": "model:CmaSampler",
    "nsga2": "model:Nsga2Sampler",
    "genetic": "model:GeneticSampler",
    "multi-stage": "stages:StagesSampler",
}
_MEANT = {"qmc": "sobol", "bayesian": "gp", "bayes": "gp", "cma": "cmaes", "cma-es": "cmaes", "nsga": "nsga2"}

_registered: dict[str, Callable[..., Any]] = {}


def register_sampler(name: str, factory: Callable[..., Any]) -> None:
    """Add a sampler of your own: ``factory(space, directions, seed=…, budget=…, **options)``.

    It returns a `Sampler`, or anything with ``ask()`` and, if it wants to hear of results, ``tell(entry)``.
    A name in use is taken over.
    """
    if not name or not callable(factory):
        raise SamplerError("a sampler is registered with a name and a class or function that makes it")
    _registered[name.lower()] = factory


def sampler_names() -> list[str]:
    """All names that can be asked for."""
    return [*_OURS, *(name for name in _registered if name not in _OURS)]


def _factory(name: str) -> Callable[..., Any]:
    wanted = name.lower().replace("_", "-")
    for known in (name.lower(), wanted):
        if known in _registered:
            return _registered[known]
    wanted = _MEANT.get(wanted, wanted)
    if wanted not in _OURS:
        raise SamplerError(f"there is no sampler {name!r}; " + nearest(name, [*sampler_names(), *_MEANT]))
    module, _, attribute = _OURS[wanted].partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(f"{__package__}.{module}"), attribute)
    return found


def make_sampler(
    name: Any,
    space: ParamSpace,
    directions: Sequence[bool] = (True,),
    seed: int | None = None,
    budget: int | None = None,
    **options: Any,
) -> Any:
    """The sampler of this name, or the one given (a class, a function that makes one, or a sampler)."""
    if isinstance(name, Sampler):
        return name
    factory = _factory(name) if isinstance(name, str) else name
    if not callable(factory):
        if not hasattr(factory, "ask"):
            raise SamplerError(f"a sampler is a name, a class or an object with ask(), not {name!r}")
        return factory
    known = _options(factory)
    if known is not None:
        for option in options:
            if option not in known:
                hint = nearest(option, known)
                raise SamplerError(f"the sampler {name!r} has no option {option!r}; {hint}")
    return factory(space, directions, seed=seed, budget=budget, **options)


def _options(factory: Callable[..., Any]) -> list[str] | None:
    """The keywords a factory takes; None if it takes any."""
    if isinstance(factory, type) and issubclass(factory, Sampler):
        owners = [vars(cls)["__init__"] for cls in factory.__mro__[:-1] if "__init__" in vars(cls)]
    else:
        owners = [factory]
    names: list[str] = []
    for owner in owners:
        for each in inspect.signature(owner).parameters.values():
            if each.kind is each.VAR_KEYWORD and owner is owners[-1]:
                return None
            if each.kind in (each.KEYWORD_ONLY, each.POSITIONAL_OR_KEYWORD):
                names.append(each.name)
    return [name for name in names if name not in ("self", "space", "directions", "seed", "budget")]
