"""The loop that drives a study: ask, claim, submit, collect, tell, record."""

from __future__ import annotations

import math
import queue
import time
import traceback
from collections import deque
from typing import Any

from .driver import Driver
from .entry import COMPLETE, FAILED, LOST, Entry, Outcome
from .events import Events
from .executors import make_executor
from .objective import ObjectiveError
from .options import StudyError
from .progress import progress_of
from .pruners import pruner_of
from .suggest import Suggestions
from .tally import Tally

__all__ = ["Loop"]

_FLUSH = 0.5  # seconds that results may wait before they are written
_TICK = 0.1


class Loop:
    """One session of one driver on a study."""

    def __init__(self, study: Any, queued: list[Entry]) -> None:
        self.study, self.options, self.objectives = study, study.options, study.objectives
        store, name = study.store, study.name
        record = store.load(name)
        found = store.best(name, maximize=self.objectives[0].maximize)
        self.tally = Tally(self.objectives[0], self.options, record.counts, found[0] if found else None)
        self.stopped = ""
        self._queued = queued
        self._results: queue.SimpleQueue[tuple[Entry, Outcome]] = queue.SimpleQueue()
        self._running: dict[int, Entry] = {}
        self._again: deque[Entry] = deque()
        self._unwritten: list[tuple[Entry, bytes | None]] = []
        self._flushed = time.monotonic()
        self._shown = 0.0
        self._pruner = pruner_of(self.options.pruner, self.objectives[0].maximize)
        self._events = Events(self.options.events, store, name)
        self._driver: Any = None
        self._executor: Any = None
        self._suggestions: Any = None
        self._progress: Any = None

    # -- from beginning to end -----------------------------------------------------------------------
    def run(self) -> None:
        """Until all is done, or something stops it."""
        self._begin()
        state = "failed"
        try:
            self._drive()
            state = "stopped" if self.stopped else "finished"
        except KeyboardInterrupt:
            self.stopped, state = "interrupted", "stopped"
            self._take_results()
            raise
        finally:
            self._end(state)
        if not self.stopped:
            self.tally.check_scores()

    def _begin(self) -> None:
        study, options, job = self.study, self.options, self.study.job
        if self._pruner is not None and getattr(job, "objective", None) is None:
            job.objective = self.objectives[0]
        prepare = getattr(job, "prepare", None)
        if callable(prepare):
            prepare()
        self._executor = make_executor(
            job, n_jobs=options.n_jobs, timeout=options.timeout,
            memory_limit=options.memory_limit, cluster=options.cluster,
        )  # fmt: skip
        self._driver = Driver(study.store, study.name, self._executor.slots)
        try:
            study.store.set_state(study.name, "running")
            study.store.ask_to_stop(study.name, "")
            if options.retried_states:
                self._driver.retry(options.retried_states)
                self.tally.counts = type(self.tally.counts)(study.store.load(study.name).counts)
            if self._queued:
                self._driver.enqueue(self._queued)
            self._suggestions = Suggestions(study, self._driver, self._executor.slots)
            self.tally.total = self._suggestions.total()
            study.store.set_total(study.name, self.tally.total)
            if self.tally.total is not None:
                self._executor.expect(self.tally.total)
            if self._pruner is not None:
                for entry in study.store.entries(study.name):
                    self._pruner.note(entry)
        except BaseException:
            self._executor.stop(now=True)
            self._driver.end("failed")
            raise
        self._progress = progress_of(options.progress)
        self._events.write("started", self.tally.progress(), kept=True)

    def _end(self, state: str) -> None:
        """Stop the workers, write what there is, give back the rest, say goodbye."""
        try:
            self._executor.stop(now=state != "finished")
        finally:
            self._flush()
            self._driver.end(state)
            self._running.clear()
            self._note_stage()
            progress = self.tally.progress()
            self._progress.close(progress, self.stopped)
            self._events.write(state, progress | {"reason": self.stopped}, kept=True)
            self._events.close()

    def stop(self, reason: str) -> None:
        """Take up nothing new, and stop when what is running has ended."""
        self.stopped = self.stopped or reason

    # -- the loop ------------------------------------------------------------------------------------
    def _drive(self) -> None:
        while True:
            if not self.stopped:
                self._fill()
            elif not self._running:
                return
            self._take_results(wait=_TICK if self._running else 0.0)
            self._look_up()
            if self._running or self._again or self.stopped or not self._suggestions.idle:
                continue
            self._flush()
            if self._suggestions.others_at_work():
                if self._suggestions.idle:
                    time.sleep(_TICK)  # others have what is left; they may leave it to us
            elif self._suggestions.exhausted:
                return
            elif not self._suggestions.wake():
                raise StudyError("the sampler waits for results, and there is no run it could wait for")

    def _fill(self) -> None:
        limit = self._suggestions.in_flight
        if not self._suggestions.adaptive:  # a cluster takes runs in batches
            limit = max(limit, self._executor.ahead)
        while len(self._running) < limit and not self.stopped:
            entry = self._again.popleft() if self._again else self._suggestions.next()
            if entry is None:
                return
            self._submit(entry)
            if not self._results.empty():
                self._take_results()
                self._look_up()

    def _submit(self, entry: Entry) -> None:
        entry.started = time.time()
        self._running[entry.number] = entry
        thresholds = None if self._pruner is None else self._pruner.thresholds()
        future = self._executor.submit(entry.params, thresholds)
        results = self._results
        future.add_done_callback(lambda future: results.put((entry, _outcome(future))))

    def _take_results(self, wait: float = 0.0) -> None:
        """Deal with all results that are there; if there are none, wait a moment for one."""
        try:
            entry, outcome = self._results.get(timeout=wait) if wait else self._results.get_nowait()
            while True:
                self._take(entry, outcome)
                entry, outcome = self._results.get_nowait()
        except queue.Empty:
            return

    def _take(self, entry: Entry, outcome: Outcome) -> None:
        if self._running.pop(entry.number, None) is None:
            return
        if outcome.state != COMPLETE and len(entry.retries) < self.options.allowed_retries(outcome.state):
            entry.retries.append(f"{outcome.state}: {(outcome.error.strip().splitlines() or [''])[-1]}")
            self._again.append(entry)
            return
        self._judge(entry, outcome)
        self._unwritten.append((entry, outcome.returns))
        better = self.tally.add(entry)
        self._suggestions.tell(entry)
        if self._pruner is not None:
            self._pruner.note(entry)
        self._events.run(entry, better)
        if self.study.watch is not None:
            self.study.watch(entry, outcome)
        for callback in self.options.callbacks:
            callback(dict(entry.params), entry.score, dict(entry.metrics))
        self.tally.check_failures()
        self.stop(self.tally.verdict())

    def _judge(self, entry: Entry, outcome: Outcome) -> None:
        """Fill in the entry: how it ended, its metrics and scores, and whether it counts."""
        entry.state, entry.metrics, entry.error = outcome.state, outcome.metrics, outcome.error
        entry.seconds, entry.interim = outcome.seconds, outcome.interim
        entry.score, entry.valid = math.nan, False
        entry.scores = (math.nan,) * len(self.objectives)
        if entry.state != COMPLETE:
            return
        try:
            found = [objective.evaluate(entry.metrics) for objective in self.objectives]
        except ObjectiveError:
            raise  # of the question, not of the run: no run could answer it
        except Exception:  # an objective is the user's code
            entry.state, entry.error = FAILED, traceback.format_exc()
            return
        entry.scores = tuple(score for score, _ in found)
        entry.score = entry.scores[0]
        entry.valid = all(valid for _, valid in found)

    def _look_up(self) -> None:
        """Now and then: write results, hear from others, show how it goes."""
        now = time.monotonic()
        if now - self._flushed >= _FLUSH:
            self._flush()
            if self.study.store.wanted(self.study.name) == "stop":
                self.stop("asked to stop")
            self.stop(self.tally.verdict())
            for entry in self._suggestions.hear():
                self.tally.hear(entry)
                if self._pruner is not None:
                    self._pruner.note(entry)
        if now - self._shown >= _TICK:
            self._shown = now
            self._note_stage()
            self._progress.update(self.tally.progress())
            self._events.progress(self.tally.progress)

    def _note_stage(self) -> None:
        self.tally.running = len(self._running)
        if self.tally.stage != self._suggestions.stage:
            self.tally.stage, self.tally.total = self._suggestions.stage, self._suggestions.total()

    def _flush(self) -> None:
        if self._unwritten:
            self._driver.record(self._unwritten)
            self._unwritten = []
        self._flushed = time.monotonic()


def _outcome(future: Any) -> Outcome:
    """What a future holds; executors promise an outcome, and a broken promise is a lost run."""
    if future.cancelled():
        return Outcome(LOST, error="the run was cancelled")
    error = future.exception()
    return Outcome(LOST, error=f"{type(error).__name__}: {error}") if error is not None else future.result()
