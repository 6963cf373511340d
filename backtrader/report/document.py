"""Everything a report shows, as one plain document: what the page reads, and what tests compare with."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from math import isfinite
from typing import Any

from .encode import encode
from .panes import panes_of
from .times import wall_seconds

__all__ = ["build"]

_MONEY = 2  # decimals of money that are kept whatever happens
_DAY = 86400


def build(
    layouts: Sequence[Any], feeds: Sequence[Any], told: dict[str, Any], benchmark: Any = None
) -> dict[str, Any]:
    """The document of one run.

    ``layouts`` has one for each strategy (see ``plot/layout.py``), ``told`` is what only the engine
    knows, as plain columns (see ``core/reportdata.py``).  ``benchmark`` is a feed, a pair of moments and
    values, or a pandas Series.
    """
    zones = [data._tz for data in feeds]
    main = zones[0] if zones else None
    tables = {name: _table(told[name], columns, zones) for name, columns in _MOMENTS.items()}
    return {
        "format": 1,
        "feeds": [_feed(layouts, data) for data in feeds],
        "strategies": [_strategy(layout.strategy) for layout in layouts],
        "environment": _environment(),
        "benchmark": _benchmark(benchmark, main),
        "account": _account(told["account"], main),
        **tables,
        **{
            name: _plain(told[name])
            for name in ("metrics", "start_value", "bounded", "per_year", "why", "band")
        },
    }


_MOMENTS = {"trips": ("dtopen", "dtclose"), "orders": ("dtmade", "dtended"), "fills": ("dt",)}


def _feed(layouts: Sequence[Any], data: Any) -> dict[str, Any]:
    from ..lines.timeframe import TimeFrame

    lines, seen = data.lines, len(data)
    kept = len(lines.close.array) >= seen
    bars = seen if kept else 0
    columns = {
        name: encode(getattr(lines, name).array[:bars]) for name in ("open", "high", "low", "close", "volume")
    }
    intraday = data._timeframe < TimeFrame.Days
    times = wall_seconds(lines.datetime.array[:bars], data._tz)
    return {
        "name": str(data._name or type(data).__name__),
        "timeframe": _frame(data),
        "intraday": intraday,
        "bars": bars,
        "seen": seen,
        "time": encode(times if intraday else times - times % _DAY),
        **columns,
        "panes": [panes_of(layout, data) for layout in layouts] if bars else [],
    }


def _frame(data: Any) -> list[Any]:
    from ..lines.timeframe import TimeFrame

    return [TimeFrame.getname(data._timeframe, 1), data._compression]


def _strategy(strategy: Any) -> dict[str, Any]:
    return {
        "name": type(strategy).__name__,
        "params": [[key, _word(getattr(strategy.p, key))] for key in strategy.p._getkeys()],
    }


def _environment() -> list[list[str]]:
    import numpy as np

    from .._version import __version__

    return [
        ["backtrader", __version__],
        ["Python", platform.python_version()],
        ["numpy", np.__version__],
        ["System", f"{platform.system()} {platform.machine()}"],
    ]


def _account(account: dict[str, Any], tz: Any) -> dict[str, Any]:
    import numpy as np

    units = account["units"]
    return {
        "time": encode(wall_seconds(account["times"], tz)),
        "values": encode(account["values"], least=_MONEY),
        "units": None if units is None else encode(units),
        "exposure": encode(np.round(account["exposure"], 1)),
    }


def _benchmark(benchmark: Any, tz: Any) -> dict[str, Any] | None:
    if benchmark is None:
        return None
    if hasattr(benchmark, "lines"):
        bars = len(benchmark)
        times = wall_seconds(benchmark.lines.datetime.array[:bars], benchmark._tz)
        values = benchmark.lines.close.array[:bars]
        name = str(benchmark._name or type(benchmark).__name__)
    else:
        times, values, name = _given(benchmark, tz)
    return {"name": name, "time": encode(times), "values": encode(values)}


def _given(benchmark: Any, tz: Any) -> tuple[Any, Any, str]:
    """A pandas Series, or a pair of moments and values."""
    from datetime import datetime

    import numpy as np

    name = "Benchmark"
    if hasattr(benchmark, "index") and hasattr(benchmark, "to_numpy"):
        moments, values = benchmark.index.to_numpy(), benchmark.to_numpy()
        name = str(benchmark.name or name)
    else:
        try:
            moments, values = benchmark
        except (TypeError, ValueError):
            raise ValueError(
                "benchmark is a feed of the run or its name, a pandas Series, or a pair (moments, values), "
                f"not {benchmark!r}"
            ) from None
    if len(moments) != len(values):
        raise ValueError(f"benchmark has {len(moments)} moments and {len(values)} values")
    moments = np.asarray(moments)
    if moments.dtype.kind == "M":
        return moments.astype("datetime64[s]").astype(np.int64), values, name
    if moments.dtype == object:
        days = [each if isinstance(each, datetime) else datetime(*each.timetuple()[:3]) for each in moments]
        seconds = [round((each.replace(tzinfo=None) - datetime(1970, 1, 1)).total_seconds()) for each in days]
        return np.asarray(seconds), values, name
    return wall_seconds(moments, tz), values, name


def _table(table: dict[str, list[Any]], moments: Sequence[str], zones: Sequence[Any]) -> dict[str, list[Any]]:
    """A table as JSON can say it, moments as seconds on the clock of their feed."""
    found = dict(table)
    for name in moments:
        found[name] = _seconds(table[name], table["data"], zones)
    return {name: _plain(values) for name, values in found.items()}


def _seconds(numbers: list[Any], feeds: list[int | None], zones: Sequence[Any]) -> list[float]:
    import numpy as np

    found = wall_seconds(numbers)
    feed_of = np.array([-1 if each is None else each for each in feeds])
    for number, tz in enumerate(zones):
        if tz is not None:
            rows = np.flatnonzero(feed_of == number)
            found[rows] = wall_seconds([numbers[row] for row in rows], tz)
    back: list[float] = found.tolist()
    return back


def _plain(value: Any) -> Any:
    """What JSON can say: numbers that are none as null, whole ones without a point."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int | float):
        number = float(value)
        if not isfinite(number):
            return "inf" if number > 0 else None
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    return _word(value)


def _word(value: Any) -> str:
    return getattr(value, "__name__", None) or str(value)
