"""What every indicator inherits."""

from __future__ import annotations

import pytest

import backtrader as bt
from backtrader.utils.construct import hint
from tests.unit.indicators.stage import closes, run, values

RISING = closes([1.0, 2.0, 3.0, 4.0, 5.0])
MODES = pytest.mark.parametrize("mode", ["batch", "event"])


class Twice(bt.Indicator):
    lines = ("twice",)

    def next(self) -> None:
        self.lines.twice[0] = 2.0 * self.data[0]


class Both(bt.ind.SMA):
    """A built-in with a line and a `next` added."""

    lines = ("above",)

    def next(self) -> None:
        self.lines.above[0] = self.data[0] - self.lines.sma[0]


def test_other_names_are_subclasses_with_that_name() -> None:
    assert bt.ind.SMA.__name__ == "SMA"
    assert bt.ind.SMA.__bases__ == (bt.ind.MovingAverageSimple,)
    assert bt.ind.SMA.__module__ == "backtrader.indicators.sma"


def test_classes_are_collected_by_name() -> None:
    assert bt.Indicator._indcol["Twice"] is Twice
    assert "SMA" not in bt.Indicator._indcol


@MODES
def test_own_next(mode: str) -> None:
    assert values(run(RISING, "Twice(d)", mode, Twice=Twice)) == [2.0, 4.0, 6.0, 8.0, 10.0]


@MODES
def test_next_added_to_a_built_in_sees_its_values(mode: str) -> None:
    made = run(RISING, "Both(d, period=3)", mode, Both=Both)
    assert values(made, "sma")[2:] == [2.0, 3.0, 4.0]
    assert values(made, "above")[2:] == [1.0, 1.0, 1.0]


@MODES
def test_an_indicator_of_a_bundle_starts_when_all_its_lines_do(mode: str) -> None:
    inner = "bt.ind.MACD(d, period_me1=1, period_me2=2, period_signal=3)"
    made = run(RISING, f"bt.ind.SMA({inner}, period=2)", mode)
    # the line macd is valid on the second bar, the signal on the fourth: one more for the average
    assert made._minperiod == 5
    assert [v == v for v in values(made)] == [False, False, False, False, True]


@MODES
def test_short_data_gives_no_values_and_no_error(mode: str) -> None:
    for case in ("bt.ind.SMA(d, period=9)", "bt.ind.RSI(d)", "bt.ind.BollingerBands(d)", "bt.ind.ADX(d)"):
        made = run(RISING, case, mode)
        assert len(values(made)) == 5
        assert all(v != v for line in range(made.size()) for v in values(made, line))


@MODES
def test_line_plotter_names_a_line(mode: str) -> None:
    made = run(RISING, "bt.LinePlotterIndicator(d.close > 2.0, name='high')", mode)
    assert made.lines.getlinealiases() == ("high",)
    assert values(made, "high") == [0.0, 0.0, 1.0, 1.0, 1.0]
    other = run(RISING, "bt.LinePlotterIndicator(d.close(-1), name='late', subplot=False)", mode)
    assert other.lines.getlinealiases() == ("late",)
    assert other.plotinfo.subplot is False
    assert isinstance(other, bt.LinePlotterIndicator)


def test_a_line_that_is_not_there_is_named_in_the_error() -> None:
    made = run(RISING, "bt.ind.SMA(d, period=2)")
    with pytest.raises(AttributeError, match="smaa") as caught:
        made.lines.smaa
    hint(caught.value)
    assert caught.value.__notes__ == ["SMA has no line 'smaa'; did you mean 'sma'?"]


def test_batch_computes_nothing_that_is_not_read() -> None:
    made = run(RISING, "bt.ind.SMA(d, period=2)")
    assert made._now.calls == 0
    assert values(made)[1:] == [1.5, 2.5, 3.5, 4.5]
    assert made._now.calls == 1
