"""Lets prices happen: takes ticks off a path when their time has come and hands them to the house."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from ..model import Side
from .candles import Candle, Tape, opens_at
from .clock import Clock
from .house import House
from .instruments import Listing
from .liquidation import FUNDING_HOURS, Liquidation
from .orders import Trade
from .paths import Tick

__all__ = ["Driver", "schedule_funding"]


class Driver:
    """Plays one path.

    The first ``history_ms`` of it lie before now: they become candles at once, and the rest happens when
    its time comes.  When a file is at its end, the market stands still at the last price.
    """

    def __init__(
        self, clock: Clock, house: House, tape: Tape, ticks: Iterator[Tick], history_ms: int = 0
    ) -> None:
        self.clock = clock
        self.house = house
        self.ended = False
        self._tape = tape
        self._ticks = ticks
        self._shift = 0
        self._history_ms = history_ms
        self.played = 0

    def start(self) -> None:
        """Fill the past, then wait for the first tick."""
        first = next(self._ticks, None)
        if first is None:
            self.ended = True
            return
        now = self.clock.now_ms()
        self._shift = now - self._history_ms - first.time_ms
        ticks = chain([first], self._ticks)
        last: Tick | None = None
        past = _Past(self.house.market.listing)
        for tick in ticks:
            at = tick.time_ms + self._shift
            if at >= now:
                ticks = chain([tick], ticks)
                break
            past.add(at, tick)
            last = tick
        self._ticks = iter(ticks)
        if last is None:
            price = first.price
            past.minutes = [Candle(opens_at("1m", now), price, price, price, price)]
        self._tape.minutes = past.minutes
        self._tape.roll(now)
        market, price = self.house.market, (last or first).price
        market.last = market.mark = self.house.price = price
        self._wait()

    def _wait(self) -> None:
        tick = next(self._ticks, None)
        if tick is None:
            self.ended = True
            return
        self.clock.at(tick.time_ms + self._shift, lambda: self._play(tick))

    def _play(self, tick: Tick) -> None:
        self.played += 1
        self.house.tick(tick.price, tick.volume)
        self._wait()


class _Past:
    """Minutes of what happened before the venue opened."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self.minutes: list[Candle] = []

    def add(self, at_ms: int, tick: Tick) -> None:
        """Count a tick in; minutes without any are flat."""
        opened = opens_at("1m", at_ms)
        while not self.minutes or self.minutes[-1].open_ms < opened:
            price = self.minutes[-1].close if self.minutes else tick.price
            next_ms = self.minutes[-1].open_ms + 60_000 if self.minutes else opened
            self.minutes.append(Candle(next_ms, price, price, price, price))
        quantity = max(tick.volume, self._listing.min_quantity)
        rising = tick.price >= self.minutes[-1].close
        self.minutes[-1].add(
            Trade(
                self._listing.symbol, 0, tick.price, quantity, at_ms, Side.BUY if rising else Side.SELL, 0, 0
            )
        )


def schedule_funding(clock: Clock, liquidation: Liquidation, symbol: str) -> None:
    """Let funding be paid at 0, 8 and 16 o'clock UTC of market time."""
    length = FUNDING_HOURS * 3_600_000

    def pay() -> None:
        liquidation.fund(symbol)
        clock.at((clock.now_ms() // length + 1) * length, pay)

    clock.at((clock.now_ms() // length + 1) * length, pay)
