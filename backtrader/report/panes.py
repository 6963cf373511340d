"""Which indicators of a strategy are drawn where, as their plotinfo and plotlines say."""

from __future__ import annotations

from typing import Any

from .encode import encode

__all__ = ["panes_of"]

_PALETTE = (
    "#2f6fed", "#e08a1e", "#2a9d6f", "#c2417c", "#7a5cd6", "#8c6239", "#3aa6b9", "#a3a300",
)  # fmt: skip


def panes_of(strategy: Any, data: Any) -> list[dict[str, Any]]:
    """The panes of one feed, top to bottom: those above the price, the price itself, those below."""
    drawn = [each for each in strategy.getindicators() if _is_drawn(each) and strategy._feed_of(each) is data]
    panes: list[dict[str, Any]] = []
    price: dict[str, Any] = {"kind": "price", "title": str(data._name or type(data).__name__), "series": []}
    home: dict[int, dict[str, Any]] = {}
    above: list[dict[str, Any]] = []
    for indicator in drawn:
        master = getattr(indicator.plotinfo, "plotmaster", None)
        place = home.get(id(master)) if master is not None else None
        if place is None and (master is data or not indicator.plotinfo.subplot):
            place = price
        if place is None:
            place = {"kind": "indicator", "title": _label(indicator), "series": [], **_levels(indicator)}
            (above if indicator.plotinfo.plotabove else panes).append(place)
        home[id(indicator)] = place
        place["series"].extend(_series(indicator, len(data), place))
    return [pane for pane in [*above, price, *panes] if pane["kind"] == "price" or pane["series"]]


def _is_drawn(indicator: Any) -> bool:
    info = getattr(indicator, "plotinfo", None)
    return bool(info is not None and info.plot and not info.plotskip and hasattr(indicator, "plotlines"))


def _label(indicator: Any) -> str:
    name = indicator.plotinfo.plotname
    return str(name or indicator.plotlabel())


def _levels(indicator: Any) -> dict[str, Any]:
    indicator._plotinit()
    info = indicator.plotinfo
    levels = [*info._get("plotyhlines", []), *info._get("plothlines", [])]
    return {"levels": [float(level) for level in levels]}


def _series(indicator: Any, bars: int, place: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    names = list(indicator.lines.getlinealiases())
    for number, (name, line) in enumerate(zip(names, indicator.lines, strict=False)):
        options = _options(indicator, name, number)
        if options.get("_plotskip"):
            continue
        values = line.array[:bars]
        if len(values) != bars:
            continue  # of another timeline: it has no place among these bars
        color = options.get("color")
        taken = len(place["series"]) + len(found)
        one: dict[str, Any] = {
            "name": str(options.get("_name") or (name if len(names) > 1 else _label(indicator))),
            "line": name,
            "of": _label(indicator),
            "color": color if isinstance(color, str) and color.startswith("#") else _PALETTE[taken % 8],
            "values": encode(values),
        }
        one["style"] = _style(options)
        if options.get("ls") in ("--", ":", "-."):
            one["dash"] = True
        if options.get("_samecolor") and found:
            one["color"] = found[-1]["color"]
        found.append(one)
    _fills(indicator, names, found)
    return found


def _style(options: dict[str, Any]) -> str:
    if options.get("_method") == "bar":
        return "bar"
    marker, dash = options.get("marker"), options.get("ls")
    return "points" if marker and dash in ("", "None", "none", " ") else "line"


def _fills(indicator: Any, names: list[str], found: list[dict[str, Any]]) -> None:
    by_name = {one["line"]: one for one in found}
    for number, name in enumerate(names):
        options = _options(indicator, name, number)
        if name not in by_name:
            continue
        for key in ("_fill_gt", "_fill_lt", "_fill"):
            given = options.get(key)
            if isinstance(given, tuple) and given:
                by_name[name].setdefault("fill", []).append([key[5:].strip("_") or "both", str(given[0])])


def _options(indicator: Any, name: str, number: int) -> dict[str, Any]:
    plotlines = indicator.plotlines
    for key in (name, f"_{number}"):
        given = getattr(plotlines, key, None)
        if given is not None:
            return dict(given._getitems())
    return {}
