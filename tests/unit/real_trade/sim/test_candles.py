"""Candles out of trades."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal

import pytest

from real_trade.model import Side
from real_trade.sim.candles import INTERVALS, Tape, closes_at, opens_at
from real_trade.sim.orders import Trade

D = Decimal
START = int(datetime.datetime(2024, 1, 31, 22, 0, tzinfo=datetime.UTC).timestamp() * 1000)


def trades(count: int, seed: int = 3) -> list[Trade]:
    dice, now, found = random.Random(seed), START, []
    for number in range(1, count + 1):
        now += dice.choice((1, 500, 20_000, 400_000))
        side = dice.choice(list(Side))
        found.append(Trade("X", number, D(dice.randint(90, 110)), D(dice.randint(1, 9)), now, side, 0, 0))
    return found


def filled(made: list[Trade]) -> Tape:
    tape = Tape(START, D(100))
    for trade in made:
        tape.trade(trade)
    return tape


@pytest.mark.parametrize("interval", sorted(INTERVALS))
def test_candles_are_what_a_plain_sum_gives(interval: str) -> None:
    made = trades(400)
    tape = filled(made)
    for candle in tape.candles(interval, None, None, 1000):
        inside = [t for t in made if candle.open_ms <= t.time_ms <= closes_at(interval, candle.open_ms)]
        assert candle.volume == sum((t.quantity for t in inside), D(0))
        assert candle.money == sum((t.quantity * t.price for t in inside), D(0))
        assert candle.bought == sum((t.quantity for t in inside if t.taker_side is Side.BUY), D(0))
        assert candle.trades == len(inside)
        if inside:
            assert (candle.open, candle.close) == (inside[0].price, inside[-1].price)
            assert (candle.high, candle.low) == (max(t.price for t in inside), min(t.price for t in inside))
            assert (candle.first, candle.last) == (inside[0].number, inside[-1].number)
        else:
            assert candle.open == candle.high == candle.low == candle.close


def test_there_is_a_candle_for_each_minute() -> None:
    tape = filled(trades(100))
    times = [candle.open_ms for candle in tape.minutes]
    assert times == list(range(times[0], times[-1] + 1, 60_000))


@pytest.mark.parametrize(
    ("interval", "when", "opened"),
    [
        ("1m", "2024-02-29T12:34:56", "2024-02-29T12:34:00"),
        ("4h", "2024-02-29T15:59:59", "2024-02-29T12:00:00"),
        ("1d", "2024-02-29T15:59:59", "2024-02-29T00:00:00"),
        ("1w", "2024-02-29T15:59:59", "2024-02-26T00:00:00"),
        ("1M", "2024-02-29T15:59:59", "2024-02-01T00:00:00"),
    ],
)
def test_candles_open_where_the_calendar_says(interval: str, when: str, opened: str) -> None:
    def ms(text: str) -> int:
        return int(datetime.datetime.fromisoformat(text + "+00:00").timestamp() * 1000)

    assert opens_at(interval, ms(when)) == ms(opened)
    assert opens_at(interval, closes_at(interval, ms(opened))) == ms(opened)
    assert opens_at(interval, closes_at(interval, ms(opened)) + 1) > ms(opened)


@pytest.mark.parametrize("interval", ["1m", "5m", "1h", "1d"])
def test_a_page_begins_where_it_is_asked_to(interval: str) -> None:
    tape = filled(trades(600))
    every = [candle.open_ms for candle in tape.candles(interval, None, None, 10**6)]
    assert every == sorted(set(every))
    assert [c.open_ms for c in tape.candles(interval, None, None, 3)] == every[-3:]
    pages, at = [], every[0]
    while rows := tape.candles(interval, at, None, 7):
        pages += [row.open_ms for row in rows]
        at = rows[-1].open_ms + 1
    assert pages == every
    middle = every[len(every) // 2]
    assert [c.open_ms for c in tape.candles(interval, middle, every[-1], 10**6)] == [
        at for at in every if at >= middle
    ]
    assert tape.candles(interval, None, middle, 2)[-1].open_ms == middle


def test_only_so_many_minutes_are_kept() -> None:
    tape = Tape(0, D(100), kept=100)
    tape.roll(1000 * 60_000)
    assert 100 <= len(tape.minutes) <= 110
    assert tape.candles("1m", None, None, 5)[-1].open_ms == 1000 * 60_000


def test_the_day_is_the_last_1440_minutes() -> None:
    tape = Tape(0, D(100))
    tape.trade(Trade("X", 1, D(50), D(1), 1, Side.BUY, 0, 0))
    tape.trade(Trade("X", 2, D(70), D(2), 1441 * 60_000, Side.BUY, 0, 0))
    day = tape.day()
    assert (day.volume, day.low, day.close) == (D(2), D(70), D(70))
