"""The command line of the search over parameters: ``python -m backtrader.opt``, or ``btopt``."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status."""
    from .command import main as run

    return run(arguments)
