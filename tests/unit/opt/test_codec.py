"""Parameters as text: the same for the same, and back."""

from __future__ import annotations

import datetime
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import backtrader as bt
from backtrader.opt.codec import Reader, dumps, key_of, loads, plain
from backtrader.opt.space import ParamSpace

VALUES = st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8), st.none())


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (1, 1), (True, True), (None, None), ("a", "a"), (0.5, 0.5), (math.inf, "inf"), ((1, 2), [1, 2]),
        ({"a": (1,)}, {"a": [1]}), (np.int64(3), 3), (np.float64(0.25), 0.25),
        (bt.indicators.SMA, "backtrader.indicators.sma:SMA"),
        (datetime.date(2020, 1, 2), "2020-01-02"), (datetime.timedelta(1), "datetime.timedelta(days=1)"),
    ],
)  # fmt: skip
def test_what_json_has_no_word_for_becomes_text(value: Any, found: Any) -> None:
    if isinstance(value, type):
        assert str(plain(value)).endswith(f":{value.__qualname__}")
    else:
        assert plain(value) == found
    assert loads(dumps(plain(value))) == plain(value)


def test_an_object_may_say_itself_what_it_is() -> None:
    class Stage:
        def described(self) -> dict[str, Any]:
            return {"name": "coarse", "of": (1, 2)}

    assert plain(Stage()) == {"name": "coarse", "of": [1, 2]}
    assert plain(Stage).endswith("Stage")


@given(st.dictionaries(st.text(min_size=1, max_size=5), VALUES, max_size=5))
def test_the_order_does_not_matter(params: dict[str, Any]) -> None:
    assert key_of(params) == key_of(dict(reversed(params.items())))


@given(st.dictionaries(st.sampled_from("abc"), VALUES), st.dictionaries(st.sampled_from("abc"), VALUES))
def test_different_parameters_have_different_keys(one: dict[str, Any], other: dict[str, Any]) -> None:
    same = {k: (type(v), repr(v)) for k, v in one.items()} == {
        k: (type(v), repr(v)) for k, v in other.items()
    }
    assert (key_of(one) == key_of(other)) == same


def test_choices_come_back_as_they_were() -> None:
    space = ParamSpace(
        average=[bt.indicators.SMA, bt.indicators.EMA], window=[(1, 2), (3, 4)], n=(1, 9), x=(0.0, 2.0), k=5
    )
    params = {"average": bt.indicators.EMA, "window": (3, 4), "n": 3, "x": 2.0, "k": 5}
    text = dumps(plain(params))
    assert Reader(space).params(text) == params
    assert type(Reader(space).params(text.replace("2.0", "2"))["x"]) is float
    assert Reader().params(text)["window"] == [3, 4]  # without the space: what the text holds
