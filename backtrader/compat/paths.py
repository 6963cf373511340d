"""Where upstream's modules live now, and the import finder that serves the old paths.

An old path gives the very module that is at the new place, never a copy: classes keep their
identity, patching through either path works, and so do pickles, reloading and spawned workers.
Importing this module puts the finder in place.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

from .names import METACLASSES, REEXPORTED, reexported

__all__ = ["MODULES", "MOVED", "OldPathFinder", "current_path"]

PACKAGE = "backtrader"

#: Old module -> new module.  What is below an old package is below the new one.
MODULES = {
    # lines
    "lineroot": "lines",
    "linebuffer": "lines",
    "lineseries": "lines",
    "lineiterator": "lines",
    "dataseries": "lines",
    "functions": "lines",
    # bars in
    "feed": "feeds",
    "store": "stores",
    "flt": "filters",
    "resamplerfilter": "filters",
    "filters.datafiller": "feeds.datafiller",
    "filters.datafilter": "feeds.datafilter",
    # one class and its family
    "indicator": "indicators",
    "analyzer": "analyzers",
    "observer": "observers",
    "sizer": "sizers",
    "writer": "writers",
    "talib": "indicators.talib",
    # orders in, executions out
    "brokers": "broker",
    "brokers.bbroker": "broker.back",
    "order": "broker",
    "trade": "broker",
    "position": "broker",
    "comminfo": "broker",
    "commissions": "broker",
    "fillers": "broker.fillers",
    # the machine
    "cerebro": "core",
    "strategy": "core",
    "signal": "core",
    "signals": "core",
    "timer": "core",
    # parameter search, as extensions of upstream spell it
    "optimizers": "opt",
    "optimizers.base": "opt.optimizers",
    "optimizers.grid_search": "opt.optimizers",
    "optimizers.bayesian": "opt.optimizers",
    "optimizers.random_search": "opt.optimizers",
    "optimizers.genetic": "opt.optimizers",
    "optimizers.scheduler": "opt.scheduler",
    "optimizers.analysis": "opt.analysis",
    "utils.opt_utils": "opt",
    "analyzers.opt_analyzer": "opt",
    # utilities
    "metabase": "utils",
    "mathsupport": "utils.mathsupport",
    "tradingcal": "utils.tradingcal",
    "version": "_version",
    "utils.date": "utils.dateintern",
    "utils.flushfile": "utils.py3",
    "utils.ordereddefaultdict": "utils.autodict",
    # brokers and feeds of particular vendors
    "stores.ibstore": "vendors.ib.store",
    "feeds.ibdata": "vendors.ib.feed",
    "brokers.ibbroker": "vendors.ib.broker",
    "stores.oandastore": "vendors.oanda.store",
    "feeds.oanda": "vendors.oanda.feed",
    "brokers.oandabroker": "vendors.oanda.broker",
    "stores.vcstore": "vendors.vc.store",
    "feeds.vcdata": "vendors.vc.feed",
    "brokers.vcbroker": "vendors.vc.broker",
}

#: Names that moved elsewhere than their module did; they are put beside the others when the old path is used.
MOVED = {
    "dataseries": {"SimpleFilterWrapper": "filters"},
    "linebuffer": {"_LineDelay": "lines.delay", "_LineForward": "lines.delay"},
    "metabase": {"ItemCollection": "core.items"},
}

_ROOTS = frozenset(old.partition(".")[0] for old in MODULES)


def current_path(fullname: str) -> str | None:
    """The path today of an old path; None if the path is not an old one."""
    package, _, old = fullname.partition(".")
    if package != PACKAGE or old.partition(".")[0] not in _ROOTS:
        return None
    rest = ""
    while old:
        if old in MODULES:
            return f"{PACKAGE}.{MODULES[old]}{rest}"
        old, _, last = old.rpartition(".")
        rest = f".{last}{rest}"
    return None


class OldPathFinder:
    """Serves an old path with the module at the new one."""

    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Part of the import protocol: a spec for old paths, nothing for all others."""
        current = current_path(fullname)
        if current is None:
            return None
        moved = MOVED.get(fullname.removeprefix(f"{PACKAGE}."), {})
        return ModuleSpec(fullname, _Alias(current, moved))  # type: ignore[arg-type]


class _Alias:
    """A loader which hands out a module that is imported already and leaves it as it is."""

    def __init__(self, current: str, moved: Mapping[str, str]) -> None:
        self._current = current
        self._moved = moved
        self._spec: ModuleSpec | None = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self._current)
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec  # the import system has put the old path's there
        for name, home in self._moved.items():
            setattr(module, name, getattr(importlib.import_module(f"{PACKAGE}.{home}"), name))
        package = self._current.split(".")[1]
        families = [name for name, home in METACLASSES.items() if home.partition(":")[0] == package]
        for name in (*REEXPORTED, *families):
            if name not in vars(module):
                setattr(module, name, reexported(module.__name__, name))


# Before all other finders: they would load what is below an old package a second time.
if OldPathFinder not in sys.meta_path:
    sys.meta_path.insert(0, OldPathFinder)
