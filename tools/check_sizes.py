"""Say which package files and functions have outgrown what one can take in at a look.

The limits are alarms, not goals. What is better left whole is listed in
``tools/size_exceptions.txt`` with its reason; an entry that is no longer needed is an
error too, so the list only holds what is true.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("backtrader", "real_trade")
FILE_LINES = 500
FUNCTION_LINES = 80


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, int]]:
    """Each function and method of a module with its qualified name and its lines."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{prefix}{node.name}"
            if not isinstance(node, ast.ClassDef):
                yield name, (node.end_lineno or node.lineno) - node.lineno + 1
            yield from functions(node, f"{name}.")
        else:
            yield from functions(node, prefix)


def oversized(root: Path = ROOT) -> dict[str, str]:
    """What is too long, by its name in the exception list, with a sentence each."""
    found: dict[str, str] = {}
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            text = path.read_text(encoding="utf-8")
            lines = len(text.splitlines())
            if lines > FILE_LINES:
                found[name] = f"{name}: {lines} lines, the alarm is at {FILE_LINES}"
            for function, length in functions(ast.parse(text)):
                if length > FUNCTION_LINES:
                    key = f"{name}::{function}"
                    found[key] = f"{key}: {length} lines, the alarm is at {FUNCTION_LINES}"
    return found


def exceptions(path: Path) -> dict[str, str]:
    """The list of exceptions: ``name  # reason`` a line, a reason being required."""
    listed: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, reason = line.partition("#")
        if not reason.strip():
            raise SystemExit(f"{path.name}, line {number}: {name.strip()} has no reason (name  # reason)")
        listed[name.strip()] = reason.strip()
    return listed


def complaints(root: Path = ROOT) -> list[str]:
    """Everything wrong: what is too long and not listed, what is listed and not too long."""
    found = oversized(root)
    listed = exceptions(root / "tools" / "size_exceptions.txt")
    too_long = [sentence for name, sentence in found.items() if name not in listed]
    stale = [
        f"{name}: listed in size_exceptions.txt, but not too long" for name in listed if name not in found
    ]
    return too_long + stale


def main() -> int:
    """Print the complaints; the exit status is 1 if there are any."""
    wrong = complaints()
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
