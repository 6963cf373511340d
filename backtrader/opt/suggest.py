"""What is run next: what waits in the study first, then what the sampler says, never anything twice."""

from __future__ import annotations

import random
import time
from collections import deque
from typing import Any

from .codec import key_of
from .entry import Entry
from .samplers import WAIT
from .samplers.units import Cube
from .store import ENDED

__all__ = ["Suggestions"]

_TRIES = 20  # how often an adaptive sampler may suggest what is known, before chance helps it out
_FEWEST_TRIES = 2
_DRAWS = 300
_FEW = 500_000
_MOST = 256
_AHEAD = 0.5  # seconds of work to claim at once
_POLL = 1.0


class Suggestions:
    """Feeds one session of a driver with combinations that are its own to run."""

    def __init__(self, study: Any, driver: Any, slots: int) -> None:
        self._driver, self._slots = driver, slots
        self._limit: int | None = study.options.n_trials
        self._space = study.space
        known = driver.known()
        self.sampler = study.new_sampler(_fresh(study.options.seed, driver, known))
        self.adaptive = bool(getattr(self.sampler, "adaptive", False))
        if not self.adaptive:  # the same sequence as ever: what is done is left out of it
            self.sampler = study.new_sampler()
        self._known = {key for key, *_ in known}
        self._ended: dict[str, Entry] = {}
        self._numbers: set[int] = set()
        self._heard = 0
        self._claimed: deque[Entry] = deque()
        self._waiting = any(state not in ENDED for _, _, state, _ in known)
        self._polled = 0.0
        self._seen_first = time.monotonic()
        self._given = 0
        self._tries = _TRIES
        self._random = random.Random(study.options.seed)
        self._every: Any = None
        self.exhausted = self._waits = False
        if self.adaptive:
            self.hear()
        self._numbers |= {number for _, number, state, _ in known if state in ENDED}
        self._heard = max((done for *_, done in known), default=self._heard)

    # -- how much there is ---------------------------------------------------------------------------
    @property
    def in_flight(self) -> int:
        """How many runs to have submitted: as many as there are workers, and one more each where the
        next does not depend on the results."""
        return self._slots if self.adaptive or self._slots == 1 else 2 * self._slots

    @property
    def stage(self) -> str:
        """The part of the search it is at."""
        return str(getattr(self.sampler, "stage", ""))

    @property
    def idle(self) -> bool:
        """Whether there is nothing claimed to run, and nothing to be had at the moment."""
        return not self._claimed and (self.exhausted or self._waits)

    def total(self) -> int | None:
        """How many entries the study is going to have, if that can be said."""
        count = getattr(self.sampler, "count", None)
        found: int | None = count() if callable(count) else self._limit
        if not self.adaptive or found is None:
            return found
        size = Cube(self._space).size if self._limit is not None else None
        tied = self._space.constraints or any(each.when for each in self._space.dimensions.values())
        return found if size is None or tied else min(found, size)

    # -- the next one --------------------------------------------------------------------------------
    def next(self) -> Entry | None:
        """A combination to run now; None if there is none at the moment, or none any more."""
        if not self._claimed:
            self._refill()
        if not self._claimed:
            return None
        self._given += 1
        return self._claimed.popleft()

    def _refill(self) -> None:
        batch = self._batch()
        if self._waiting or (self.exhausted and time.monotonic() - self._polled > _POLL):
            self._polled = time.monotonic()
            self._claimed.extend(self._driver.take_waiting(batch))
            self._waiting = bool(self._claimed)
            self._note(self._claimed)
        while not self._claimed and not self.exhausted:
            self._waits = False
            wanted = self._ask(batch)
            if not wanted:
                return
            ours, others = self._driver.claim(wanted, self._limit)
            self._claimed.extend(ours)
            self._note(ours)
            for entry in others:
                self._known.add(key_of(entry.params))
                self._drop(entry.params)
            if len(ours) + len(others) < len(wanted):
                self.exhausted = True  # the study has as many as it may

    def _note(self, entries: Any) -> None:
        for entry in entries:
            self._known.add(key_of(entry.params))
            self._numbers.add(entry.number)

    def _batch(self) -> int:
        if self.adaptive:
            return self._slots
        rate = self._given / max(time.monotonic() - self._seen_first, 0.1)
        return max(2 * self._slots, min(_MOST, int(rate * _AHEAD)))

    def _ask(self, count: int) -> list[Entry]:
        """Up to ``count`` combinations that the study does not have, as far as this driver knows."""
        found: list[Entry] = []
        asked: set[str] = set()
        misses = 0
        while len(found) < count:
            params = self.sampler.ask()
            if params is WAIT:
                self._waits = True
                break
            if params is None:
                self.exhausted = True
                break
            key = key_of(params)
            if key not in self._known and key not in asked:
                asked.add(key)
                found.append(Entry(params, stage=self.stage))
                continue
            self._answer(key, params)
            misses += 1
            if misses >= self._tries and not getattr(self.sampler, "goes_on", not self.adaptive):
                self._tries = max(self._tries // 2, _FEWEST_TRIES)  # it has settled: ask less
                self._help_out(found, asked)
                break
        else:
            self._tries = min(self._tries + 1, _TRIES)
        return found

    def _answer(self, key: str, params: Any) -> None:
        """The sampler suggests what is known: it gets the result at once, if it is there."""
        if key in self._ended:
            self.sampler.tell(self._ended[key])
        else:
            self._drop(params)

    def _drop(self, params: Any) -> None:
        drop = getattr(self.sampler, "drop", None)
        if drop is not None:
            drop(params)

    def _help_out(self, found: list[Entry], asked: set[str]) -> None:
        """Something new by chance; if chance finds nothing, whatever is left; else there is nothing."""
        unseen = getattr(self.sampler, "unseen", None)  # stages know which space they are at
        cube = Cube(self._space) if unseen is None else unseen()
        for _ in range(_DRAWS):
            params = cube.draw(self._random)
            if params is not None and key_of(params) not in self._known | asked:
                found.append(Entry(params, stage=self.stage))
                return
        if found or cube.size is None or cube.size > _FEW:
            return
        if self._every is None or self._every[0] != self.stage:
            self._every = (self.stage, iter(cube.space))
        for params in self._every[1]:
            if key_of(params) not in self._known | asked:
                found.append(Entry(params, stage=self.stage))
                return
        skip = getattr(self.sampler, "skip", None)
        if skip is None or not skip():
            self.exhausted = True

    # -- results -------------------------------------------------------------------------------------
    def tell(self, entry: Entry) -> None:
        """A run of this driver ended."""
        if self.adaptive:
            self._ended[key_of(entry.params)] = entry
            self.sampler.tell(entry)

    def hear(self) -> list[Entry]:
        """What others have evaluated since the last time; an adaptive sampler is told."""
        store, name = self._driver.store, self._driver.name
        news, self._heard = store.news(name, self._heard)
        others = [entry for entry in news if entry.number not in self._numbers]
        for entry in others:
            key = key_of(entry.params)
            self._known.add(key)
            self._numbers.add(entry.number)
            if self.adaptive:
                self._ended[key] = entry
                self.sampler.tell(entry)
        return others

    def others_at_work(self) -> bool:
        """Whether something is left in the hands of other drivers; what they left behind is taken over."""
        if self._claimed:
            return True
        if self._driver.open_elsewhere() == 0:
            return False
        self._waiting = True
        self._refill()
        return True

    def wake(self) -> bool:
        """Hear what is new and ask the sampler again; whether there is something to do now."""
        self.hear()
        self._waits = False
        self._refill()
        return bool(self._claimed) or self.exhausted


def _fresh(seed: int | None, driver: Any, known: list[Any]) -> int | None:
    """A seed of its own for every driver and session: two that suggest the same get in each other's way.

    The first driver of a new study has the seed that was given.
    """
    if seed is None or (driver.first and not known):
        return seed
    return int((seed + 1) * 1_000_003 + 7919 * driver.number + len(known))
