"""Asking for an optional package."""

from __future__ import annotations

from pathlib import Path

import pytest

from backtrader.errors import BacktraderError, OptionalPackageError
from backtrader.utils.optional import require


def test_a_package_that_is_there_is_returned() -> None:
    import json.decoder

    assert require("json.decoder") is json.decoder


def test_a_missing_one_says_what_to_install() -> None:
    with pytest.raises(OptionalPackageError) as caught:
        require("surely_not_there.sub", extra="plot", why="cerebro.plot()")
    assert str(caught.value) == (
        "cerebro.plot() needs the package 'surely_not_there', which is not installed: pip install 'backtrader[plot]'"
    )
    assert caught.value.name == "surely_not_there.sub"
    assert isinstance(caught.value, ImportError)
    assert isinstance(caught.value, BacktraderError)


def test_without_an_extra_the_package_is_named_as_on_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sklearn", None)
    with pytest.raises(OptionalPackageError, match=r"^the package 'sklearn' is needed.*'scikit-learn'$"):
        require("sklearn")


def test_a_fault_inside_the_package_is_not_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lacking_something.py").write_text("import surely_not_there\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError) as caught:
        require("lacking_something")
    assert not isinstance(caught.value, OptionalPackageError)
    assert caught.value.name == "surely_not_there"
