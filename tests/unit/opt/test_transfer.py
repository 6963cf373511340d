"""What a new study takes over from an earlier one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backtrader.opt.entry import Entry
from backtrader.opt.space import ParamSpace
from backtrader.opt.study import Study, StudyError
from backtrader.opt.transfer import best_of_earlier, mapped
from tests.unit.opt.fakes import FakeJob

SPACE = {"a": (1, 50), "b": (1, 5)}


def earlier(storage: Path) -> Study:
    found = Study(FakeJob(), SPACE, "sharpe", name="earlier", storage=storage, sampler="random", n_trials=40)
    found.run()
    return found


def test_the_best_go_first(tmp_path: Path) -> None:
    before = earlier(tmp_path / "s.db")
    best = [entry.params for entry in before.store.best("earlier", 3)]
    for given in ("earlier", before.result(), before, before.entries()):
        job = FakeJob()
        name = f"new {type(given).__name__}"
        options = {"warm_start": given, "warm_start_n": 3, "n_trials": 10, "sampler": "sobol"}
        study = Study(job, SPACE, "sharpe", name=name, storage=tmp_path / "s.db", **options)
        assert study.run().total_runs == 10 and study.transferred == []
        assert job.ran[:3] == best
    other = Study(FakeJob(), SPACE, "sharpe", warm_start=(tmp_path / "s.db", "earlier"), n_trials=1)
    assert other.run().best_params == best[0]


def test_a_study_that_goes_on_takes_nothing_over_again(tmp_path: Path) -> None:
    earlier(tmp_path / "s.db")
    for n_trials in (4, 8):
        job = FakeJob()
        options = {"warm_start": "earlier", "n_trials": n_trials, "sampler": "sobol"}
        Study(job, SPACE, "sharpe", name="new", storage=tmp_path / "s.db", **options).run()
        assert len(job.ran) == (10 if n_trials == 4 else 0)  # all of the best were queued at once


@pytest.mark.parametrize(
    ("space", "params", "found", "said"),
    [
        ({"a": (1, 50)}, {"a": 7}, {"a": 7}, []),
        ({"a": (1, 50)}, {"a": 7, "x": 1}, {"a": 7}, ["x is not in the new space"]),
        ({"a": (1, 5)}, {"a": 7}, {"a": 5}, ["a=7 lies outside 1 to 5"]),
        ({"a": (1, 50, 10)}, {"a": 18}, {"a": 21}, []),
        ({"a": (0.0, 1.0, 0.25)}, {"a": 0.6}, {"a": 0.5}, []),
        ({"a": (1, 9), "c": (1, 9)}, {"a": 3}, {"a": 3, "c": 5}, ["c is new: it begins in the middle"]),
        ({"a": ["x", "y"]}, {"a": "z"}, {"a": "x"}, ["a='z' is no choice in the new space"]),
        ({"a": ("log", 0.01, 1.0)}, {}, {"a": 0.1}, ["a is new"]),
        ({"a": (1, 9), "d": {"value": lambda p: 2 * p["a"]}, "k": 3}, {"a": 4}, {"a": 4, "d": 8, "k": 3}, []),
        ({"a": (1, 9), "constraints": ["a > 5"]}, {"a": 4}, None, ["a=4 breaks a constraint"]),
    ],
)
def test_what_does_not_fit_is_made_to_or_said(
    space: dict[str, Any], params: dict[str, Any], found: Any, said: list[str]
) -> None:
    mapped_params, sentences = mapped([Entry(params, 1.0)], ParamSpace(**space))
    assert mapped_params == ([] if found is None else [pytest.approx(found)])
    assert len(sentences) == len(said) and all(s.startswith(t) for s, t in zip(sentences, said))


def test_nothing_that_fits_is_an_error() -> None:
    with pytest.raises(StudyError, match="nothing of the earlier study fits the space: a=1 breaks"):
        Study(FakeJob(), {"a": (1, 9), "constraints": ["a > 5"]}, "sharpe", warm_start=[Entry({"a": 1}, 1.0)])


def test_the_order_of_entries() -> None:
    entries = [Entry({"a": n}, score, valid=n != 3) for n, score in enumerate([2.0, float("nan"), 5.0, 9.0])]
    assert [e.params["a"] for e in best_of_earlier(entries, None, True, 3)] == [2, 0, 1]  # type: ignore[arg-type]
    assert [e.params["a"] for e in best_of_earlier(entries, None, False, 1)] == [0]  # type: ignore[arg-type]
