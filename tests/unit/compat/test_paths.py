"""Old module paths lead to the modules that took their place."""

from __future__ import annotations

import importlib
import importlib.util
import pickle
import subprocess
import sys
from unittest import mock

import pytest

import backtrader as bt
from backtrader.compat import paths


def is_there(path: str) -> bool:
    """Whether a module that the table leads to exists yet."""
    try:
        return importlib.util.find_spec(path) is not None
    except ModuleNotFoundError:
        return False


SERVED = sorted(old for old, new in paths.MODULES.items() if is_there(f"backtrader.{new}"))


def test_most_of_the_table_is_served() -> None:
    missing = {new.partition(".")[0] for old, new in paths.MODULES.items() if old not in SERVED}
    assert missing <= {"vendors", "writers", "indicators"}  # indicators: only indicators.talib


@pytest.mark.parametrize("old", SERVED)
def test_the_old_path_is_the_module_itself(old: str) -> None:
    new = f"backtrader.{paths.MODULES[old]}"
    assert importlib.import_module(f"backtrader.{old}") is importlib.import_module(new)
    assert sys.modules[f"backtrader.{old}"].__name__ == new
    assert sys.modules[new].__spec__ is not None
    assert sys.modules[new].__spec__.name == new


@pytest.mark.parametrize(
    "line",
    [
        "from backtrader.strategy import MetaStrategy, Strategy, with_metaclass",
        "from backtrader.feed import MetaAbstractDataBase, MetaCSVDataBase, TimeFrame, date2num",
        "from backtrader.broker import BrokerBase, MetaBroker, MetaParams, with_metaclass",
        "from backtrader.store import MetaParams, MetaSingleton, Store, with_metaclass",
        "from backtrader.feeds import MetaParams, TimeFrame, with_metaclass",
        "from backtrader.metabase import MetaParams, findowner, ItemCollection",
        "from backtrader.analyzer import MetaAnalyzer, with_metaclass",
        "from backtrader.brokers.bbroker import BackBroker, BrokerBack, with_metaclass",
        "from backtrader.resamplerfilter import Resampler, TimeFrame, date2num",
        "from backtrader.indicator import MetaIndicator, Indicator",
        "from backtrader.linebuffer import LineBuffer, LineDelay, _LineDelay, _LineForward",
    ],
)
def test_names_are_where_the_original_shows_them(line: str) -> None:
    # in a process of its own: an old path adds such names when it is first used
    subprocess.run([sys.executable, "-c", line], check=True)


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("backtrader.brokers.bbroker", "backtrader.broker.back"),
        ("backtrader.brokers.matching", "backtrader.broker.matching"),
        ("backtrader.lineseries", "backtrader.lines"),
        ("backtrader.utils.date", "backtrader.utils.dateintern"),
        ("backtrader.utils", None),
        ("backtrader.utils.dateintern", None),
        ("backtrader.feeds.pandafeed", None),
        ("backtrader", None),
        ("other.lineseries", None),
    ],
)
def test_paths_below_an_old_package_lead_below_the_new(path: str, current: str | None) -> None:
    assert paths.current_path(path) == current


def test_nothing_is_loaded_twice() -> None:
    below = importlib.import_module("backtrader.brokers.matching")
    assert below is importlib.import_module("backtrader.broker.matching")


def test_a_submodule_can_be_had_in_every_way() -> None:
    import backtrader.utils.date as first
    from backtrader.utils.date import num2date

    from backtrader.utils import date as second

    assert first is second is bt.utils.dateintern
    assert num2date is bt.num2date


def test_names_that_moved_elsewhere_are_put_beside_the_others() -> None:
    from backtrader.dataseries import SimpleFilterWrapper
    from backtrader.metabase import ItemCollection

    assert SimpleFilterWrapper is bt.SimpleFilterWrapper
    assert ItemCollection is bt.ItemCollection


def test_patching_through_the_old_path_reaches_the_new() -> None:
    with mock.patch("backtrader.tradingcal.ONEDAY", "patched"):
        assert bt.utils.tradingcal.ONEDAY == "patched"
    assert bt.utils.tradingcal.ONEDAY != "patched"


def test_reloading_through_the_old_path_reloads_the_new() -> None:
    import backtrader.mathsupport as old

    old.average = None  # type: ignore[assignment]
    again = importlib.reload(old)
    assert again is sys.modules["backtrader.utils.mathsupport"]
    assert again.average([1, 3]) == 2.0


def test_an_old_pickle_finds_its_class() -> None:
    current = pickle.dumps(bt.TimeFrame, protocol=0)
    old = current.replace(b"backtrader.lines.timeframe", b"backtrader.dataseries")
    assert old != current
    assert pickle.loads(old) is bt.TimeFrame


def test_a_fresh_process_finds_it_too() -> None:
    code = (
        "import pickle, sys\n"
        "cls = pickle.loads(sys.stdin.buffer.read())\n"
        "print(cls.__module__, 'backtrader.dataseries' in sys.modules)\n"
    )
    old = pickle.dumps(bt.TimeFrame, protocol=0).replace(
        b"backtrader.lines.timeframe", b"backtrader.dataseries"
    )
    done = subprocess.run([sys.executable, "-c", code], input=old, capture_output=True, check=True)
    assert done.stdout.split() == [b"backtrader.lines.timeframe", b"True"]


def test_a_path_that_leads_nowhere_yet_is_a_missing_module() -> None:
    sys.modules.pop("backtrader.order", None)
    nowhere = mock.patch.dict(paths.MODULES, {"order": "nowhere"})
    with nowhere, pytest.raises(ModuleNotFoundError, match="nowhere"):
        importlib.import_module("backtrader.order")
