"""`cerebro.why()` names the cause that was planted."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

import backtrader as bt

DATA = "tests/data/acme-2020.csv"


def why(strategy: Any, feed: dict[str, Any] | None = None, prepare: Any = None, **options: Any) -> Any:
    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.BacktraderCSVData(dataname=DATA, **(feed or {})), name="ACME")
    if strategy is not None:
        cerebro.addstrategy(strategy)
    if prepare is not None:
        prepare(cerebro)
    cerebro.run(**options)
    return cerebro.why()


def sends(**order: Any) -> type:
    """A strategy that sends one order on bar 20."""

    class Sends(bt.Strategy):
        def next(self) -> None:
            if len(self) == 20:
                words = dict(order)
                verb = words.pop("verb", "buy")
                if "away" in words:
                    words["price"] = self.data.close[0] * words.pop("away")
                getattr(self, verb)(**words)

    return Sends


class TooLong(bt.Strategy):
    def __init__(self) -> None:
        self.fast, self.slow = bt.ind.SMA(period=10), bt.ind.SMA(period=400)


class NeverCrosses(bt.Strategy):
    def __init__(self) -> None:
        self.cross = bt.ind.CrossOver(self.data.close, self.data.close + 1000.0)

    def next(self) -> None:
        if self.cross > 0:
            self.buy()


class NeverANumber(bt.Strategy):
    def __init__(self) -> None:
        self.ratio = bt.ind.SMA(self.data.close * float("nan"))

    def next(self) -> None:
        if self.ratio > 0:
            self.buy()


class Brackets(bt.Strategy):
    def next(self) -> None:
        if len(self) == 20:
            price = self.data.close[0]
            self.buy_bracket(price=price * 0.3, limitprice=price * 1.5, stopprice=price * 0.2)


class BracketClosed(bt.Strategy):
    def next(self) -> None:
        if len(self) == 20:
            price = self.data.close[0]
            self.buy_bracket(exectype=bt.Order.Market, limitprice=price * 1.02, stopprice=price * 0.5, size=1)


class Group(bt.Strategy):
    def next(self) -> None:
        if len(self) == 20:
            first = self.buy(price=self.data.close[0] * 1.5, exectype=bt.Order.Limit)
            self.buy(price=self.data.close[0] * 0.3, exectype=bt.Order.Limit, oco=first)


class Withdraws(bt.Strategy):
    def next(self) -> None:
        if len(self) == 20:
            self.order = self.buy(price=self.data.close[0] * 0.3, exectype=bt.Order.Limit)
        if len(self) == 30:
            self.cancel(self.order)


class OnTheLastBar(bt.Strategy):
    def next(self) -> None:
        if len(self) == 254:
            self.buy()


class Zero(bt.Sizer):
    def _getsizing(self, comminfo: Any, cash: float, data: Any, isbuy: bool) -> int:
        return 0


def never_filled_signals(cerebro: bt.Cerebro) -> None:
    cerebro.add_signal(bt.SIGNAL_LONGSHORT, bt.ind.ROC, period=2)
    cerebro.broker.set_filler(lambda order, price, ago: 0)


CASES = [
    ("feed-empty", TooLong, {"fromdate": dt.datetime(2031, 1, 1)}, None, "ACME delivered no bar"),
    ("warm-up", TooLong, None, None, r"SMA\(period=400\) needs 400 bars of ACME, which has 254"),
    ("no-next", bt.Strategy, None, None, "has no method next"),
    ("no-orders", NeverCrosses, None, None, "sent no order"),
    ("line-zero", NeverCrosses, None, None, r"CrossOver.*crossover was 0 on every bar"),
    ("line-nan", NeverANumber, None, None, r"sma was never a number"),
    ("size-zero", sends(), None, lambda c: c.addsizer(Zero), r"buy\(\) was called once for ACME.*Zero"),
    ("no-position", sends(verb="close"), None, None, "without a position"),
    ("margin", sends(size=1_000_000), None, None, r"lack of cash: buy 1,000,000 ACME.*would leave -"),
    ("rejected", sends(size=1, price=float("nan"), exectype=bt.Order.Limit), None, None, "finite number"),
    (
        "expired", sends(away=0.5, exectype=bt.Order.Limit, valid=dt.timedelta(days=5)), None, None,
        r"1 order expired: the closest was buy 1 ACME Limit at .* missed by",
    ),
    ("untouched", sends(away=0.4, exectype=bt.Order.Limit), None, None, r"never touched by the price.*missed by"),
    ("untouched", sends(away=1.9, exectype=bt.Order.Stop), None, None, r"Stop at .*missed by"),
    ("cancelled", Withdraws, None, None, r"cancelled \(withdrawn\)"),
    ("cancelled", Group, None, None, r"of its group was executed"),
    ("cancelled", BracketClosed, None, None, r"another order of its bracket ended"),
    ("parent-waits", Brackets, None, None, "2 orders waited for a parent"),
    ("not-transmitted", sends(transmit=False), None, None, "transmit=True"),
    ("last-bar", OnTheLastBar, None, None, "no bar was left"),
    (
        "filler", sends(), None, lambda c: c.broker.set_filler(lambda order, price, ago: 0), "no volume from the filler",
    ),
    (
        "signal-swallowed", None, None,
        never_filled_signals, "were passed over",
    ),
]  # fmt: skip


@pytest.mark.parametrize("mode", [{}, {"runonce": False}], ids=["batch", "event"])
@pytest.mark.parametrize(
    ("code", "strategy", "feed", "prepare", "text"),
    CASES,
    ids=[f"{i}-{case[0]}" for i, case in enumerate(CASES)],
)
def test_the_planted_cause_is_named(
    code: str, strategy: Any, feed: Any, prepare: Any, text: str, mode: dict[str, Any]
) -> None:
    found = why(strategy, feed, prepare, **mode)
    assert code in found.codes, str(found)
    said = next(reason.text for reason in found if reason.code == code and re.search(text, reason.text))
    assert said in str(found) and len(found.to_frame()) == len(found)


def test_the_distance_is_that_of_the_closest_bar() -> None:
    found = why(sends(away=0.5, exectype=bt.Order.Limit))
    rows = [line.split(",") for line in Path(DATA).read_text().splitlines()[1:]]
    price = float(rows[19][4]) * 0.5
    lowest = min(float(row[3]) for row in rows[20:])
    assert f"missed by {lowest - price:,.4g}" in str(found)


def test_a_run_that_traded_has_nothing_in_the_way() -> None:
    found = why(sends())
    assert (found.sent, found.executed, len(found)) == (1, 1, 0)
    assert "Nothing stood in the way" in str(found)


def test_before_a_run_it_says_what_to_do() -> None:
    with pytest.raises(RuntimeError, match=r"cerebro\.why\(\) .* call cerebro\.run\(\) first"):
        bt.Cerebro().why()
