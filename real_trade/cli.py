"""``python -m real_trade``: the commands of live trading, one module each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

__all__ = ["COMMANDS", "main"]

#: Each command's module has SUMMARY, EPILOG, add_arguments(parser) and run(arguments).
COMMANDS = {"sim": "real_trade.sim.command", "secrets": "real_trade.config.command"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; without one, say which there are."""
    parser = argparse.ArgumentParser(
        prog="python -m real_trade", description="Live trading and rehearsals of it."
    )
    commands = parser.add_subparsers(metavar="COMMAND")
    words = list(sys.argv[1:] if arguments is None else arguments)
    wanted = next((word for word in words if not word.startswith("-")), "")
    for name, home in COMMANDS.items():
        module: Any = import_module(home)
        added = commands.add_parser(
            name, help=module.SUMMARY, description=module.SUMMARY[0].upper() + module.SUMMARY[1:] + ".",
            epilog=module.EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        if name == wanted:
            module.add_arguments(added)
            added.set_defaults(run=module.run)
    parsed = parser.parse_args(words)
    if not hasattr(parsed, "run"):
        parser.print_help()
        return 2
    return int(parsed.run(parsed))
