"""Optional packages: one way to ask for one, and one error that says how to get it."""

from __future__ import annotations

import importlib
from types import ModuleType

from ..errors import OptionalPackageError

#: Where a package's name on the index differs from the name it is imported by.
_DISTRIBUTIONS = {
    "pandas_market_calendars": "pandas-market-calendars",
    "sklearn": "scikit-learn",
    "talib": "TA-Lib",
}


def require(name: str, extra: str | None = None, why: str = "") -> ModuleType:
    """Import an optional package, or say what to install.

    ``extra`` is the extra of this distribution that brings it; ``why`` is what needs it, such as
    ``'cerebro.plot()'``.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != name.partition(".")[0]:
            raise  # the package is there and lacks something of its own
        raise OptionalPackageError(_advice(name, extra, why), name=name) from None


def _advice(name: str, extra: str | None, why: str) -> str:
    package = name.partition(".")[0]
    subject = f"{why} needs the package {package!r}" if why else f"the package {package!r} is needed"
    install = f"backtrader[{extra}]" if extra else _DISTRIBUTIONS.get(package, package)
    return f"{subject}, which is not installed: pip install '{install}'"
