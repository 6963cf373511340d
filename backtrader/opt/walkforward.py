"""Walk-forward: search on a stretch of the past, trade what comes after it, move on, repeat.

>>> result = walk_forward(MyStrategy, "prices.csv", {"fast": (5, 30), "slow": (20, 100)}, "sharpe_ratio",
...                       train="24M", test="6M", sampler="tpe", n_trials=100, n_jobs=-1)
>>> print(result)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from ..analyzers.metrics import RunRecord, measure
from ..core.outcome import record_of
from ..core.reportdata import account_curves
from ..lines.timeframe import TimeFrame
from ..utils.dateintern import num2date
from .bars import LoadedBars, Part, PartialFactory, load_bars
from .entry import Entry
from .job import Job, job_of
from .objective import ObjectiveFunction
from .options import Options
from .setup import Setup
from .space import NO_SPACE, ParamSpace, SpaceError
from .stitched import Curve, Stitched, stitch
from .store import Store
from .study import Study, objectives_of
from .surroundings import robust_best
from .tally import NoScore
from .trials import AnalysisError, Trials
from .walkresult import WalkForwardResult, WindowResult
from .windows import Window, windows_of

__all__ = ["WalkForwardResult", "WindowResult", "walk_forward"]

_STUDY = {each.name for each in fields(Options)}


def walk_forward(
    strategy: Any = None,
    data: Any = None,
    space: Any = None,
    objective: Any = None,
    *,
    train: Any,
    test: Any,
    step: Any = None,
    anchored: bool = False,
    warmup: int | None = None,
    choose: Any = "best",
    cerebro_factory: Any = None,
    study: str | None = None,
    storage: Any = None,
    hindsight: bool = False,
    on_window: Callable[[WindowResult], Any] | None = None,
    **options: Any,
) -> WalkForwardResult:
    """Search, trade the stretch that follows with what was found, move on; the account goes on throughout.

    ``train``, ``test``, ``step``: numbers of bars of the first feed, timedeltas, or texts as ``24M``,
    ``365D``; ``anchored`` searches always begin at the first bar.  ``warmup`` bars before each window are
    for indicators alone (all there are if not given): nothing is traded there, every window begins
    without a position, and one still open at its end is valued at the last close.  Searches begin with the
    money the account has by then.  ``choose`` says which
    entry of a search is traded: ``best``, ``robust`` (the best surroundings), or a function of the good
    entries.  With ``hindsight`` one more search sees everything that the tests saw, for comparison.
    ``study`` is a name: the searches are kept in ``storage`` as ``name-00`` and so on, and go on from there.
    ``**options`` are those of a study (``sampler``, ``n_trials``, ``n_jobs`` …) and of a run (``cash``,
    ``commission``, ``sizer`` …).
    """
    walk = _Walk(strategy, data, cerebro_factory, space, objective, choose, study, storage, options)
    windows = windows_of(walk.bars[0].times, train, test, step, anchored)
    results = []
    for window in windows:
        results.append(walk.window(window, warmup))
        if on_window is not None:
            on_window(results[-1])
    if len(walk.silent) == len(windows):
        raise walk.silent[0]
    stitched = walk.stitched()
    seen_later = walk.hindsight(windows, warmup) if hindsight else None
    settings = {"train": str(train), "test": str(test), "step": str(step or test), "anchored": anchored}
    return WalkForwardResult(results, stitched, walk.objective, walk.space, settings, seen_later)


class _Walk:
    """What all windows share, and the account that goes from one to the next."""

    def __init__(
        self,
        strategy: Any,
        data: Any,
        cerebro_factory: Any,
        space: Any,
        objective: Any,
        choose: Any,
        study: str | None,
        storage: Any,
        options: Mapping[str, Any],
    ) -> None:
        if choose not in ("best", "robust") and not callable(choose):
            raise AnalysisError(f"choose is 'best', 'robust' or a function of entries, not {choose!r}")
        self.strategy, self.factory, self.choose = strategy, cerebro_factory, choose
        self.name = study
        self.store = Store.open(":memory:" if storage is None and study is None else storage)
        self.study_options = {key: value for key, value in options.items() if key in _STUDY}
        self.run_options = {key: value for key, value in options.items() if key not in _STUDY}
        self.objectives = objectives_of(objective)
        probe = job_of(strategy, data, cerebro_factory, **self.run_options)
        found = probe.own_space() if space is None else ParamSpace.of(space)
        if found is None:
            raise SpaceError(NO_SPACE)
        probe.check(found)
        self.space: ParamSpace = found
        self.bars = self._load(data)
        self.value = self._starting_cash()
        self.start_value = self.value
        self.curves: list[Curve] = []
        self.silent: list[NoScore] = []
        """What was said of windows in which no run had a score."""

    @property
    def objective(self) -> ObjectiveFunction:
        """The first objective: the one that chooses."""
        return self.objectives[0]

    def _load(self, data: Any) -> tuple[LoadedBars, ...]:
        if self.factory is None:
            return load_bars(data)
        return load_bars(cerebro=self.factory(_any_of(self.space)))

    def _starting_cash(self) -> float:
        if self.factory is not None:
            return float(self.factory(_any_of(self.space)).broker.getcash())
        cash = self.run_options.get("cash")
        if cash is not None:
            return float(cash)
        broker = self.run_options.get("broker")
        return float(Setup([], broker=broker).cerebro().broker.getcash())

    def job(self, part: Part, cash: float) -> Job:
        """The user's job over a part of the bars, for the account as it is then."""
        if self.factory is not None:
            return job_of(cerebro_factory=PartialFactory(self.factory, part, cash), **self.run_options)
        return job_of(self.strategy, part, **self.run_options | {"cash": cash})

    # -- a window ------------------------------------------------------------------------------------
    def window(self, window: Window, warmup: int | None) -> WindowResult:
        """Search, choose, trade what follows."""
        stretches = (window.train_start, window.train_stop), (window.test_start, window.test_stop)
        result = self._blank(window.number, *stretches, self.value)
        trials = self._search(Part(self.bars, window.train_start, window.train_stop, warmup), result)
        part = Part(self.bars, window.test_start, window.test_stop, warmup)
        chosen = self._choice(trials)
        if chosen is None:
            result.note = result.note or "no run kept to the constraints: nothing is traded"
            self.curves.append(_flat(part, self.value))
            return result
        result.params, result.in_sample, result.in_score = chosen.params, chosen.metrics, chosen.score
        self._trade(part, result)
        return result

    def _blank(
        self, number: int, train: tuple[int, int], test: tuple[int, int], value: float
    ) -> WindowResult:
        """A window with its dates, and nothing known of it yet."""
        times = self.bars[0].times
        ends = [num2date(times[place]) for start, stop in (train, test) for place in (start, stop - 1)]
        return WindowResult(number, ends[0], ends[1], ends[2], ends[3], value)

    def _search(self, part: Part, result: WindowResult) -> Trials:
        named = None if self.name is None else f"{self.name}-{result.number:02d}"
        study = Study(
            self.job(part, result.start_value), self.space, self.objectives,
            name=named or f"window-{result.number:02d}", storage=self.store, **self.study_options,
        )  # fmt: skip
        try:
            found = Trials.of(study.run())
        except NoScore as error:  # a quiet stretch; if all are, the caller says so
            result.note = str(error)
            found = Trials(study.entries(), self.objective.maximize)
            self.silent.append(error)
        result.trials, result.failures = len(found), sum(e.state == "failed" for e in found.entries)
        return found

    def _choice(self, trials: Trials) -> Entry | None:
        if not trials.good:
            return None
        if callable(self.choose):
            return Entry.of(self.choose(trials.good))
        return robust_best(trials) if self.choose == "robust" else trials.best()

    def _trade(self, part: Part, result: WindowResult) -> None:
        try:
            curve = _trade(self.job(part, self.value), result.params or {}, part)
        except Exception as error:  # the user's strategy: it was fine on the stretch before
            result.note = f"the run failed, nothing is counted: {type(error).__name__}: {error}"
            self.curves.append(_flat(part, self.value))
            return
        self.curves.append(curve)
        self.value = curve.final_value
        result.out_of_sample = measure(curve.record)
        result.out_score, _ = self.objective.evaluate(result.out_of_sample)

    # -- all of them ---------------------------------------------------------------------------------
    def stitched(self) -> Stitched:
        """The account through all windows."""
        by_day = min(each.timeframe for each in self.bars) <= TimeFrame.Days
        return stitch(self.start_value, self.curves, by_day)

    def hindsight(self, windows: Sequence[Window], warmup: int | None) -> WindowResult:
        """One search over all that was tested on: what a plain search would have promised."""
        part = Part(self.bars, windows[0].test_start, windows[-1].test_stop, warmup)
        stretch = part.start, part.stop
        result = self._blank(len(windows), stretch, stretch, self.start_value)
        chosen = self._choice(self._search(part, result))
        if chosen is not None:
            result.params, result.in_sample, result.in_score = chosen.params, chosen.metrics, chosen.score
            curve = _trade(self.job(part, self.start_value), chosen.params, part)
            result.curve = (curve.times, curve.values)
        return result


def _trade(job: Job, params: Mapping[str, Any], part: Part) -> Curve:
    """One run over a part, with the account bar by bar."""
    import numpy as np

    job.prepare()
    strategies = job.strategies(params)
    if not strategies:
        raise AnalysisError("the strategy asked to be left out (StrategySkipError)")
    record = record_of(strategies, job.trading_days)
    times, values, units = account_curves(strategies)
    if units is not None:  # money came in or went out: that is no return
        values = [record.start_value * unit / units[0] for unit in units]
    moments = np.asarray(times, dtype=float)
    first = int(np.searchsorted(moments, part.bars[0].times[part.start], "left"))
    curve = np.asarray(values, dtype=float)[first:]
    final = record.final_value if record.final_value is not None else float(curve[-1])
    return Curve(moments[first:], curve, record, float(final))


def _flat(part: Part, value: float) -> Curve:
    """An account that does nothing."""
    import numpy as np

    moments = part.moments()
    record = RunRecord(value, bars=len(moments), mean_value=value)
    return Curve(moments, np.full(len(moments), value), record, value)


def _any_of(space: ParamSpace) -> dict[str, Any]:
    """Some combination, to see what a factory makes of it."""
    return space.sample(1, seed=0)[0]
