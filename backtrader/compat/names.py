"""Names that are there for old code only: what upstream leaked, and what vendors' packages once gave."""

from __future__ import annotations

import importlib
import warnings
from typing import Any

__all__ = ["LEAKED", "VENDORS", "leaked", "vendor"]

#: Modules and names of the standard library that upstream's star imports left in ``bt``.
LEAKED = {
    "OrderedDict": "collections:OrderedDict",
    "array": "array",
    "calendar": "calendar",
    "collections": "collections",
    "collectionsAbc": "collections.abc",
    "copy": "copy",
    "date": "datetime:date",
    "datetime": "datetime",
    "filter": "builtins:filter",
    "functools": "functools",
    "inspect": "inspect",
    "io": "io",
    "islice": "itertools:islice",
    "itertools": "itertools",
    "map": "builtins:map",
    "math": "math",
    "multiprocessing": "multiprocessing",
    "operator": "operator",
    "os": "os",
    "pp": "pprint",
    "range": "builtins:range",
    "sys": "sys",
    "timedelta": "datetime:timedelta",
    "zip": "builtins:zip",
    "MAXINT": "backtrader.utils.py3:MAXINT",
    "cmp": "backtrader.utils.py3:cmp",
    "integer_types": "backtrader.utils.py3:integer_types",
    "iteritems": "backtrader.utils.py3:iteritems",
    "itervalues": "backtrader.utils.py3:itervalues",
    "keys": "backtrader.utils.py3:keys",
    "string_types": "backtrader.utils.py3:string_types",
}

#: Classes upstream defines only where a vendor's package is installed.
VENDORS = {
    "IBBroker": "IbPy",
    "IBData": "IbPy",
    "IBStore": "IbPy",
    "OandaBroker": "oandapy",
    "OandaData": "oandapy",
    "OandaStore": "oandapy",
    "VCBroker": "the VisualChart COM libraries",
    "VCData": "the VisualChart COM libraries",
    "VCStore": "the VisualChart COM libraries",
}


def leaked(name: str) -> Any:
    """A leaked name, with a warning that says where it comes from; AttributeError for any other."""
    if name not in LEAKED:
        raise AttributeError(name)
    module, _, attribute = LEAKED[name].partition(":")
    source = f"from {module} import {attribute}" if attribute else f"import {module}"
    warnings.warn(
        f"bt.{name} was never meant to be part of backtrader: write '{source}'", DeprecationWarning, stacklevel=3
    )
    found = importlib.import_module(module)
    return getattr(found, attribute) if attribute else found


def vendor(package: str, name: str) -> AttributeError:
    """The error for a name that ``package`` does not have: for a vendor's class it says what it needs."""
    if name in VENDORS:
        return AttributeError(f"{package}.{name} needs {VENDORS[name]}, which is not there")
    return AttributeError(f"module {package!r} has no attribute {name!r}")
