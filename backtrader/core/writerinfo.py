"""What a strategy tells a writer at the end: parameters, indicators, observers, analyzers."""

from __future__ import annotations

from typing import Any

from ..utils.autodict import AutoOrderedDict


def name_of(item: Any) -> str:
    """The name of an indicator or observer: that of its class, if it does not have one of its own."""
    name: str = getattr(item, "_told_as", None) or type(item).__name__
    return name


def _params(item: Any) -> Any:
    return item.p._getkwargs() or None


def _described(items: Any) -> AutoOrderedDict:
    """Lines and parameters by name; compat: of two with the same name the later one is told about."""
    told = AutoOrderedDict()
    for item in items:
        told[name_of(item)] = AutoOrderedDict(
            [("Lines", item.lines.getlinealiases() or None), ("Params", _params(item))]
        )
    return told


def strategy_info(strategy: Any) -> AutoOrderedDict:
    """The whole, as nested dictionaries in the order they are written."""
    broker = strategy.broker
    value = AutoOrderedDict([("Begin", broker.startingcash), ("End", broker.getvalue())])
    analyzers = AutoOrderedDict([("Value", value)])
    for name, analyzer in strategy.analyzers.getitems():
        analyzers[name] = AutoOrderedDict(
            [("Params", _params(analyzer)), ("Analysis", analyzer.get_analysis())]
        )
    return AutoOrderedDict(
        [
            ("Params", strategy.p._getkwargs()),
            ("Indicators", _described(strategy.getindicators_lines())),
            ("Observers", _described(strategy.getobservers())),
            ("Analyzers", analyzers),
        ]
    )
