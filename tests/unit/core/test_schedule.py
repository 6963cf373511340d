"""The steps of runs with resampled feeds: as columns the same as gone through one by one."""

from __future__ import annotations

import datetime as dt
import random
import warnings
from typing import Any

import pytest

import backtrader as bt
from backtrader.core.cast import Cast
from backtrader.core.recorded import record
from backtrader.core.schedule import lay_out_ahead
from backtrader.core.sweep import load_datas
from tests.property.timeframe_runs import Columns, Zone, columns

TF = bt.TimeFrame
START = dt.datetime(2021, 3, 26, 9, 0)


def minutes(*offsets: int, start: dt.datetime = START) -> list[dt.datetime]:
    return [start + dt.timedelta(minutes=offset) for offset in offsets]


def loaded(feeds: list[dict[str, Any]], added: list[tuple[int, dict[str, Any] | None]]) -> Any:
    """A Cerebro whose feeds are loaded as before a run."""
    cerebro = bt.Cerebro()
    made = [Columns(**{"timeframe": TF.Minutes, **kwargs}) for kwargs in feeds]
    for number, options in added:
        if options is None:
            cerebro.adddata(made[number])
        else:
            cerebro.resampledata(made[number], **{"timeframe": TF.Minutes, **options})
    cerebro._choose_modes()
    load_datas(cerebro)
    return cerebro


def laid_out(feeds: Any, added: Any, how: str) -> Any:
    """Steps, positions and bars; None if that way cannot tell."""
    cerebro = loaded(feeds, added)
    cast = Cast(cerebro)
    assert cast.sort()
    layout = lay_out_ahead(cast) if how == "ahead" else record(cerebro, cast)
    if layout is None:
        return None
    places = {
        id(data): list(positions)
        for group, positions in zip(layout.groups, layout.positions, strict=True)
        for data in group
    }
    return {
        "times": list(layout.times),
        "now": list(layout.now),
        "held": layout.held,
        "places": [places[id(data)] for data in cerebro.datas],
        "bars": [[list(line.array) for line in data.lines] for data in cerebro.datas],
    }


def both(feeds: Any, added: Any) -> Any:
    """The layout, which has to be the same in both ways."""
    ahead = laid_out(feeds, added, "ahead")
    assert ahead is not None
    assert repr(ahead) == repr(laid_out(feeds, added, "recorded"))
    return ahead


def test_a_clone_has_a_bar_when_its_last_row_has_come() -> None:
    found = both([{"columns": columns(minutes(*range(1, 9)), 1)}], [(0, None), (0, {"compression": 3})])
    # 9:03 and 9:06 are edges; what is left comes in a step of its own, later than the clock says
    assert found["places"] == [[0, 1, 2, 3, 4, 5, 6, 7, 7], [-1, -1, 0, 0, 0, 1, 1, 1, 2]]
    assert found["held"] == 8
    assert found["now"][-1] == found["now"][-2] == found["times"][-2]
    assert found["times"][-1] == found["bars"][1][6][-1] == bt.date2num(minutes(9)[0])


def test_nothing_is_held_back_where_the_last_row_is_an_edge() -> None:
    found = both([{"columns": columns(minutes(1, 2, 3), 1)}], [(0, None), (0, {"compression": 3})])
    assert found["held"] == -1
    assert found["places"] == [[0, 1, 2], [-1, -1, 0]]


def test_a_feed_of_its_own_comes_when_its_time_has_come() -> None:
    feeds = [{"columns": columns(minutes(0, 10, 12, 30), 1)}, {"columns": columns(minutes(1, 2, 8, 14), 2)}]
    found = both(feeds, [(0, None), (1, {"compression": 5})])
    # bars of 9:05, 9:10 and 9:15, one a step
    assert found["places"][1] == [-1, 0, 1, 2]


def test_the_bar_in_the_making_is_delivered_by_the_time_of_others() -> None:
    feeds = [{"columns": columns(minutes(*range(10)), 1)}, {"columns": columns(minutes(1, 2), 2)}]
    found = both(feeds, [(0, None), (1, {"compression": 5})])
    assert found["places"][1] == [-1] * 5 + [0] * 5
    assert found["held"] == -1


def test_bars_later_than_all_plain_ones_lead_at_the_end() -> None:
    feeds = [{"columns": columns(minutes(0, 1), 1)}, {"columns": columns(minutes(3, 9, 17), 2)}]
    found = both(feeds, [(0, None), (1, {"compression": 5})])
    assert found["places"] == [[0, 1, 1, 1, 1], [-1, -1, 0, 1, 2]]
    assert found["now"][2:4] == found["times"][2:4] == [bt.date2num(t) for t in minutes(5, 10)]
    assert (found["held"], found["now"][4]) == (4, found["now"][3])


def test_a_run_of_held_bars_alone() -> None:
    found = both([{"columns": columns(minutes(1), 1)}], [(0, {"compression": 5})])
    assert (found["held"], len(found["times"])) == (0, 1)
    assert found["now"][0] > found["times"][0]  # no time has passed: it is later than any


@pytest.mark.parametrize(
    ("feeds", "added"),
    [
        # a bar of two days has the time of the session's end, which is later than its last row
        ([{"columns": columns([START, START + dt.timedelta(1)], 1), "timeframe": TF.Days}],
         [(0, None), (0, {"timeframe": TF.Days, "compression": 2})]),
        # the clone's feed does not move in every step
        ([{"columns": columns(minutes(1, 2, 9), 1)}, {"columns": columns(minutes(1, 2, 3, 4), 1)}],
         [(0, None), (1, None), (0, {"compression": 5})]),
        ([{"columns": columns(minutes(1, 1, 2), 1)}], [(0, None), (0, {"compression": 5})]),
        ([{"columns": columns(minutes(3, 1, 9), 1)}], [(0, None), (0, {"compression": 5})]),
        ([{"columns": columns(minutes(1, 2, 3), 1, missing=1.0)}], [(0, None), (0, {"compression": 5})]),
        ([{"columns": columns(minutes(1, 2, 3), 1)}],
         [(0, None), (0, {"compression": 2, "bar2edge": False})]),
    ],
)  # fmt: skip
def test_what_columns_cannot_tell(feeds: Any, added: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert laid_out(feeds, added, "ahead") is None
        assert laid_out(feeds, added, "recorded")["places"]


@pytest.mark.parametrize("seed", range(60))
def test_random_feeds(seed: int) -> None:
    rnd = random.Random(f"schedule {seed}")
    same = sorted(rnd.sample(range(3000), 150))
    feeds = [{"columns": columns(minutes(*same), seed)}]
    added: list[Any] = [(0, None)]
    for _ in range(rnd.randrange(2)):
        feeds.append({"columns": columns(minutes(*same), seed + 1)})
        added.append((len(feeds) - 1, None))
    for _ in range(rnd.randrange(2)):
        feeds.append({"columns": columns(minutes(*sorted(rnd.sample(range(-300, 4000), 90))), seed + 2)})
        added.append((len(feeds) - 1, _larger(rnd)))
    for _ in range(rnd.randrange(1, 3)):
        added.append((0, _larger(rnd)))
    if rnd.random() < 0.3:
        for kwargs in feeds:
            kwargs.update(sessionend=dt.time(rnd.choice([9, 12, 20]), 30))
    if rnd.random() < 0.3:
        feeds[0]["tz"] = Zone(rnd.choice([-5, 2, 5.5]))
    ahead = laid_out(feeds, added, "ahead")
    recorded = laid_out(feeds, added, "recorded")
    if ahead is not None:
        assert repr(ahead) == repr(recorded)
    assert all(len(column) == len(recorded["times"]) for column in recorded["places"])


def _larger(rnd: random.Random) -> dict[str, Any]:
    timeframe, compression = rnd.choice(
        [(TF.Minutes, 5), (TF.Minutes, 15), (TF.Minutes, 60), (TF.Days, 1), (TF.Weeks, 1)]
    )
    found: dict[str, Any] = {"timeframe": timeframe, "compression": compression}
    for name in ("bar2edge", "adjbartime", "rightedge"):
        if rnd.random() < 0.1:
            found[name] = False
    return found
