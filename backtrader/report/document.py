"""Everything a report shows, as one plain document: what the page reads, and what tests compare with."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from math import isfinite
from typing import Any

from .encode import encode
from .panes import panes_of

__all__ = ["build"]


def build(strategies: Sequence[Any], told: dict[str, Any], benchmark: Any = None) -> dict[str, Any]:
    """The document of one run.

    ``told`` is what only the run's owner knows, as plain data: ``summary`` (metric names to numbers),
    ``rows`` (what the summary table shows), ``trips``, ``fills``, ``why``, ``band`` and ``equity``
    (times, values, draw-down lengths).  ``benchmark`` is a feed or a pair of times and values.
    """
    first = strategies[0]
    return {
        "format": 1,
        "feeds": [_feed(strategies, data) for data in first.datas if len(data)],
        "strategies": [_strategy(strategy) for strategy in strategies],
        "environment": _environment(),
        "benchmark": _benchmark(benchmark),
        **_plain(told),
    }


def _feed(strategies: Sequence[Any], data: Any) -> dict[str, Any]:
    bars = len(data)
    lines = data.lines
    columns = {
        name: encode(getattr(lines, name).array[:bars]) for name in ("open", "high", "low", "close", "volume")
    }
    from ..lines.timeframe import TimeFrame

    return {
        "name": str(data._name or type(data).__name__),
        "timeframe": TimeFrame.getname(data._timeframe, data._compression),
        "intraday": data._timeframe < TimeFrame.Days,
        "bars": bars,
        "time": encode(seconds(lines.datetime.array[:bars])),
        **columns,
        "panes": [panes_of(strategy, data) for strategy in strategies],
    }


def seconds(numbers: Any) -> Any:
    """Date numbers as whole seconds since 1970."""
    import numpy as np

    return np.rint((np.asarray(numbers, dtype=np.float64) - 719163.0) * 86400.0)


def _strategy(strategy: Any) -> dict[str, Any]:
    return {
        "name": type(strategy).__name__,
        "params": [[key, _word(getattr(strategy.p, key))] for key in strategy.p._getkeys()],
    }


def _environment() -> list[list[str]]:
    from .._version import __version__

    return [["backtrader", __version__], ["Python", platform.python_version()], ["System", platform.system()]]


def _benchmark(benchmark: Any) -> dict[str, Any] | None:
    if benchmark is None:
        return None
    if hasattr(benchmark, "lines"):
        bars = len(benchmark)
        times, values = benchmark.lines.datetime.array[:bars], benchmark.lines.close.array[:bars]
        name = str(benchmark._name or type(benchmark).__name__)
    else:
        times, values = benchmark
        name = "Benchmark"
    return {"name": name, "time": encode(seconds(times)), "values": encode(values)}


def _plain(value: Any) -> Any:
    """What JSON can say: moments as text, numbers that are none as null."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int | float):
        return value if isfinite(value) else None
    return value.isoformat() if hasattr(value, "isoformat") else _word(value)


def _word(value: Any) -> str:
    return getattr(value, "__name__", None) or str(value)
