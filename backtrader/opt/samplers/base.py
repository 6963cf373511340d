"""The smallest thing that can lead a search: it suggests combinations, and hears what came of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ...errors import BacktraderError
from ..entry import Entry
from ..space import ParamSpace

__all__ = ["WAIT", "Sampler", "SamplerError"]

#: What `Sampler.ask` answers if it can only go on when results that are on their way have come in.
WAIT: Final = object()


class SamplerError(BacktraderError, ValueError):
    """A sampler that does not exist, does not know an option, or cannot search such a space."""


class Sampler(ABC):
    """Suggests combinations of a space; a study calls it, users do not.

    ``directions`` says for each objective whether it is made large; ``budget`` how many runs are
    planned, if that is known.  The same seed gives the same suggestions for the same results.
    """

    adaptive = False
    """Whether suggestions depend on results: then a study asks as late as it can, and tells all results."""
    stage = ""
    """The name of the part of the search that the last suggestion belongs to, if it has parts."""

    def __init__(
        self,
        space: ParamSpace,
        directions: Sequence[bool] = (True,),
        seed: int | None = None,
        budget: int | None = None,
    ) -> None:
        self.space, self.directions, self.seed, self.budget = space, tuple(directions), seed, budget

    @abstractmethod
    def ask(self) -> Any:
        """The next combination to try, as a dict; None if there are no more; `WAIT` to be asked later."""

    def tell(self, entry: Entry) -> None:
        """A combination was evaluated, suggested here or elsewhere; only adaptive samplers are told."""
        return

    def drop(self, params: Mapping[str, Any]) -> None:
        """What was suggested last will not be run, or is being run by someone else already."""
        return

    def count(self) -> int | None:
        """How many combinations it will suggest in all, if that is known."""
        return self.budget
