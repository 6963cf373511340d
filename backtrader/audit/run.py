"""All checks over all files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..errors import DataError
from . import bars, times, together
from .model import Finding, Table
from .reading import read
from .times import Rhythm, rhythm_of

#: What can be found, and what it means.
KINDS = {
    "unreadable": "a field that is no date or no number",
    "mixed-format": "dates, numbers or rows written in different ways",
    "date": "a date before 1930 or in the future",
    "unsorted": "a row earlier than the one before it",
    "duplicate": "the same time twice",
    "gap": "missing bars or days",
    "zone": "times in another zone than the rest, or daylight saving not followed",
    "label": "bars stamped once at their start and once at their end",
    "weekend": "bars on days without trading",
    "missing": "a price that is not there",
    "nonpositive": "a price of zero or below",
    "impossible": "a high or low that does not enclose the bar's other prices",
    "split": "a change of price by the ratio of a split",
    "jump": "another large change of price",
    "spike": "a single price far from its neighbours",
    "volume": "volumes that are negative, absent, or in another unit",
    "frozen": "the same bar over and over",
    "late-start": "a file that begins after the others",
    "early-end": "a file that ends before the others",
}

_ORDER = {"error": 0, "warning": 1}


def audit(
    files: Iterable[str], warmup: int = 0, separator: str | None = None, ignore: Iterable[str] = ()
) -> tuple[list[Table], list[Finding]]:
    """Read the files and check them, alone and together.

    ``warmup`` is how many bars the strategy's longest indicator needs. A file of which nothing can
    be understood is a finding too, and has no table.
    """
    tables, findings = [], []
    for file in files:
        try:
            table = read(str(file), separator)
        except DataError as error:
            what = str(error).removeprefix(f"{file}: ")
            findings.append(
                Finding(str(file), "unreadable", "error", what, "name another file, or see what it holds")
            )
            continue
        tables.append(table)
        findings.extend(table.findings)
        if len(table):
            findings.extend(_alone(table))
    full = [table for table in tables if len(table)]
    if len(full) > 1:
        findings.extend(together.late(full, warmup))
        findings.extend(together.shifted(full, _rhythms(full)))
    skipped = set(ignore)
    findings = [finding for finding in findings if finding.kind not in skipped]
    place = {table.file: i for i, table in enumerate(tables)}
    findings.sort(key=lambda f: (place.get(f.file, -1), _ORDER[f.severity], f.rows[:1]))
    return tables, findings


def _alone(table: Table) -> Iterable[Finding]:
    rhythm = rhythm_of(table.micros)
    for check in (*times.CHECKS, *bars.CHECKS):
        yield from check(table, rhythm)


def _rhythms(tables: Sequence[Table]) -> list[Rhythm]:
    return [rhythm_of(table.micros) for table in tables]
