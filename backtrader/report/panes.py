"""Which indicators of a strategy are drawn where, as their plotinfo and plotlines say."""

from __future__ import annotations

from typing import Any

from .colors import PALETTE, css_color
from .encode import encode

__all__ = ["panes_of"]

Pane = dict[str, Any]
_REPLACED = ("Broker", "Trades", "BuySell", "DataTrades", "Cash", "Value")  # the page has them


def panes_of(strategy: Any, data: Any, main: bool = False) -> list[Pane]:
    """The panes of one feed, top to bottom: those above the price, the price itself, those below.

    With the ``main`` feed come the observers too, but for those the page has its own view of.
    """
    price: Pane = {"kind": "price", "title": _name(data), "series": []}
    above: list[Pane] = []
    below: list[Pane] = []
    home: dict[int, Pane] = {}
    for drawn in _drawn(strategy, data, main):
        prepare = getattr(drawn, "_plotinit", None)
        if prepare is not None:  # indicators have it, observers do not
            prepare()
        info = drawn.plotinfo
        master = info._get("plotmaster", None)
        place = home.get(id(master)) if master is not None else None
        if place is None and (master is data or not info._get("subplot", True)):
            place = price
        if place is None:
            place = {"kind": "indicator", "title": _label(drawn), "series": [], "levels": _levels(info)}
            (above if info._get("plotabove", False) else below).append(place)
        home[id(drawn)] = place
        place["series"].extend(_series(drawn, len(data), place))
    return [pane for pane in [*above, price, *below] if pane["kind"] == "price" or pane["series"]]


def _drawn(strategy: Any, data: Any, main: bool) -> list[Any]:
    inner = [each for each in strategy.getindicators() if strategy._feed_of(each) is data]
    if main:
        inner += [each for each in strategy.getobservers() if type(each).__name__ not in _REPLACED]
    return [each for each in inner if _is_drawn(each)]


def _is_drawn(inner: Any) -> bool:
    info = getattr(inner, "plotinfo", None)
    wanted = info is not None and info.plot and not info._get("plotskip", False)
    return bool(wanted and hasattr(inner, "plotlines"))


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
