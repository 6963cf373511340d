"""What surrounds the best: steps away, plateaus and spikes, and which entry stands most safely."""

from __future__ import annotations

import math
from typing import Any

import pytest

from backtrader.opt.surroundings import robust_best, sensitivity
from backtrader.opt.trials import AnalysisError, Trials
from tests.unit.opt.made import bowl, mixed


def _line(scores: list[float], **more: Any) -> list[dict[str, Any]]:
    return [{"params": {"p": p, "fixed": 1}, "score": score, **more} for p, score in enumerate(scores)]


def test_losses_are_shares_of_the_way_from_the_best_to_the_median() -> None:
    found = sensitivity(Trials(_line([3.0, 4.0, 8.0, 10.0, 9.0, 1.0, 4.0]))).parameters["p"]
    # the median is 4: one step away are 8 and 9, two steps away 4 and 1
    assert found.value == 3 and found.source == "runs"
    assert found.one_step == pytest.approx(2 / 6)
    assert found.two_steps == pytest.approx(9 / 6)


def test_where_most_is_nearly_as_good_the_middle_half_is_the_measure() -> None:
    found = sensitivity(Trials(_line([0.0, 0.0, 0.0, 9.0, 9.5, 10.0, 9.5, 9.0, 9.0]))).parameters["p"]
    # the median of 9 is near, the middle half goes from 0 to 9.5
    assert found.one_step == pytest.approx(0.5 / 9.5)


def test_a_plateau_and_a_spike_are_told_apart() -> None:
    flat = sensitivity(Trials(_line([0.0, 9.8, 9.9, 10.0, 9.9, 9.8, 0.0, 0.0, 0.0])))
    spike = sensitivity(Trials(_line([1.0, 0.0, 1.0, 10.0, 1.0, 0.0, 1.0])))
    assert flat.verdict == "plateau" and flat.plateau > 0.9
    assert spike.verdict == "spike" and spike.plateau < 0.1


def test_a_best_at_the_edge_of_what_was_tried_is_named() -> None:
    assert sensitivity(Trials(_line([1.0, 2.0, 3.0]))).edges == ["p"]
    assert sensitivity(Trials(_line([1.0, 3.0, 2.0]))).edges == []


def test_less_may_be_better() -> None:
    found = sensitivity(Trials(_line([4.0, 3.0, 1.0, 2.0, 9.0]), maximize=False))
    assert found.best.params["p"] == 2
    assert found.parameters["p"].one_step == pytest.approx(2 / 2)


def test_only_one_parameter_changes_at_a_time() -> None:
    found = sensitivity(Trials(bowl()))
    assert found.best.params == {"a": 15, "b": 60}
    assert found.parameters["a"].values == [5, 10, 15, 20, 25, 30]
    assert found.parameters["a"].one_step > 5 * found.parameters["b"].one_step > 0


def test_a_model_speaks_where_nobody_has_tried() -> None:
    found = sensitivity(Trials(mixed()))
    assert found.parameters["zeta"].source == "model"
    assert found.parameters["zeta"].two_steps > 0.1
    assert "band" not in found.parameters  # no number: there is no step


def test_the_same_seed_gives_the_same_answer() -> None:
    one, other = (sensitivity(Trials(mixed()), seed=4).plateau for _ in range(2))
    assert one == other


def test_infinite_scores_and_single_entries_do_no_harm() -> None:
    assert sensitivity(Trials(_line([1.0, math.inf, 2.0]))).verdict in ("plateau", "slope", "spike")
    assert sensitivity(Trials(_line([1.0]))).verdict == "unknown"


def test_why_there_is_nothing_to_analyse_is_said() -> None:
    with pytest.raises(AnalysisError, match=r"nothing to analyse: 3 failed"):
        sensitivity(Trials(_line([1.0, 2.0, 3.0], state="failed")))
    with pytest.raises(AnalysisError, match="1 without a valid score"):
        robust_best(Trials(_line([math.nan])))


def test_the_most_robust_is_on_the_plateau_and_not_on_the_spike() -> None:
    scores = [0.0, 0.0, 12.0, 0.0, 0.0, 0.0, 8.0, 9.0, 10.0, 9.0, 8.0, 0.0]
    trials = Trials(_line(scores))
    assert trials.best().params["p"] == 2
    assert robust_best(trials).params["p"] == 8
    fewest = Trials(_line([-score for score in scores]), maximize=False)
    assert robust_best(fewest).params["p"] == 8


def test_another_category_is_not_near() -> None:
    # "b" is good everywhere, "a" at one place between bad ones
    entries = [{"params": {"k": k, "p": p}, "score": {"a": 0.0, "b": 5.0}[k]} for k in "ab" for p in range(8)]
    entries[3]["score"] = 9.0
    assert robust_best(Trials(entries)).params["k"] == "b"
    assert robust_best(Trials(entries[:1])).params == {"k": "a", "p": 0}
