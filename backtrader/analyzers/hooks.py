"""Which per-bar calls an analyzer needs, found from the hooks its class overrides.

A run calls only what is needed: an analyzer that only listens to trades costs nothing on a bar
without trades, one that can be worked out from the account's history costs nothing at all.
"""

from __future__ import annotations

from typing import Any

#: What the run calls -> the methods that have to do with it.
KINDS: dict[str, tuple[str, ...]] = {
    "next": ("next", "prenext", "nextstart", "_next", "_prenext", "_nextstart", "on_dt_over"),
    "orders": ("notify_order", "_notify_order"),
    "trades": ("notify_trade", "_notify_trade"),
    "cashvalue": ("notify_cashvalue", "_notify_cashvalue"),
    "fund": ("notify_fund", "_notify_fund"),
}

_of_class: dict[tuple[type, bool], frozenset[str]] = {}


def hooks_of(analyzer: Any, derived: bool = False) -> frozenset[str]:
    """The kinds of calls the run must make for the analyzer and its children.

    With ``derived`` the account's history is at hand: analyzers which can catch up from it need
    nothing, unless one above or below them is stepped, which could read them on every bar.
    """
    needed = _of_tree(analyzer, derived)
    return _of_tree(analyzer, False) if derived and "next" in needed else needed


def _of_tree(analyzer: Any, derived: bool) -> frozenset[str]:
    needed = _of_one(analyzer, derived)
    for child in analyzer._children:
        needed |= _of_tree(child, derived)
    return needed


def _of_one(analyzer: Any, derived: bool) -> frozenset[str]:
    derived = derived and analyzer._can_catch_up()
    key = (type(analyzer), derived)
    needed = _of_class.get(key)
    if needed is None:
        needed = _of_class[key] = _overridden(key[0], _free_from(key[0], derived))
    own = vars(analyzer)
    return needed | {kind for kind, names in KINDS.items() if any(name in own for name in names)}


def _free_from(cls: type, derived: bool) -> int:
    """From this place of the class' line of bases on, hooks need not be called."""
    mark = "_catch_up" if derived else "_hooks_do_nothing"
    return next(i for i, base in enumerate(cls.__mro__) if mark in vars(base))


def _overridden(cls: type, end: int) -> frozenset[str]:
    line = cls.__mro__[:end]
    return frozenset(
        kind for kind, names in KINDS.items() if any(name in vars(base) for base in line for name in names)
    )
