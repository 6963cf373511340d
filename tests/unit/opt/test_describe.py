"""Spaces that can be compared: a study goes on with its own space only."""

from __future__ import annotations

from typing import Any

import pytest

from backtrader.opt.describe import describe_objectives, describe_space, differences
from backtrader.opt.objective import MinTradesConstraint, ObjectiveFunction
from backtrader.opt.space import ParamSpace


def test_the_same_space_has_no_differences() -> None:
    def space() -> ParamSpace:
        return ParamSpace(
            ["a < b", lambda p: p["a"] > 1],
            a=(1, 5), b=[3, 4], c=("log", 0.1, 1.0, 3), d={"value": lambda p: 2 * p["a"]},
            e={"range": (0.5, 1.0), "when": {"b": 3}},
        )  # fmt: skip

    assert differences(describe_space(space()), describe_space(space())) == []


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ({"a": (1, 6), "b": [1, 2]}, "a was 1 to 5 step 1 (int), now 1 to 6 step 1 (int)"),
        ({"a": (1, 5), "b": [1, 3]}, "b was 1, 2, now 1, 3"),
        ({"a": (1, 5)}, "b is gone (it was 1, 2)"),
        ({"a": (1, 5), "b": [1, 2], "c": 3}, "c is new (3)"),
        ({"b": [1, 2], "a": (1, 5)}, "the order was a, b, now b, a"),
        ({"a": (1, 5), "b": [1, 2], "constraints": ["a < b"]}, "the constraint 'a < b' is new"),
        ({"a": (1, 5), "b": {"values": [1, 2], "when": {"a": 3}}}, "b was 1, 2, now 1, 2 when a is 3"),
    ],
)
def test_what_differs_is_said(now: dict[str, Any], said: str) -> None:
    before = describe_space(ParamSpace(a=(1, 5), b=[1, 2]))
    assert differences(before, describe_space(ParamSpace(**now))) == [said]


def test_functions_differ_by_what_they_do_not_by_their_layout() -> None:
    one = describe_space(ParamSpace(lambda p: p["a"] < 3, a=(1, 5)))
    same = describe_space(ParamSpace(lambda p: p["a"]   <   3, a=(1, 5)))  # fmt: skip
    other = describe_space(ParamSpace(lambda p: p["a"] < 4, a=(1, 5)))
    assert differences(one, same) == []
    assert len(differences(one, other)) == 2


def test_objectives_are_described_with_their_limits() -> None:
    found = describe_objectives(
        [ObjectiveFunction("sqn", constraints=MinTradesConstraint(7)), ObjectiveFunction(False, {"a": 2.0})]
    )
    assert found[0]["metric"] == "sqn" and found[0]["constraints"] == ["MinTradesConstraint(min_trades=7)"]
    assert found[1]["name"] == "+2*a" and found[1]["maximize"] is False
