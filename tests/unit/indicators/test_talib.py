"""The bridge to TA-Lib: inputs, parameters, errors, memory; values are compared in tests/parity."""

from __future__ import annotations

import math
import os
import pickle
import random
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

import backtrader as bt

from .stage import Columns, run, values

try:
    import talib
except ImportError:
    if os.environ.get("CI") == "true":
        raise
    pytest.skip("TA-Lib is not installed: pip install 'backtrader[talib]'", allow_module_level=True)

rnd = random.Random(17)


def walk(size: int) -> Columns:
    closes = [100.0]
    while len(closes) < size:
        closes.append(round(closes[-1] * (1 + rnd.gauss(0, 0.02)), 2))
    return {
        "open": [closes[0], *closes[:-1]],
        "high": [price * 1.01 for price in closes],
        "low": [price * 0.98 for price in closes],
        "close": closes,
        "volume": [float(rnd.randrange(1, 900)) for _ in closes],
    }


BARS = walk(120)


def same(a: list[float], b: list[float]) -> bool:
    return len(a) == len(b) and all(x == y or (math.isnan(x) and math.isnan(y)) for x, y in zip(a, b))


def column(case: str, mode: str = "batch", line: str | int = 0, bars: Columns = BARS) -> list[float]:
    return values(run(bars, case, mode), line)


# --- inputs ----------------------------------------------------------------------------------


def test_inputs_by_position() -> None:
    import numpy as np

    expected = talib.ATR(*(np.array(BARS[name]) for name in ("high", "low", "close")), timeperiod=5)
    assert same(column("bt.talib.ATR(d.high, d.low, d.close, timeperiod=5)"), list(expected))


@pytest.mark.parametrize("mode", ["batch", "event"])
@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("ATR(d)", "ATR(d.high, d.low, d.close)"),
        ("OBV(d)", "OBV(d.close, d.volume)"),
        ("CDLENGULFING(d)", "CDLENGULFING(d.open, d.high, d.low, d.close)"),
        ("AD()", "AD(d.high, d.low, d.close, d.volume)"),
        ("SMA(d, timeperiod=4)", "SMA(d.close, timeperiod=4)"),
    ],
)
def test_one_feed_gives_its_lines_by_name(short: str, long: str, mode: str) -> None:
    assert same(column(f"bt.talib.{short}", mode), column(f"bt.talib.{long}", mode))


@pytest.mark.parametrize("mode", ["batch", "event"])
def test_a_number_may_stand_for_a_line(mode: str) -> None:
    assert column("bt.talib.ADD(d.close, 2.5)", mode) == [price + 2.5 for price in BARS["close"]]


@pytest.mark.parametrize("given", ["d.close", "d.high, d.low", "d.high, d.low, d.close, d.open"])
def test_a_wrong_number_of_inputs_says_which_are_needed(given: str) -> None:
    with pytest.raises(TypeError, match=r"talib\.ATR takes 3 input\(s\), high, low, close; \d given"):
        run(BARS, f"bt.talib.ATR({given})")


# --- parameters --------------------------------------------------------------------------------


def test_a_parameter_out_of_range_is_named() -> None:
    with pytest.raises(ValueError, match=r"talib\.SMA\(timeperiod=0\).*range"):
        run(BARS, "bt.talib.SMA(d, timeperiod=0)")


def test_a_parameter_of_another_type_is_named() -> None:
    with pytest.raises(TypeError, match=r"talib\.SMA\(timeperiod=2\.5\).*timeperiod.*int"):
        run(BARS, "bt.talib.SMA(d, timeperiod=2.5)")


@pytest.mark.parametrize(("given", "named"), [("period=4", "period=4"), ("4", "4")])
def test_what_is_no_parameter_is_ignored_and_said(given: str, named: str) -> None:
    with pytest.warns(
        UserWarning, match=f"talib.SMA ignores {named}; its parameters, by name: timeperiod"
    ) as w:
        assert run(BARS, f"bt.talib.SMA(d, {given})").p.timeperiod == 30
    assert w[0].filename == "<string>"  # the line that made it


def test_average_types_by_name() -> None:
    by_name = column("bt.talib.MA(d, timeperiod=6, matype=bt.talib.MA_Type.WMA)")
    assert same(by_name, column("bt.talib.WMA(d, timeperiod=6)"))


# --- lines -------------------------------------------------------------------------------------


def test_a_candle_pattern_marks_the_bar_above_its_high() -> None:
    found = run(BARS, "bt.talib.CDLENGULFING(d)")
    pattern, marks = values(found, "integer"), values(found, "_candleplot")
    assert set(pattern) == {-80.0, 0.0, 80.0}
    assert marks == [high * 1.02 * (value / 100.0) for high, value in zip(BARS["high"], pattern)]
    assert found.plotlines.integer._plotskip
    assert found.plotlines._candleplot._name == "CDLENGULFING"


def test_unread_functions_are_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    cls = bt.talib.STDDEV
    function = cls._tafunc
    monkeypatch.setattr(
        cls, "_tafunc", staticmethod(lambda *a, **k: calls.append(len(a[0])) or function(*a, **k))
    )
    made = run(BARS, "bt.talib.STDDEV(d)")
    assert calls == []
    first = values(made)
    assert values(made) == first or same(values(made), first)
    assert calls == [120]


@pytest.mark.parametrize("mode", ["batch", "event"])
@pytest.mark.parametrize("size", [0, 1, 5])
def test_fewer_bars_than_the_look_back(size: int, mode: str) -> None:
    found = run(walk(5) if size == 5 else {k: v[:size] for k, v in BARS.items()}, "bt.talib.BBANDS(d)", mode)
    assert all(math.isnan(x) for name in found.lines.getlinealiases() for x in values(found, name))


# --- stepped -----------------------------------------------------------------------------------


def test_what_remembers_needs_to_say_so_to_be_the_same_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = column("bt.talib.OBV(d)")
    assert not same(column("bt.talib.OBV(d)", "event"), batch)
    monkeypatch.setattr(bt.talib.OBV, "_unstable", True)
    assert same(column("bt.talib.OBV(d)", "event"), batch)


@pytest.mark.parametrize("name", ["EMA", "RSI", "KAMA", "HT_TRENDLINE", "T3"])
def test_bounded_memory_keeps_what_the_function_needs(name: str) -> None:
    bars = walk(900)  # more than the bars that are kept

    class Watch(bt.Strategy):
        def __init__(self) -> None:
            self.only = getattr(bt.talib, name)(self.data)
            self.seen: list[float] = []

        def next(self) -> None:
            self.seen.append(self.only[0])

    class Feed(bt.feeds.DataBase):
        def start(self) -> None:
            super().start()
            self.at = 0

        def _load(self) -> bool:
            if self.at >= 900:
                return False
            self.lines.datetime[0] = 737425.0 + self.at
            for key, known in bars.items():
                getattr(self.lines, key)[0] = known[self.at]
            self.at += 1
            return True

    def seen(**kwargs: Any) -> list[float]:
        cerebro = bt.Cerebro()
        cerebro.adddata(Feed())
        cerebro.addstrategy(Watch)
        found: list[float] = cerebro.run(**kwargs)[0].seen
        return found

    expected = seen()
    assert len(expected) > 800
    assert same(seen(exactbars=1), expected)


# --- the module --------------------------------------------------------------------------------


def test_every_function_has_a_class_of_its_name() -> None:
    names = talib.get_functions()
    assert bt.talib.tafunctions == names
    assert set(names) <= set(bt.talib.__all__) <= set(dir(bt.talib))
    for name in names:
        cls = getattr(bt.talib, name)
        assert issubclass(cls, bt.Indicator)
        assert (cls.__name__, cls.__module__) == (name, bt.talib.__name__)
        assert pickle.loads(pickle.dumps(cls)) is cls


def test_it_is_the_same_module_under_its_old_path() -> None:
    import backtrader.talib as there

    import backtrader.indicators.talib as here

    assert here is there is bt.talib
    assert bt.ind.SMA is not there.SMA
    assert bt.Indicator._indcol.get("SMA") is not there.SMA


def test_a_name_that_is_no_function() -> None:
    with pytest.raises(AttributeError, match=r"no function 'MACDD'; did you mean .*'MACD'"):
        bt.talib.MACDD
    assert not hasattr(bt.talib, "nothing")


def python(script: str, root: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


ABSENT = """
import sys
sys.modules["talib"] = None  # as if it were not installed
import backtrader as bt
assert not hasattr(bt.talib, "SMA") and bt.talib.__all__ == [] and "SMA" not in dir(bt.talib)
exec("from backtrader.talib import *")
try:
    bt.talib.SMA
except AttributeError as error:
    print(error)
"""


def test_without_talib_the_error_says_what_to_install(root: Path) -> None:
    said = python(ABSENT, root)
    assert said.startswith("bt.talib.SMA: ")
    assert "pip install 'backtrader[talib]'" in said


def test_importing_backtrader_imports_neither(root: Path) -> None:
    script = (
        "import sys, backtrader as bt; bt.talib; print([m for m in ('talib', 'numpy') if m in sys.modules])"
    )
    assert python(script, root).strip() == "[]"


def test_no_warning_when_all_is_well() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(BARS, "bt.talib.MACD(d, fastperiod=3, slowperiod=6, signalperiod=2, plotname='x')")
