"""Names that are there for old code only."""

from __future__ import annotations

import datetime
import subprocess
import sys
import warnings

import pytest

import backtrader as bt
from backtrader.compat import names
from backtrader.utils.construct import MetaParams


@pytest.fixture(autouse=True)
def fresh() -> None:
    """A leaked name warns when it is first used: forget that it was."""
    for name in names.LEAKED:
        vars(bt).pop(name, None)


@pytest.mark.parametrize("name", sorted(names.LEAKED))
def test_a_leaked_name_is_served_with_a_warning(name: str) -> None:
    with pytest.warns(DeprecationWarning, match=rf"^bt\.{name} was never meant"):
        found = getattr(bt, name)
    assert found is not None


def test_the_warning_points_at_the_users_line() -> None:
    with pytest.warns(DeprecationWarning, match="import datetime") as caught:
        assert bt.datetime is datetime
    assert caught[0].filename == __file__


def test_it_warns_once() -> None:
    with pytest.warns(DeprecationWarning, match="timedelta"):
        bt.timedelta
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert bt.timedelta(days=1) == datetime.timedelta(days=1)


@pytest.mark.parametrize("name", sorted(names.METACLASSES))
def test_a_family_has_a_metaclass_to_derive_from(name: str) -> None:
    assert issubclass(getattr(bt, name), MetaParams)


def test_a_metaclass_of_ones_own() -> None:
    class MetaMine(bt.MetaStrategy):
        def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, object]) -> None:
            super().__init__(name, bases, namespace)
            cls.registered = name

    class Mine(bt.with_metaclass(MetaMine, bt.Strategy)):
        params = (("x", 1),)

    assert Mine.registered == "Mine"
    assert Mine.params.x == 1


def test_any_other_name_is_plainly_missing() -> None:
    with pytest.raises(AttributeError, match="module 'backtrader' has no attribute 'Cerebrum'"):
        bt.Cerebrum


def test_looking_around_does_not_warn() -> None:
    code = "import warnings; warnings.simplefilter('error'); import backtrader; dir(backtrader)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
