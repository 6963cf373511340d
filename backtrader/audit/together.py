"""Checks of several files that are to run together: who starts late, who is in another zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .model import DAY, HOUR, Finding, Table, length, shown
from .times import Rhythm, rhythm_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SAMPLE = 20_000


def late(tables: Sequence[Table], warmup: int) -> Iterator[Finding]:
    """Files that start after the others: until then a strategy only gets ``prenext``."""
    import numpy as np

    first = min(tables, key=lambda table: int(table.micros.min()))
    begin = int(first.micros.min())
    for table in tables:
        own = int(table.micros.min())
        lost = int((first.micros < own).sum())
        if table is first or not _matters(table, first, own - begin):
            continue
        ready = _ready(table, warmup)
        cost = f"{lost:,} bars of {first.file} ({lost / len(first):.0%}) pass before it"
        yield table.finding(
            "late-start", "warning", [int(np.argmin(table.micros))],
            f"starts on {shown(own)}, {first.file} on {shown(begin)}: {cost}"
            + (f"; with a warm-up of {warmup} bars the first next() is on {ready}" if ready else ""),
            "start all at the same date (fromdate), leave the file out, or trade in prenext()",
            count=lost,
        )  # fmt: skip
    end = max(int(table.micros.max()) for table in tables)
    for table in tables:
        own = int(table.micros.max())
        if _matters(table, first, end - own):
            yield table.finding(
                "early-end", "warning", [int(np.argmax(table.micros))],
                f"ends on {shown(own)}, others go on until {shown(end)}",
                "its last price stays in force: close positions in it, or end all at the same date (todate)",
            )  # fmt: skip


def _matters(table: Table, first: Table, missing: int) -> bool:
    """More than a few bars of the slower of the two."""
    interval = max(rhythm_of(table.micros).interval, rhythm_of(first.micros).interval)
    return missing > max(5 * interval, 5 * DAY if interval >= 20 * HOUR else DAY)


def _ready(table: Table, warmup: int) -> str:
    import numpy as np

    if warmup < 2:
        return ""
    times = np.unique(table.micros)
    return shown(int(times[warmup - 1])) if warmup <= len(times) else "no date at all: it has fewer bars"


def shifted(tables: Sequence[Table], rhythms: Sequence[Rhythm]) -> Iterator[Finding]:
    """Intraday files whose times fit those of the first one only after moving them."""
    pairs = [(t, r) for t, r in zip(tables, rhythms, strict=True) if r.intraday]
    for table, rhythm in pairs[1:]:
        base, base_rhythm = pairs[0]
        if rhythm.interval != base_rhythm.interval or base.aware != table.aware:
            continue
        ours, theirs = _common_days(table.micros, base.micros)
        if len(ours) < 20:
            continue
        now = _overlap(ours, theirs)
        moves = [*range(-28, 29), 0]
        candidates = {move * HOUR // 2 for move in moves} | {rhythm.interval, -rhythm.interval}
        best = max(sorted(candidates - {0}, key=abs), key=lambda move: _overlap(ours + move, theirs))
        fit = _overlap(ours + best, theirs)
        label = abs(best) == rhythm.interval
        # neighbours overlap nearly completely: for labels it is the edges of the session that count
        if fit < 0.8 or (fit - now < 0.3 and not (label and now < fit == 1.0)):
            continue
        yield table.finding(
            "label" if label else "zone", "error", [0],
            f"{fit:.0%} of its times are in {base.file} when moved by {length(abs(best))} "
            f"{'later' if best > 0 else 'earlier'}, {now:.0%} as they are",
            "one file stamps bars at their start, the other at their end: bring both to the end"
            if label
            else "the two are in different time zones: give each feed its zone (tzinput=...)",
            count=len(table),
        )  # fmt: skip


def _common_days(a: NDArray[np.int64], b: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    import numpy as np

    begin, end = max(a.min(), b.min()) - DAY, min(a.max(), b.max()) + DAY
    chosen = a[(a >= begin) & (a <= end)][:_SAMPLE]
    return np.unique(chosen), np.unique(b)


def _overlap(a: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    import numpy as np

    return float(np.isin(a, b).mean())
