"""Names and numbers of timeframes."""

from __future__ import annotations

import pytest

from backtrader.lines.timeframe import TimeFrame


def test_numbers_grow_with_the_unit() -> None:
    assert (TimeFrame.Ticks, TimeFrame.Minutes, TimeFrame.Days, TimeFrame.NoTimeFrame) == (1, 4, 5, 9)


@pytest.mark.parametrize("number", range(1, 10))
def test_names_lead_back(number: int) -> None:
    assert TimeFrame.TFrame(TimeFrame.TName(number)) == number


@pytest.mark.parametrize(
    ("number", "compression", "name"),
    [
        (4, 1, "Minute"),
        (4, 5, "Minutes"),
        (4, 0, "Minute"),
        (9, 1, "NoTimeFrame"),
        (0, 1, ""),
        (5, None, "Days"),
    ],
)
def test_one_is_singular(number: int, compression: int | None, name: str) -> None:
    assert TimeFrame.getname(number, compression) == name
