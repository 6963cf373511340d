"""Modules of this package that are only loaded when they are used."""

from __future__ import annotations

import importlib
from typing import Any

from .._version import __version__
from ..errors import BacktraderError

__all__ = ["part_of"]


def part_of(name: str, what: str) -> Any:
    """A module of this package that is only loaded when used; an error in plain words if it is not there."""
    try:
        return importlib.import_module(f"backtrader.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"backtrader.{name}":
            raise
        raise BacktraderError(f"{what} is not part of version {__version__} yet") from None
