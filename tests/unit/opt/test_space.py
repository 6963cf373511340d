"""Spaces: what the short and the long words mean, and what cannot be meant."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtrader.opt.space import ParamSpace, SpaceError


def test_the_short_forms() -> None:
    space = ParamSpace(
        fixed=3, choice=["a", "b"], number=(5, 15, 5), real=(0.1, 0.3, 0.1), log=("log", 1, 100, 3)
    )
    found = {name: dimension.values() for name, dimension in space.dimensions.items()}
    assert found == {
        "fixed": [3],
        "choice": ["a", "b"],
        "number": [5, 10, 15],
        "real": [0.1, 0.2, 0.3],
        "log": [1.0, pytest.approx(10.0), 100.0],
    }
    assert len(space.generate_combinations()) == 1 * 2 * 3 * 3 * 3


def test_the_long_forms() -> None:
    space = ParamSpace(
        a={"value": 1}, b={"values": (1, 2)}, c={"range": (1, 3)}, d={"log_range": (0.1, 10.0, 3)}
    )  # fmt: skip
    assert [len(dimension.values()) for dimension in space.dimensions.values()] == [1, 2, 3, 3]


def test_the_last_parameter_changes_fastest() -> None:
    assert list(ParamSpace(a=[1, 2], b=[3, 4])) == [
        {"a": 1, "b": 3}, {"a": 1, "b": 4}, {"a": 2, "b": 3}, {"a": 2, "b": 4},
    ]  # fmt: skip


@pytest.mark.parametrize("constraint", ["fast < slow", lambda p: p["fast"] < p["slow"]])
def test_constraints_tie_parameters_together(constraint: Any) -> None:
    found = ParamSpace(constraint, fast=(1, 3), slow=(1, 3)).generate_combinations()
    assert found == [{"fast": 1, "slow": 2}, {"fast": 1, "slow": 3}, {"fast": 2, "slow": 3}]


def test_a_parameter_may_only_mean_something_under_another() -> None:
    space = ParamSpace(band=["none", "wide"], width={"range": (1, 2), "when": {"band": "wide"}})
    assert list(space) == [{"band": "none"}, {"band": "wide", "width": 1}, {"band": "wide", "width": 2}]
    assert space.allows({"band": "none"}) and not space.allows({"band": "none", "width": 1})


def test_what_is_named_may_come_later() -> None:
    space = ParamSpace(
        width={"range": (1, 2), "when": {"band": "wide"}}, twice={"value": lambda p: 2 * p["n"]},
        band=["none", "wide"], n=[4],
    )  # fmt: skip
    assert list(space) == [
        {"twice": 8, "band": "none", "n": 4}, {"width": 1, "twice": 8, "band": "wide", "n": 4},
        {"width": 2, "twice": 8, "band": "wide", "n": 4},
    ]  # fmt: skip
    assert list(list(space)[1]) == ["width", "twice", "band", "n"]
    with pytest.raises(SpaceError, match="a and b go round in a circle"):
        ParamSpace(a={"range": (1, 2), "when": {"b": 1}}, b={"range": (1, 2), "when": {"a": 1}})


def test_a_parameter_may_follow_from_another() -> None:
    space = ParamSpace(fast=(2, 4, 2), slow={"value": lambda p: 3 * p["fast"]})
    assert list(space) == [{"fast": 2, "slow": 6}, {"fast": 4, "slow": 12}]


@pytest.mark.parametrize(
    ("specs", "said"),
    [
        ({"a": []}, "a: a list of choices needs at least one"),
        ({"a": (5, 1)}, "a: the range starts at 5 and ends at 1"),
        ({"a": (1, 5, 0)}, "a: the step must be above 0"),
        ({"a": ("log", 0, 5)}, "a: a logarithmic range begins above 0"),
        ({"a": (1, 2, 3, 4)}, r"a: range is \(start, stop, step\)"),
        ({"a": {"rang": (1, 2)}}, "a: say one of value, values, range, log_range, not rang"),
        ({"a": {"range": (1, 2), "when": {"b": 1}}}, "a: its condition names 'b'"),
        ({"fast": (1, 2), "constraints": ["fst < 2"]}, "names 'fst'; did you mean 'fast'"),
        ({"fast": (1, 2), "constraints": ["fast <"]}, "cannot be read"),
        ({"fast": (1, 2), "constraints": ["fast.__class__"]}, "only numbers"),
        ({"fast": (1, 2), "constraints": ["__import__('os')"]}, "__import__"),
        ({"fast": (1, 2), "constraints": [3]}, "function or a text"),
    ],
)
def test_what_cannot_be_meant_is_named(specs: dict[str, Any], said: str) -> None:
    with pytest.raises(SpaceError, match=said):
        ParamSpace(**specs)


def test_an_empty_space_names_the_constraint() -> None:
    space = ParamSpace(["fast < slow", "slow < 3"], fast=(10, 20), slow=(1, 5))
    with pytest.raises(SpaceError, match="no combination keeps to 'fast < slow'"):
        space.generate_combinations()
    pair = ParamSpace(["a < 2", "a > 2"], a=(1, 3))
    with pytest.raises(SpaceError, match=r"all of 'a < 2', 'a > 2'"):
        pair.generate_combinations()


def test_a_continuous_range_has_no_grid() -> None:
    with pytest.raises(SpaceError, match="a grid needs points"):
        ParamSpace(a=(0.0, 1.0)).generate_combinations()
    assert len(ParamSpace(a=(0.0, 1.0)).sample(20, seed=1)) == 20


@given(
    st.dictionaries(st.sampled_from("abcd"), st.one_of(
        st.lists(st.integers(0, 9), min_size=1, max_size=3),
        st.tuples(st.integers(0, 3), st.integers(3, 6)),
        st.tuples(st.floats(0.5, 1.0), st.floats(1.5, 2.0)),
    ), min_size=1),
    st.integers(1, 12), st.integers(0, 99),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_samples_are_different_and_of_the_space(specs: dict[str, Any], n: int, seed: int) -> None:
    space = ParamSpace(**specs)
    found = space.sample(n, seed)
    assert len({repr(sorted(each.items())) for each in found}) == len(found) <= n
    for params in found:
        assert list(params) == space.names
        assert all(space.dimensions[name].contains(value) for name, value in params.items())
    assert space.sample(n, seed) == found
