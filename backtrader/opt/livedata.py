"""What pages of running studies ask for: how they stand, what is new, and the analysis of what there is."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping
from typing import Any

from .entry import RUNNING, Entry
from .reportdata import analysis_part, document_of_study, study_part
from .reportruns import failures, label_of, metric_names, row_of, tame
from .store import WAITING, Store, StudyRecord
from .trials import Trials

__all__ = ["Desk"]

_WINDOW = 30.0  # seconds of which the rate is the mean
_QUEUE = 40  # combinations that are shown of those that run and wait
_AT_ONCE = 20_000  # runs up to which the analysis comes with the page


class Desk:
    """Reads the studies of a store for pages; what was read once is not read again."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock = threading.Lock()
        self._entries: dict[str, dict[int, Entry]] = {}
        self._after: dict[str, int] = {}
        self._ids: dict[str, int] = {}
        self._paces: dict[str, deque[tuple[float, int]]] = {}
        self._analyses: dict[str, tuple[int, dict[str, Any]]] = {}

    # -- lists ---------------------------------------------------------------------------------------
    def studies(self) -> list[dict[str, Any]]:
        """All studies, a line each."""
        return [self._line(record) for record in self.store.studies()]

    def _line(self, record: StudyRecord) -> dict[str, Any]:
        best = self.store.best(record.name, 1, record.directions[0])
        return {
            **self.standing(record, best[0] if best else None),
            "objectives": tame(record.objectives),
            "strategy": str(record.settings.get("strategy", "")),
            "sampler": str(record.settings.get("sampler", "")),
        }

    def standing(self, record: StudyRecord, best: Entry | None) -> dict[str, Any]:
        """How a study stands, as a page shows it while it runs."""
        left = None if record.total is None else max(record.total - record.finished, 0)
        rate = self._rate(record)
        counts = record.counts
        return {
            "name": record.name, "state": record.state, "wanted": record.wanted, "drivers": record.drivers,
            "created": record.created, "updated": record.updated, "total": record.total,
            "done": record.finished, "running": counts.get(RUNNING, 0), "waiting": counts.get(WAITING, 0),
            "failed": sum(counts.get(state, 0) for state in ("failed", "timeout", "lost")),
            "pruned": counts.get("pruned", 0), "rate": rate,
            "eta": left / rate if left and rate and record.state == "running" else None,
            "best": None if best is None else {
                "number": best.number, "score": tame(best.score), "params": _params(best.params),
            },
        }  # fmt: skip

    def _rate(self, record: StudyRecord) -> float | None:
        """Runs a second, lately."""
        now = time.monotonic()
        pace = self._paces.setdefault(record.name, deque())
        if pace and record.finished < pace[-1][1]:  # begun anew, or runs were put back into the queue
            pace.clear()
        pace.append((now, record.finished))
        while len(pace) > 2 and pace[0][0] < now - _WINDOW:
            pace.popleft()
        span = now - pace[0][0]
        return (record.finished - pace[0][1]) / span if span > 0.5 and record.state == "running" else None

    # -- one study -----------------------------------------------------------------------------------
    def news(self, name: str, after: int) -> tuple[dict[str, Any], list[dict[str, Any]], int]:
        """(how it stands with its queue, the runs that ended after ``after``, what to say next time)."""
        record = self.store.load(name)
        best = self.store.best(name, 1, record.directions[0])
        standing = self.standing(record, best[0] if best else None)
        now = time.time()
        standing["queue"] = [
            {"number": e.number, "state": state, "params": _params(e.params), "since": _since(e, now)}
            for state in (RUNNING, WAITING)
            if standing[state]
            for e in self.store.entries(name, states=(state,), limit=_QUEUE)
        ][:_QUEUE]
        found, marker = self.store.news(name, after)
        metrics = metric_names(self._read(name)) if found else []
        return standing, [row_of(entry, metrics) for entry in found], marker

    def _read(self, name: str) -> list[Entry]:
        """All entries of a study, in the order of their numbers."""
        with self._lock:
            number = self.store.load(name).id
            if self._ids.get(name) != number:  # another study of the same name
                self._ids[name], self._entries[name], self._after[name] = number, {}, 0
            found, self._after[name] = self.store.news(name, self._after[name])
            known = self._entries[name]
            known.update({entry.number: entry for entry in found})
            return [known[key] for key in sorted(known)]

    def document(self, name: str) -> dict[str, Any]:
        """The document of a page that goes on living."""
        record = self.store.load(name)
        trials = self._trials(name, record)
        marker = self._after[name]
        done = self._analyses.get(name)
        ready = done is not None and done[0] == len(trials)
        found = document_of_study(trials, study_part(record), analysed=False)
        found["analysis"] = done[1]["analysis"] if ready and done else None
        found["live"] = {
            "after": marker, "metrics": metric_names(trials.entries), "at_once": len(trials) <= _AT_ONCE,
        }  # fmt: skip
        return found

    def _trials(self, name: str, record: StudyRecord) -> Trials:
        trials = Trials(self._read(name), record.directions[0])
        trials.returns = lambda some: self.store.all_returns(name, [entry.number for entry in some])
        return trials

    def analysis(self, name: str) -> dict[str, Any]:
        """The analysis of what has been evaluated by now, and the failures by kind."""
        record = self.store.load(name)
        trials = self._trials(name, record)
        done = self._analyses.get(name)
        if done is not None and done[0] == len(trials):
            return done[1]
        found = {
            "runs": len(trials),
            "analysis": analysis_part(trials),
            "failures": failures(trials.entries, packed=False),
        }
        self._analyses[name] = (len(trials), found)
        return found


def _params(params: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | float) and not isinstance(value, bool) else label_of(value)
        for name, value in tame(params).items()
    }


def _since(entry: Entry, now: float) -> float | None:
    started = entry.started
    return now - started if started == started and started > 0 else None
