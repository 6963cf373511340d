"""Every function of TA-Lib, by TA-Lib's groups: default and odd parameters, several kinds of data."""

from __future__ import annotations

from typing import Any

import talib
from talib import abstract

import backtrader as bt

from ..data import daily, line_up, with_flats, with_nans
from ..registry import scenario
from ..stage import Stage

# In bounded memory the original cannot compute what needs every bar since the first; this engine
# can, and gives what the original gives in a stepped run with all its memory.
NEEDS_ALL = {"exactbars=1": "ValueError"}
AS_STEPPED = {"exactbars=1": "runonce=False"}

# Computed from all bars in stepped runs; all others from the look-back.
SINCE_THE_FIRST_BAR = frozenset(
    name
    for name in talib.get_functions()
    if name == "SAR" or "Function has an unstable period" in abstract.Function(name).info["function_flags"]
)


def inputs(data: Any, name: str) -> list[Any]:
    """The lines a function takes, out of a feed."""
    out: list[Any] = []
    for given in abstract.Function(name).info["input_names"].values():
        for one in [given] if isinstance(given, str) else given:
            out.append(data.openinterest / 5.0 + 2.0 if one == "periods" else getattr(data, one))
    return out


def odd(name: str) -> dict[str, Any]:
    """Parameters other than the defaults: short periods that still differ from each other."""
    out: dict[str, Any] = {}
    for i, (key, value) in enumerate(abstract.Function(name).info["parameters"].items()):
        if key.endswith("matype"):
            out[key] = (0, 2, 4)[i % 3]
        elif "period" in key and isinstance(value, int):
            out[key] = 3 + 2 * i if value > 1 else value
        elif isinstance(value, float) and value > 0 and "limit" not in key:
            out[key] = value * 0.75
    return out


def strategy_of(names: list[str], arguments: Any = lambda name: {}) -> Any:
    """A strategy with one indicator a function."""

    class Functions(bt.Strategy):
        def __init__(self) -> None:
            self.all = {
                name: getattr(bt.talib, name)(*inputs(self.data, name), **arguments(name)) for name in names
            }

    return Functions


def group(s: Stage, *names: str, remembering: bool = False) -> None:
    """The functions of some groups, on a walk with their defaults and on flat stretches with odd parameters."""
    s.note("TA-Lib", [talib.__version__, talib.__ta_version__.decode().split()[0]])
    members = [
        name
        for key in names
        for name in talib.get_function_groups()[key]
        if (name in SINCE_THE_FIRST_BAR) is remembering
    ]
    s.note("functions", members)
    s.run(s.simple(strategy_of(members), s.feed(daily(130, 231), "d0")))
    flat = with_flats(daily(60, 232), part=0.3)
    s.run(s.simple(strategy_of(members, odd), s.feed(flat, "d0")))


@scenario()
def talib_patterns(s: Stage) -> None:
    """Candle patterns: the value and the mark above the bar."""
    group(s, "Pattern Recognition")


@scenario()
def talib_overlap(s: Stage) -> None:
    """Averages and bands."""
    group(s, "Overlap Studies")


@scenario(crash=NEEDS_ALL, like=AS_STEPPED)
def talib_overlap_remembering(s: Stage) -> None:
    """Averages that remember every bar, parabolic SAR."""
    group(s, "Overlap Studies", remembering=True)


@scenario()
def talib_momentum(s: Stage) -> None:
    """Oscillators."""
    group(s, "Momentum Indicators")


@scenario(crash=NEEDS_ALL, like=AS_STEPPED)
def talib_momentum_remembering(s: Stage) -> None:
    """Oscillators that remember every bar."""
    group(s, "Momentum Indicators", remembering=True)


@scenario()
def talib_volume_and_volatility(s: Stage) -> None:
    """Volume and ranges."""
    group(s, "Volume Indicators", "Volatility Indicators")


@scenario(crash=NEEDS_ALL, like=AS_STEPPED)
def talib_cycles_and_others_remembering(s: Stage) -> None:
    """Hilbert transforms, ranges and prices that remember every bar."""
    group(s, "Cycle Indicators", "Volatility Indicators", "Price Transform", remembering=True)


@scenario()
def talib_statistics_and_mathematics(s: Stage) -> None:
    """Statistics, prices, functions of numbers; two inputs."""
    group(s, "Statistic Functions", "Price Transform", "Math Transform", "Math Operators")


def groups_are_covered() -> bool:
    """Whether the scenarios above name every group there is, each with what it has of either kind."""
    stepped = {"Cycle Indicators"}
    remember = {"Overlap Studies", "Momentum Indicators", "Cycle Indicators", "Volatility Indicators"}
    remember.add("Price Transform")
    groups = talib.get_function_groups()
    plain = {key for key, names in groups.items() if set(names) - SINCE_THE_FIRST_BAR}
    needing = {key for key, names in groups.items() if set(names) & SINCE_THE_FIRST_BAR}
    return needing == remember and plain | stepped == set(groups)


@scenario()
def talib_groups(s: Stage) -> None:
    """No group of functions is left out."""
    s.note("covered", groups_are_covered())
    if not groups_are_covered():
        raise AssertionError(f"a group of TA-Lib is in no scenario: {sorted(talib.get_function_groups())}")


@scenario()
def talib_short_series(s: Stage) -> None:
    """Fewer bars than any look-back."""
    names = [name for name in talib.get_functions() if name not in SINCE_THE_FIRST_BAR]
    s.run(s.simple(strategy_of(names), s.feed(daily(2, 233), "d0")))


@scenario(crash=NEEDS_ALL, like=AS_STEPPED)
def talib_holes(s: Stage) -> None:
    """Prices and volume that are missing on some bars."""
    names = [name for name in talib.get_functions() if not name.startswith("CDL")]
    rows = with_nans(daily(70, 234), part=0.04, fields=(1, 2, 3, 4, 5))
    s.run(s.simple(strategy_of(names, odd), s.feed(rows, "d0")))


@scenario(crash=NEEDS_ALL, like=AS_STEPPED)
def talib_trend(s: Stage) -> None:
    """A series that only rises, then stands still, then only falls."""
    closes = [*range(50, 110), *[110] * 25, *range(110, 60, -1)]
    names = [name for name in talib.get_functions() if name not in ("SINH", "COSH", "EXP")]
    s.run(s.simple(strategy_of(names, odd), s.feed(line_up(closes), "d0")))
