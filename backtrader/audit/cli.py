"""The command: ``python -m backtrader.audit FILE…``"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from .model import Finding, Table, length
from .run import KINDS, audit
from .times import rhythm_of

_EXIT = "The exit status is 0 if nothing was found, 1 if something was, 2 if a file could not be read."


def main(arguments: Sequence[str] | None = None) -> int:
    """Audit the files named and print what was found."""
    parser = argparse.ArgumentParser(
        prog="python -m backtrader.audit",
        description="Find what is wrong with price data: gaps, duplicates, zones, labels, splits and more.",
        epilog=_EXIT,
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="text files (also packed) or Parquet files")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument(
        "--warmup", type=int, default=0, metavar="BARS", help="bars the longest indicator needs"
    )
    parser.add_argument("--separator", help="what stands between fields (default: guessed)")
    parser.add_argument("--ignore", default="", metavar="KINDS", help="kinds to leave out, comma-separated")
    parser.add_argument("--kinds", action="store_true", help="list what can be found, and end")
    options = parser.parse_args(arguments)
    if options.kinds:
        for kind, meaning in KINDS.items():
            print(f"{kind:13} {meaning}")
        return 0
    if not options.files:
        parser.error("name at least one file")
    ignore = [kind.strip() for kind in options.ignore.split(",") if kind.strip()]
    for kind in ignore:
        if kind not in KINDS:
            parser.error(f"--ignore {kind}: no such kind; there are {', '.join(KINDS)}")
    tables, findings = audit(options.files, options.warmup, options.separator, ignore)
    if options.json:
        print(json.dumps(_document(tables, findings), indent=1, ensure_ascii=False))
    else:
        print(report(tables, findings))
    if len(tables) < len(options.files):
        return 2
    return 1 if findings else 0


def _document(tables: list[Table], findings: list[Finding]) -> dict[str, object]:
    return {
        "files": [
            {"file": table.file, "bars": len(table), "first": _first(table), "last": _last(table)}
            for table in tables
        ],
        "findings": [finding.plain() for finding in findings],
    }


def report(tables: list[Table], findings: list[Finding]) -> str:
    """What was found as text, file by file."""
    lines: list[str] = []
    known = {table.file for table in tables}
    for name in dict.fromkeys(finding.file for finding in findings if finding.file not in known):
        lines.append(f"{name}: could not be read")
        lines.extend(_sentences([finding for finding in findings if finding.file == name]))
    for table in tables:
        lines.append(_title(table))
        own = [finding for finding in findings if finding.file == table.file]
        lines.extend(_sentences(own) if own else ["  nothing found"])
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = len(findings) - errors
    files = "1 file" if len(known) == 1 else f"{len(known)} files"
    lines.append(f"{files}: {_counted(errors, 'error')}, {_counted(warnings, 'warning')}")
    return "\n".join(lines)


def _counted(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def _title(table: Table) -> str:
    if not len(table):
        return f"{table.file}: no bars"
    interval = rhythm_of(table.micros).interval
    every = f", one every {length(interval)}" if interval else ""
    return f"{table.file}: {len(table):,} bars{every}, {_first(table)} to {_last(table)}"


def _first(table: Table) -> str | None:
    return table.moment(int(table.micros.argmin())) if len(table) else None


def _last(table: Table) -> str | None:
    return table.moment(int(table.micros.argmax())) if len(table) else None


def _sentences(findings: list[Finding]) -> list[str]:
    lines = []
    for finding in findings:
        where = f"row {finding.rows[0]}" if finding.rows else "file"
        if finding.time is not None:
            where += f" ({finding.time})"
        more = ""
        if len(finding.rows) > 1:
            listed = ", ".join(map(str, finding.rows[1:4]))
            rest = finding.count - 1 - len(finding.rows[1:4])
            more = f" [also rows {listed}{f' and {rest:,} more' if rest > 0 else ''}]"
        lines.append(f"  {finding.severity:7} {finding.kind:13} {where}: {finding.what}{more}")
        lines.append(f"  {'':7} {'':13} -> {finding.do}")
    return lines
