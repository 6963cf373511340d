"""Names that are there for old code only: leaked modules, metaclasses, what vendors' packages once gave."""

from __future__ import annotations

import importlib
import warnings
from typing import Any

__all__ = [
    "LEAKED",
    "METACLASSES",
    "REEXPORTED",
    "VENDORS",
    "leaked",
    "metaclass",
    "missing",
    "reexported",
    "vendor",
]

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

#: Names that upstream's modules show because they use them, and that are imported from there.
REEXPORTED = {
    "MetaParams": "utils",
    "TimeFrame": "lines",
    "date2num": "utils",
    "findowner": "utils",
    "num2date": "utils",
    "with_metaclass": "utils",
}

#: Classes of one broker or data vendor, by the package that upstream shows them in: the module there.
VENDORS = {
    "brokers": {"IBBroker": "ibbroker", "OandaBroker": "oandabroker", "VCBroker": "vcbroker"},
    "feeds": {"IBData": "ibdata", "OandaData": "oanda", "VCData": "vcdata"},
    "stores": {"IBStore": "ibstore", "OandaStore": "oandastore", "VCStore": "vcstore"},
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


def vendor(package: str, name: str) -> Any:
    """A vendor's class that upstream shows in ``package``; its module is only loaded for this."""
    try:
        module = VENDORS[package][name]
    except KeyError:
        return reexported(f"backtrader.{package}", name)
    return getattr(importlib.import_module(f"backtrader.{package}.{module}"), name)


def reexported(module: str, name: str) -> Any:
    """A name that upstream's ``module`` shows although it is at home elsewhere."""
    if name in METACLASSES:
        return metaclass(name)
    if name in REEXPORTED:
        return getattr(importlib.import_module(f"backtrader.{REEXPORTED[name]}"), name)
    raise missing(module, name)


def missing(module: str, name: str) -> AttributeError:
    """The error for a name that a module does not have."""
    return AttributeError(f"module {module!r} has no attribute {name!r}")
