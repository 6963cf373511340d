"""Everything that can go wrong, as one tree.

BacktraderError
├── StrategySkipError          a strategy's ``__init__`` asks to be left out of this run
├── ModuleImportError          a module that a class declared as needed cannot be imported
│   └── FromModuleImportError  the module is there, the name in it is not
├── OptionalPackageError       an optional package is missing; says what to install (an ImportError too)
├── UnknownParameterError      a parameter or option nobody declared (an AttributeError too)
├── DataError                  a feed cannot be read: file, row, column, text
├── StaleViewError             a view of memory that has moved on since (a RuntimeError too)
├── OrderRefused               an order that makes no sense: size or price not a number
└── IllegalTransition          an order was told to go where its state machine has no way
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "BacktraderError",
    "DataError",
    "FromModuleImportError",
    "IllegalTransition",
    "ModuleImportError",
    "OptionalPackageError",
    "OrderRefused",
    "StaleViewError",
    "StrategySkipError",
    "UnknownParameterError",
]


class BacktraderError(Exception):
    """Root of all errors of this package: catch it to catch them all."""


class StrategySkipError(BacktraderError):
    """Raised by a strategy's ``__init__`` to be left out of the run."""


class ModuleImportError(BacktraderError):
    """A module named in ``packages`` or ``frompackages`` cannot be imported."""

    def __init__(self, message: str, *args: Any) -> None:
        super().__init__(message)
        self.args = args


class FromModuleImportError(ModuleImportError):
    """A name in ``frompackages`` is not in its module."""

    def __init__(self, message: str, *args: Any) -> None:
        super().__init__(message, *args)


class OptionalPackageError(BacktraderError, ImportError):
    """An optional package is needed now and not installed."""


class UnknownParameterError(BacktraderError, AttributeError, TypeError):
    """A parameter or plot option that the class does not declare."""


class DataError(BacktraderError, ValueError):
    """A feed's input cannot be understood; the message names file, row, column and text."""


class StaleViewError(BacktraderError, RuntimeError):
    """A view of a line or a ring was used after that had moved on."""


class OrderRefused(BacktraderError, ValueError):
    """An order whose size or price is not a finite number."""


class IllegalTransition(BacktraderError):
    """A change of order status that the state machine does not allow."""
