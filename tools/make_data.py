"""Make the bundled price files: synthetic, but with the habits of real ones.

    python tools/make_data.py             write every file of FILES
    python tools/make_data.py --check     say whether the files are as they would be written

Nothing here is anybody's market data. Volatility comes in clusters and rises more after
losses than after gains, single moves have fat tails, prices gap overnight, two symbols
share a market, trends come and go, and volume follows the range. The same seed gives the
same bytes: random numbers come from ``random.Random.random``, whose sequence Python
guarantees, and everything else from them.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from statistics import NormalDist

ROOT = Path(__file__).resolve().parent.parent
HEADER = "datetime,open,high,low,close,volume,openinterest"
NORMAL = NormalDist()
TAIL_DEGREES = 4
SESSION_OPEN = time(9, 30)
SESSION_MINUTES = 390


@dataclass(frozen=True)
class Symbol:
    """What distinguishes one made-up share from another."""

    name: str
    first_price: float
    yearly_return: float
    yearly_volatility: float
    market_share: float
    """How much of its variance is the market's."""
    usual_volume: float


ACME = Symbol("ACME", 84.0, 0.07, 0.24, 0.45, 2_400_000)
ZENO = Symbol("ZENO", 31.5, 0.04, 0.33, 0.30, 900_000)


@dataclass(frozen=True)
class Bar:
    """One row of a file, prices already in whole cents."""

    when: datetime
    open: int
    high: int
    low: int
    close: int
    volume: int

    def row(self, intraday: bool) -> str:
        """The row as text, with the time of day only where there is one."""
        stamp = self.when.strftime("%Y-%m-%d %H:%M:%S" if intraday else "%Y-%m-%d")
        prices = ",".join(f"{cents / 100:.2f}" for cents in (self.open, self.high, self.low, self.close))
        return f"{stamp},{prices},{self.volume},0"


# --- the calendar --------------------------------------------------------------------------


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth Monday (0) to Sunday (6) of a month; -1 is the last."""
    if nth < 0:
        following = date(year + month // 12, month % 12 + 1, 1)
        return nth_weekday(following.year, following.month, weekday, 1) - timedelta(days=7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def observed(day: date) -> date:
    """Where a holiday that falls on a weekend is kept: the Friday before or the Monday after."""
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def holidays(year: int) -> set[date]:
    """The days of a year on which the made-up exchange is closed."""
    fixed = {observed(date(year, month, day)) for month, day in ((1, 1), (7, 4), (12, 25))}
    moving = {nth_weekday(year, *rule) for rule in ((1, 0, 3), (2, 0, 3), (5, 0, -1), (9, 0, 1), (11, 3, 4))}
    return fixed | moving


def business_days(first: date, last: date) -> Iterator[date]:
    """The exchange's open days, both ends included."""
    closed = {day for year in range(first.year, last.year + 2) for day in holidays(year)}
    day = first
    while day <= last:
        if day.weekday() < 5 and day not in closed:
            yield day
        day += timedelta(days=1)


# --- randomness ----------------------------------------------------------------------------


def normal(random: Random) -> float:
    """A standard normal number."""
    return NORMAL.inv_cdf(min(max(random.random(), 1e-12), 1 - 1e-12))


def fat_tailed(random: Random) -> float:
    """A number of variance one from Student's distribution: calm mostly, wild sometimes."""
    chi_squared = sum(normal(random) ** 2 for _ in range(TAIL_DEGREES))
    return normal(random) / math.sqrt(chi_squared / (TAIL_DEGREES - 2))


@dataclass
class Volatility:
    """Variance that remembers: high after large moves, higher still after losses."""

    memory: float = 0.87
    news: float = 0.07
    loss: float = 0.08
    level: float = 1.0

    def after(self, move: float) -> None:
        """Take a move, in units of the long-run deviation, into account."""
        rest = 1.0 - self.memory - self.news - self.loss / 2
        bad_news = self.loss * move * move if move < 0 else 0.0
        self.level = min(rest + self.memory * self.level + self.news * move * move + bad_news, 25.0)

    @property
    def deviation(self) -> float:
        """The present standard deviation, one being normal."""
        return math.sqrt(self.level)


@dataclass
class Market:
    """One symbol's walk, day by day: trend, volatility and a share in what moves all."""

    symbol: Symbol
    random: Random
    volatility: Volatility = field(default_factory=Volatility)
    trend: float = 0.0
    interest: float = 0.0
    """How much more than usual is traded, as a logarithm."""

    def day(self, common: float) -> tuple[float, float, float]:
        """Overnight move, session move and session deviation of the next day, as logarithms."""
        share = self.symbol.market_share
        shock = math.sqrt(share) * common + math.sqrt(1 - share) * fat_tailed(self.random)
        daily = self.symbol.yearly_volatility / math.sqrt(252)
        self.trend = 0.985 * self.trend + 0.012 * normal(self.random)
        drift = self.symbol.yearly_return / 252 + self.trend * daily
        moved = self.volatility.deviation * shock
        now = self.volatility.deviation * daily
        gap = 0.22 * moved * daily + 0.26 * now * fat_tailed(self.random)
        session = drift + 0.70 * moved * daily + 0.30 * now * fat_tailed(self.random)
        self.volatility.after(moved)
        return gap, session, now

    def volume(self, bar_range: float, usual_range: float, usual_volume: float) -> int:
        """Shares traded in a bar: more when it moved more, and busy days follow busy days."""
        self.interest = 0.88 * self.interest + 0.10 * normal(self.random)
        ratio = max(bar_range, usual_range / 20) / usual_range
        noise = 0.22 * normal(self.random)
        shares = usual_volume * math.exp(0.6 * math.log(ratio) + self.interest + noise)
        return max(100, round(shares / 100) * 100)


def path(random: Random, start: float, move: float, deviations: list[float]) -> list[float]:
    """A walk of logarithmic prices that starts and ends where it is told to.

    The ends are given and the steps are random between them (a Brownian bridge), so highs
    and lows are what the walk touched and always enclose open and close.
    """
    steps = [deviation * normal(random) for deviation in deviations]
    variance = sum(deviation * deviation for deviation in deviations)
    missing = move - sum(steps)
    prices = [start]
    for step, deviation in zip(steps, deviations, strict=True):
        prices.append(prices[-1] + step + missing * deviation * deviation / variance)
    return prices


def cents(logarithm: float) -> int:
    """A logarithmic price in whole cents, never below one."""
    return max(1, round(math.exp(logarithm) * 100))


# --- bars ----------------------------------------------------------------------------------


def daily(symbols: tuple[Symbol, ...], first: date, last: date, seed: int) -> list[list[Bar]]:
    """Daily bars of several symbols that share one market."""
    common_random = Random(f"{seed}/market")
    markets = [Market(symbol, Random(f"{seed}/{symbol.name}")) for symbol in symbols]
    last_price = [math.log(symbol.first_price) for symbol in symbols]
    series: list[list[Bar]] = [[] for _ in symbols]
    for day in business_days(first, last):
        common = fat_tailed(common_random)
        for index, market in enumerate(markets):
            gap, session, deviation = market.day(common)
            walk = path(market.random, last_price[index] + gap, session, [deviation / math.sqrt(26)] * 26)
            usual = 1.6 * market.symbol.yearly_volatility / math.sqrt(252)
            volume = market.volume(max(walk) - min(walk), usual, market.symbol.usual_volume)
            series[index].append(make_bar(datetime.combine(day, time()), walk, volume))
            last_price[index] = walk[-1]
    return series


def minutes(symbol: Symbol, first: date, last: date, seed: int) -> list[Bar]:
    """One-minute bars of a symbol in session hours, stamped at the end of their minute."""
    market = Market(symbol, Random(f"{seed}/{symbol.name}/minutes"))
    shape = [busy_at(minute) for minute in range(SESSION_MINUTES)]
    scale = math.sqrt(sum(weight * weight for weight in shape))
    last_price = math.log(symbol.first_price)
    bars: list[Bar] = []
    for day in business_days(first, last):
        gap, session, deviation = market.day(fat_tailed(market.random))
        parts = [deviation * weight / scale / 2 for weight in shape for _ in range(4)]
        walk = path(market.random, last_price + gap, session, parts)
        opened = datetime.combine(day, SESSION_OPEN)
        for minute, weight in enumerate(shape):
            piece = walk[4 * minute : 4 * minute + 5]
            usual_range = 1.6 * symbol.yearly_volatility / math.sqrt(252 * SESSION_MINUTES)
            usual_volume = symbol.usual_volume / SESSION_MINUTES * math.sqrt(weight)
            volume = market.volume(max(piece) - min(piece), usual_range, usual_volume)
            bars.append(make_bar(opened + timedelta(minutes=minute + 1), piece, volume))
        last_price = walk[-1]
    return bars


def busy_at(minute: int) -> float:
    """How lively a minute of the session is: the first and the last half hour most."""
    middle = (SESSION_MINUTES - 1) / 2
    return 0.65 + 0.9 * (abs(minute - middle) / middle) ** 3


def make_bar(when: datetime, walk: list[float], volume: int) -> Bar:
    """The bar that a walk of logarithmic prices leaves behind."""
    return Bar(when, cents(walk[0]), cents(max(walk)), cents(min(walk)), cents(walk[-1]), volume)


def text(bars: list[Bar], intraday: bool = False) -> str:
    """Bars as the text of a file, header included."""
    return "\n".join([HEADER, *(bar.row(intraday) for bar in bars)]) + "\n"


def files() -> dict[str, str]:
    """Every bundled file with its text."""
    acme, zeno = daily((ACME, ZENO), date(2018, 1, 2), date(2023, 12, 29), seed=15)
    small = daily((ACME, ZENO), date(2020, 1, 2), date(2020, 12, 31), seed=7)
    return {
        "examples/data/acme-daily.csv": text(acme),
        "examples/data/zeno-daily.csv": text(zeno),
        "examples/data/acme-minutes.csv": text(
            minutes(ACME, date(2023, 11, 27), date(2023, 12, 22), seed=3), intraday=True
        ),
        "tests/data/acme-2020.csv": text(small[0]),
        "tests/data/zeno-2020.csv": text(small[1]),
        "tests/data/acme-2020-minutes.csv": text(
            minutes(ACME, date(2020, 3, 2), date(2020, 3, 3), seed=9), intraday=True
        ),
    }


def main(argv: list[str] | None = None) -> int:
    """Write the files, or with ``--check`` say which differ from what would be written."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    args = parser.parse_args(argv)
    wrong = 0
    for name, content in files().items():
        target = ROOT / name
        same = target.exists() and target.read_bytes() == content.encode()
        if args.check:
            wrong += not same
            print(f"{name}: {'as made here' if same else 'differs'}")
        elif not same:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode())
            print(f"{name}: written, {content.count(chr(10)) - 1} bars")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
