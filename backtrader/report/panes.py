"""Which indicators of a strategy are drawn where, as their plotinfo and plotlines say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .colors import PALETTE, css_color
from .encode import encode

__all__ = ["panes_of"]

Pane = dict[str, Any]
_REPLACED = ("Broker", "Trades", "BuySell", "DataTrades", "Cash", "Value")  # the page has them


def panes_of(layout: Any, data: Any) -> list[Pane]:
    """The panes of one feed, top to bottom: those above the price, the price itself, those below.

    ``layout`` says where a strategy's indicators belong (see ``plot/layout.py``).  With its first feed
    come the observers too, but for those the page has a view of its own of.
    """
    panes = [pane for thing in _stacked(layout, data) if (pane := _pane(layout, thing, data))]
    if data is layout.strategy.data:
        panes += [pane for each in layout.top if not _replaced(each) and (pane := _pane(layout, each, data))]
    return panes


def _stacked(layout: Any, thing: Any) -> Iterator[Any]:
    """A feed or an indicator and all that has a pane because of it, from the top down."""
    for one in layout.above(thing):
        yield from _stacked(layout, one)
    yield thing
    for one in layout.below(thing):
        yield from _stacked(layout, one)


def _pane(layout: Any, thing: Any, data: Any) -> Pane | None:
    """The pane of a feed, or of an indicator that has something to show."""
    pane: Pane = {"kind": "price", "title": _name(data), "series": []}
    if thing is not data:
        pane |= {"kind": "indicator", "title": _label(thing), "levels": _levels(thing.plotinfo)}
        pane["series"] += _series(thing, len(data), pane)
    for one in layout.overlays(thing):
        if not _replaced(one):
            pane["series"] += _series(one, len(data), pane)
    return pane if pane["series"] or thing is data else None


def _replaced(inner: Any) -> bool:
    return type(inner).__name__ in _REPLACED


def _name(data: Any) -> str:
    return str(data._name or type(data).__name__)


def _label(inner: Any) -> str:
    return str(inner.plotlabel())


def _levels(info: Any) -> list[float]:
    levels = [*info._get("plotyhlines", []), *info._get("plothlines", [])]
    return sorted({float(level) for level in levels})


def _series(inner: Any, bars: int, place: Pane) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    names = list(inner.lines.getlinealiases())
    for number, (name, line) in enumerate(zip(names, inner.lines, strict=False)):
        options = _options(inner, name, number)
        values = line.array[:bars]
        if options.get("_plotskip") or len(values) != bars:
            continue  # a line of another length has no place among these bars
        column = encode(values)
        if not column["data"]:
            continue  # never a number: a legend for nothing
        taken = len(place["series"]) + len(found)
        color = css_color(options.get("color")) or PALETTE[taken % len(PALETTE)]
        found.append(
            {
                "name": str(options.get("_name") or (name if len(names) > 1 else "")),
                "line": name,
                "of": _label(inner),
                "color": found[-1]["color"] if options.get("_samecolor") and found else color,
                "values": column,
                "style": _style(options),
                "dash": options.get("ls", options.get("linestyle")) in ("--", ":", "-.", "dashed", "dotted"),
                "fills": _fills(options, names),
            }
        )
    return found


def _style(options: dict[str, Any]) -> str:
    if options.get("_method") == "bar":
        return "bar"
    marker, dash = options.get("marker"), options.get("ls", options.get("linestyle"))
    return "points" if marker and dash in (None, "", "None", "none", " ") else "line"


def _fills(options: dict[str, Any], names: list[str]) -> list[dict[str, Any]]:
    """Areas between a line and another, or a level: where it is above, below, or everywhere."""
    found: list[dict[str, Any]] = []
    for key, where in (("_fill_gt", "above"), ("_fill_lt", "below"), ("_fill", "both")):
        given = options.get(key)
        if not isinstance(given, tuple | list) or not given:
            continue
        target, color = given[0], given[1] if len(given) > 1 else None
        if isinstance(color, tuple | list) and len(color) == 2 and isinstance(color[0], str):
            color = color[0]  # a colour and how dense it is: the page has one density
        one = {"where": where, "color": css_color(color)}
        if target in names:
            found.append(one | {"line": target})
        elif isinstance(target, int | float):
            found.append(one | {"level": float(target)})
    return found


def _options(inner: Any, name: str, number: int) -> dict[str, Any]:
    for key in (name, f"_{number}"):
        given = getattr(inner.plotlines, key, None)
        if given is not None:
            return {**given._getkwargs(), **vars(given)}
    return {}
