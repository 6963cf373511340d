"""Resampling whole columns gives the bars, and leaves the filter, as resampling row by row does."""

from __future__ import annotations

import datetime as dt
import math
import random
import warnings
from typing import Any

import pytest

import backtrader as bt
from backtrader.feeds import resampled
from tests.unit.filters import cases

TF = bt.TimeFrame
NAMES = ("open", "high", "low", "close", "volume", "openinterest")


class Rows(bt.feeds.PandasData):
    """A feed whose rows somebody wants to see."""

    def _load(self) -> Any:
        return super()._load()


def frame(rows: list[Any]) -> Any:
    import pandas as pd

    data = {name: [row[i + 1] for row in rows] for i, name in enumerate(NAMES)}
    return pd.DataFrame(data, index=pd.DatetimeIndex([row[0] for row in rows]))


def fed(kind: Any, number: int) -> Any:
    """Feed ``number``, resampled somehow and preloaded but for what the filter holds back."""
    rng = random.Random(f"columns {number}")
    source = rng.choice(["minutes", "minutes", "seconds", "days", "late", "ticks"])
    rows = [row for row in cases.make_rows(rng, source) if row != "nothing yet"]
    if rng.random() < 0.8:
        rows = sorted({row[0]: row for row in rows}.values())
    if rng.random() < 0.9:
        rows = [row[:1] + tuple(5.0 if math.isnan(value) else value for value in row[1:]) for row in rows]
    if rng.random() < 0.3:
        rows = [(*row[:5], row[5] / 7.0, row[6]) for row in rows]
    options = cases.feed_options(rng, rows + [rows[0]] * 3)
    calendar = cases.Calendar(dt.time(16)) if rng.random() < 0.15 else None
    chosen = cases.filter_options(rng, cases.FRAMES[source])
    data = kind(
        dataname=frame(rows),
        timeframe=cases.FRAMES[source],
        compression=rng.choice([1, 1, 2]),
        **options,
    )
    data.setenvironment(cases.Environment(calendar))
    data.resample(**chosen)
    data._start()
    data._load_all()
    return data


def state(data: Any) -> list[Any]:
    flt = data._filters[0][0]
    bound = flt.boundary
    bars = [[value.hex() for value in line.array] for line in data.lines]
    rest = [float(value).hex() for value in flt.bar.values()]
    return [bars, rest, bound.periods, bound.session.ahead, bound.session.last, len(data)]


@pytest.mark.parametrize("block", range(10))
def test_columns_give_the_bars_of_rows(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    by_rows: list[int] = []
    monkeypatch.setattr(
        resampled, "_one_by_one", lambda *args, send=resampled._one_by_one: (by_rows.append(1), send(*args))
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for number in range(block * 60, block * 60 + 60):
            assert state(fed(bt.feeds.PandasData, number)) == state(fed(Rows, number)), number
    assert len(by_rows) < 40
