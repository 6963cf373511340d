"""Dictionaries that fill themselves."""

from __future__ import annotations

import copy
import pickle

import pytest

from backtrader.utils.autodict import (
    AutoDict,
    AutoDictList,
    AutoOrderedDict,
    DotDict,
    OrderedDefaultdict,
    Tree,
)


def filled() -> AutoOrderedDict:
    """A result such as an analyzer builds."""
    result = AutoOrderedDict()
    result.total.open += 1
    result.won.pnl.total += 2.5
    result["lost"]["streak"] -= 1
    result.len.longest = 5
    return result


def test_names_fill_themselves() -> None:
    result = filled()
    assert result == {
        "total": {"open": 1},
        "won": {"pnl": {"total": 2.5}},
        "lost": {"streak": -1},
        "len": {"longest": 5},
    }
    assert list(result) == ["total", "won", "lost", "len"]
    assert result.lvalues() == list(result.values())
    assert type(result.won.pnl) is AutoOrderedDict


def test_the_zero_is_of_the_other_operands_type() -> None:
    result = AutoOrderedDict()
    result.text += "a"
    result.items_ += [1]
    result.product *= 3
    result.quotient /= 2
    assert (result.text, result.items_, result.product, result.quotient) == ("a", [1], 0, 0.0)


def test_what_was_inside_is_forgotten_by_arithmetic() -> None:
    result = AutoOrderedDict()
    result.n.inside = 1
    result.n += 5
    assert result.n == 5


@pytest.mark.parametrize("other", [AutoOrderedDict(a=1), None])
def test_what_has_no_zero_is_refused(other: object) -> None:
    result = AutoOrderedDict()
    with pytest.raises(TypeError):
        result.n += other


@pytest.mark.parametrize("cls", [AutoDict, AutoOrderedDict])
def test_closed_it_fills_no_more(cls: type) -> None:
    result = cls()
    result.a.b = 1
    result._close()
    for ask in (lambda: result.x, lambda: result["x"], lambda: result.a.x):
        with pytest.raises(KeyError, match="'x'"):
            ask()
    assert not hasattr(result, "x")
    assert getattr(result, "x", 7) == 7
    result.y = 3
    assert result == {"a": {"b": 1}, "y": 3}


@pytest.mark.parametrize("cls", [AutoDict, AutoOrderedDict])
def test_opened_again_only_the_top_fills(cls: type) -> None:
    result = cls()
    result.a.b = 1
    result._close()
    result._open()
    assert result.x == {}
    with pytest.raises(KeyError):
        result.a.x


@pytest.mark.parametrize("cls", [AutoDict, AutoOrderedDict])
def test_private_names_are_attributes(cls: type) -> None:
    result = cls()
    result._private = 5
    assert result._private == 5
    assert result == {}
    with pytest.raises(AttributeError):
        result._other


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
@pytest.mark.parametrize("cls", [AutoDict, AutoOrderedDict])
def test_copies_are_of_the_same_kind_and_stay_closed(cls: type, again: object) -> None:
    result = cls()
    result.a.b = 1
    result._close()
    other = again(result)  # type: ignore[operator]
    assert type(other) is cls
    assert other == result
    assert type(other.a) is cls
    with pytest.raises(KeyError):
        other.zz


def test_lists_of_their_own() -> None:
    found = AutoDictList()
    found["a"].append(1)
    assert found == {"a": [1]}
    assert found["b"] == []


def test_keys_as_attributes() -> None:
    names = DotDict(a=1, _b=2)
    assert (names.a, names._b) == (1, 2)
    assert not hasattr(names, "c")
    with pytest.raises(KeyError):
        names.c
    assert pickle.loads(pickle.dumps(names)) == names


def test_ordered_defaults() -> None:
    found = OrderedDefaultdict(list, x=[0])
    found["b"].append(1)
    found["a"]
    assert list(found.items()) == [("x", [0]), ("b", [1]), ("a", [])]
    for other in (copy.copy(found), copy.deepcopy(found), pickle.loads(pickle.dumps(found)), found.copy()):
        assert other == found
        assert other.default_factory is list
    with pytest.raises(KeyError):
        OrderedDefaultdict()["a"]
    with pytest.raises(TypeError):
        OrderedDefaultdict(5)


def test_a_tree_grows() -> None:
    tree = Tree()
    tree["a"]["b"]["c"] = 1
    assert tree == {"a": {"b": {"c": 1}}}
