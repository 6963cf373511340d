"""What a report says is what the run did."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import pytest

import backtrader as bt
from tests.browser import runs
from tests.unit.report.reading import Read

pytest.importorskip("pandas")


@pytest.fixture(scope="module")
def rich() -> Any:
    return runs.rich()


@pytest.fixture(scope="module")
def read(rich: Any, tmp_path_factory: pytest.TempPathFactory) -> Read:
    return Read(rich.report(tmp_path_factory.mktemp("rich") / "run.html", benchmark="ACME"))


def trades_of(cerebro: Any) -> list[Any]:
    return [
        t for s in cerebro.runstrats[0] for by_id in s._trades.values() for ts in by_id.values() for t in ts
    ]


# -- bars and lines --------------------------------------------------------------------------------


def test_bars_are_those_of_the_feed_to_the_last_digit(rich: Any, read: Read) -> None:
    for feed, data in zip(read["feeds"], rich.datas, strict=True):
        for name in ("open", "high", "low", "close", "volume"):
            assert read.values(feed[name]) == list(getattr(data.lines, name).array)
        days = [dt.datetime(1970, 1, 1) + dt.timedelta(seconds=s) for s in read.values(feed["time"])]
        assert days == [
            data.num2date(x).replace(hour=0, minute=0, second=0, microsecond=0) for x in data.datetime.array
        ]


def test_lines_are_those_of_the_indicators_to_the_digits_shown(rich: Any, read: Read) -> None:
    seen = []
    for number, strategy in enumerate(rich.runstrats[0]):
        for feed, data in zip(read["feeds"], rich.datas, strict=True):
            sources = {
                i.plotlabel(): i
                for i in strategy.getindicators()
                if hasattr(i, "plotlabel") and i.data is data
            }
            sources |= {each.plotlabel(): each for each in strategy.getobservers()}
            for series in (series for pane in feed["panes"][number] for series in pane["series"]):
                true = list(getattr(sources[series["of"]].lines, series["line"]).array)
                found, digits = read.values(series["values"]), series["values"]["digits"]
                assert len(found) == len(true) == 600
                for a, b in zip(found, true, strict=True):
                    assert (math.isnan(a) and math.isnan(b)) or abs(a - b) <= 0.5001 * 10.0**-digits
                seen.append((number, feed["name"], series["of"]))
    assert len(seen) == 18
    assert {of for *_, of in seen} == {
        "EMA (12)", "EMA (40)", "MACDHisto (12, 26, 9)", "RSI (14)", "DrawDown (None)", "BollingerBands (20, 2.0)",
        "Stochastic (14, 3, 3)",
    }  # fmt: skip


def test_seven_digits_are_kept_of_what_has_more(read: Read) -> None:
    for series in read["feeds"][0]["panes"][0][0]["series"]:
        largest = max(abs(x) for x in read.values(series["values"]) if not math.isnan(x))
        assert len(str(int(largest))) + series["values"]["digits"] == 7


# -- trades, orders, fills --------------------------------------------------------------------------


def test_every_trade_is_there(rich: Any, read: Read) -> None:
    trades, table = sorted(trades_of(rich), key=lambda t: (t.dtopen, t.ref)), read["trips"]
    assert len(trades) == len(table["ref"]) > 40
    assert table["ref"] == [t.ref for t in trades]
    assert table["net"] == [t.pnlcomm for t in trades]
    assert table["entry"] == [t.price for t in trades]
    assert [each is None for each in table["dtclose"]] == [not t.isclosed for t in trades]
    for i, trade in enumerate(trades):
        data = rich.datas[table["data"][i]]
        assert data is trade.data
        assert data.datetime.array[table["from"][i]] == trade.dtopen
        if trade.isclosed:
            assert data.datetime.array[table["to"][i]] == trade.dtclose
            assert table["to"][i] - table["from"][i] == trade.barlen == table["bars"][i]


def test_every_order_and_every_fill_is_there(rich: Any, read: Read) -> None:
    orders, fills = rich.broker.orders, rich.broker.ledger.fills
    assert read["orders"]["ref"] == [order.ref for order in orders]
    assert read["orders"]["status"] == [order.getstatusname() for order in orders]
    assert read["fills"]["ref"] == [fill.ref for fill in fills]
    assert read["fills"]["price"] == [fill.price for fill in fills]
    assert read["fills"]["rule"] == [fill.rule for fill in fills]
    for fill, bar, feed in zip(fills, read["fills"]["bar"], read["fills"]["data"], strict=True):
        assert rich.datas[feed].datetime.array[bar] == fill.dt


def test_orders_know_their_strategy_and_what_they_asked(rich: Any, read: Read) -> None:
    table = read["orders"]
    for i, order in enumerate(rich.broker.orders):
        assert rich.runstrats[0][table["strategy"][i]] is order.owner
        assert (table["price"][i] is None) == (order.exectype == bt.Order.Market)
        if order.exectype != bt.Order.Market:
            assert table["price"][i] == order.created.price


# -- the account ------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"runonce": False}, {"preload": False}])
def test_the_account_is_followed_bar_by_bar(options: dict[str, Any], tmp_path: Path) -> None:
    cerebro = runs.intraday(**options)
    found = Read(cerebro.report(tmp_path / "r.html"))
    values = found.values(found["account"]["values"])
    assert len(values) == len(cerebro.runstrats[0][0]) == 936
    assert values[-1] == round(cerebro.broker.getvalue(), 2)
    sizes, held = found["fills"], 0.0
    by_bar = dict(zip(sizes["bar"], sizes["size"], strict=True))
    closes = cerebro.datas[0].close.array
    exposure = found.values(found["account"]["exposure"])
    for bar in range(936):
        held += by_bar.get(bar, 0.0)
        assert exposure[bar] == pytest.approx(100 * abs(held) * closes[bar] / values[bar], abs=0.06)


def test_batch_and_event_runs_have_the_same_report(tmp_path: Path) -> None:
    pages = [
        Read(runs.rich(**o).report(tmp_path / f"{i}.html")) for i, o in enumerate(({}, {"runonce": False}))
    ]
    first, second = (
        {k: v for k, v in page.document.items() if k not in ("orders", "trips", "fills", "why", "metrics")}
        for page in pages
    )
    assert first == second
    assert pages[0].columns == pages[1].columns
    metrics = [{each["key"]: each["value"] for each in page["metrics"]} for page in pages]
    assert metrics[0] == pytest.approx(metrics[1], rel=1e-12)
    for table in ("orders", "trips", "fills"):
        one, other = ({k: v for k, v in page[table].items() if k != "ref"} for page in pages)
        one.pop("parent", 0), other.pop("parent", 0)  # numbers go on from run to run
        assert one == other


def test_the_numbers_are_those_of_the_summary(rich: Any, read: Read) -> None:
    summary = rich.summary(show=False)
    assert {m["key"]: m["value"] for m in read["metrics"]} == pytest.approx(dict(summary))
    assert read["start_value"] == 100_000


def test_the_fills_rules_and_the_band_are_those_of_the_book(rich: Any, read: Read) -> None:
    book = rich.fills()
    assert read["band"] == {
        "final": book.final_value,
        "worst": book.worst,
        "best": book.best,
        "ambiguous": len(book.ambiguous),
    }
    assert read["fills"]["other_price"] == [row.other_price for row in book]


def test_why_is_told(rich: Any, read: Read) -> None:
    why = rich.why()
    assert read["why"]["headline"] == [why.sent, why.executed]
    assert [each["code"] for each in read["why"]["reasons"]] == why.codes


# -- times ------------------------------------------------------------------------------------------


def test_intraday_bars_have_the_clock_of_their_market(tmp_path: Path) -> None:
    from zoneinfo import ZoneInfo

    cerebro = bt.Cerebro()
    data = runs.minutes("TICK", days=10)  # over the change to summer time of 10 March
    data.p.tz = ZoneInfo("America/New_York")
    cerebro.adddata(data)
    cerebro.addstrategy(runs.Swing)
    cerebro.run()
    found = Read(cerebro.report(tmp_path / "r.html"))
    start = dt.datetime(1970, 1, 1)
    times = [start + dt.timedelta(seconds=s) for s in found.values(found["feeds"][0]["time"])]
    assert times == [data.num2date(x).replace(tzinfo=None) for x in data.datetime.array]
    opened = [start + dt.timedelta(seconds=s) for s in found["trips"]["dtopen"]]
    assert opened == [times[bar] for bar in found["trips"]["from"]]


# -- runs of other kinds ------------------------------------------------------------------------------


def test_bounded_memory_has_numbers_but_no_bars(tmp_path: Path) -> None:
    cerebro = runs.intraday(exactbars=1)
    found = Read(cerebro.report(tmp_path / "r.html"))
    assert found["feeds"][0]["bars"] == 0
    assert found["feeds"][0]["seen"] == 936
    assert len(found.values(found["account"]["values"])) == 12  # one a day


def test_a_run_without_a_trade(tmp_path: Path) -> None:
    found = Read(runs.nothing().report(tmp_path / "r.html"))
    assert found["trips"]["ref"] == [] and found["fills"]["ref"] == []
    assert len(found["orders"]["ref"]) == 12
    assert [each["code"] for each in found["why"]["reasons"]] == ["expired"]


def test_a_strategy_may_have_parameters_of_any_kind(tmp_path: Path) -> None:
    class Odd(bt.Strategy):
        params = (
            ("a", None),
            ("b", bt.Analyzer),
            ("c", {"x": 1}),
            ("d", "</script><b>"),
            ("e", float("nan")),
        )

    cerebro = bt.Cerebro()
    cerebro.adddata(runs.daily("ACME", 1, 30))
    cerebro.addstrategy(Odd)
    cerebro.run()
    found = Read(cerebro.report(tmp_path / "r.html"))
    names = dict(found["strategies"][0]["params"])
    assert names == {
        "a": "None",
        "b": "Analyzer",
        "c": "{'x': 1}",
        "d": "</script><b>",
        "e": "nan",
    }
    assert "</script><b>" not in found.text


# -- what one can ask for -----------------------------------------------------------------------------


def test_feeds_can_be_chosen(rich: Any, tmp_path: Path) -> None:
    for chosen in (["ZENO"], [1], [rich.datas[1]]):
        found = Read(rich.report(tmp_path / "r.html", datas=chosen))
        assert [feed["name"] for feed in found["feeds"]] == ["ZENO"]
        assert set(found["trips"]["data"]) == {None, 0}
        assert len(found["trips"]["ref"]) == len(trades_of(rich))


def test_a_feed_that_is_not_to_be_drawn_is_left_out(tmp_path: Path) -> None:
    cerebro = bt.Cerebro()
    for name, seed in (("ACME", 1), ("ZENO", 2)):
        cerebro.adddata(runs.daily(name, seed, 60))
    cerebro.datas[1].plotinfo.plot = False
    cerebro.addstrategy(runs.Swing)
    cerebro.run()
    assert [feed["name"] for feed in Read(cerebro.report(tmp_path / "r.html"))["feeds"]] == ["ACME"]


def test_a_benchmark_can_be_a_feed_a_series_or_two_columns(rich: Any, tmp_path: Path) -> None:
    import pandas as pd

    days, prices = pd.date_range("2021-03-01", periods=4), [1.0, 2.5, 2.25, 3.0]
    pairs: list[Any] = [
        pd.Series(prices, index=days, name="Index"),
        (list(days.to_pydatetime()), prices),
        ([day.date() for day in days], prices),
        (days.to_numpy(), prices),
        ([bt.date2num(day) for day in days.to_pydatetime()], prices),
    ]
    for benchmark in pairs:
        found = Read(rich.report(tmp_path / "r.html", benchmark=benchmark))
        assert found.values(found["benchmark"]["values"]) == prices
        assert found.values(found["benchmark"]["time"]) == [1614556800 + 86400 * i for i in range(4)]
    found = Read(rich.report(tmp_path / "r.html", benchmark=rich.datas[1]))
    assert found["benchmark"]["name"] == "ZENO"
    assert found.values(found["benchmark"]["values"]) == list(rich.datas[1].close.array)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"theme": "blue"}, "theme is one of auto, light, dark, not 'blue'"),
        ({"language": "de"}, "language is one of auto, en, zh"),
        ({"rising": "up"}, "rising is one of auto, green, red"),
        ({"datas": ["ACNE"]}, "no feed is called 'ACNE'; did you mean 'ACME'"),
        ({"datas": [7]}, "there is no feed 7, only 2 feeds"),
        ({"datas": [object()]}, "is no feed of this run"),
        ({"benchmark": "ACNE"}, "no feed is called 'ACNE'"),
        ({"benchmark": 5}, "benchmark is a feed of the run or its name"),
        ({"benchmark": ([1, 2], [1.0])}, "benchmark has 2 moments and 1 values"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    rich: Any, tmp_path: Path, options: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        rich.report(tmp_path / "r.html", **options)
    assert not (tmp_path / "r.html").exists()


def test_a_report_needs_a_run(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"cerebro.report\(\) tells about a run"):
        bt.Cerebro().report(tmp_path / "r.html")


def test_folders_are_made_on_the_way(rich: Any, tmp_path: Path) -> None:
    path = rich.report(str(tmp_path / "a" / "b" / "run.html"), title="My <run>")
    assert path.is_file()
    assert "<title>My &lt;run&gt;</title>" in path.read_text(encoding="utf-8")
