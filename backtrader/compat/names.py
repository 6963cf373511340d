"""Names that are there for old code only: leaked modules, metaclasses, what vendors' packages once gave."""

from __future__ import annotations

import importlib
import warnings
from typing import Any

__all__ = ["LEAKED", "METACLASSES", "VENDORS", "leaked", "metaclass", "missing"]

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

#: Upstream had a metaclass for each family; who derives from one means the metaclass of this class.
METACLASSES = {
    "MetaAbstractDataBase": "feeds:AbstractDataBase",
    "MetaAnalyzer": "analyzers:Analyzer",
    "MetaBroker": "broker:BrokerBase",
    "MetaCSVDataBase": "feeds:CSVDataBase",
    "MetaFilter": "filters:Filter",
    "MetaIndicator": "indicators:Indicator",
    "MetaLineActions": "lines:LineActions",
    "MetaLineIterator": "lines:LineIterator",
    "MetaLineSeries": "lines:LineSeries",
    "MetaObserver": "observers:Observer",
    "MetaSigStrategy": "core:SignalStrategy",
    "MetaStrategy": "core:Strategy",
    "MetaTimeFrameAnalyzerBase": "analyzers:TimeFrameAnalyzerBase",
    "MtLinePlotterIndicator": "indicators:LinePlotterIndicator",
}

#: Classes of one broker or data vendor, by the vendor.
VENDORS = {
    "IBBroker": "Interactive Brokers",
    "IBData": "Interactive Brokers",
    "IBStore": "Interactive Brokers",
    "OandaBroker": "Oanda",
    "OandaData": "Oanda",
    "OandaStore": "Oanda",
    "VCBroker": "Visual Chart",
    "VCData": "Visual Chart",
    "VCStore": "Visual Chart",
}


def leaked(name: str) -> Any:
    """A leaked name, with a warning that says where it comes from."""
    module, _, attribute = LEAKED[name].partition(":")
    source = f"from {module} import {attribute}" if attribute else f"import {module}"
    # the warning points at the user's line: behind this function and the facade's own two
    warnings.warn(
        f"bt.{name} was never meant to be part of backtrader: write '{source}'",
        DeprecationWarning,
        stacklevel=4,
    )
    found = importlib.import_module(module)
    return getattr(found, attribute) if attribute else found


def metaclass(name: str) -> Any:
    """The metaclass that upstream has under ``name``."""
    module, _, attribute = METACLASSES[name].partition(":")
    return type(getattr(importlib.import_module(f"backtrader.{module}"), attribute))


def missing(module: str, name: str) -> AttributeError:
    """The error for a name that a module does not have; for a vendor's class it says what it was for."""
    if name in VENDORS:
        return AttributeError(
            f"{module}.{name} connects to {VENDORS[name]}: this version has no such connection. "
            "For a venue of your own derive from bt.Store, bt.DataBase and bt.BrokerBase"
        )
    return AttributeError(f"module {module!r} has no attribute {name!r}")
