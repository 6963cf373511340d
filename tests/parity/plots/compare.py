"""Two engines' facts about a chart, held against each other axis by axis.

Compared are figures, panes (order, rows, height, sharing), limits, ticks and their texts, lines,
collections, bars, tags, levels and legends.  What this engine does otherwise on purpose is left out
for every chart here; what only some charts show is named by them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

CLOSE = 1e-9
_CHILD = re.compile(r"_child\d+$")
_LATE = re.compile(r"\d{4}-\d\d-(29|30|31)")
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")

Facts = dict[str, Any]


def differences(theirs: Facts, ours: Facts, except_for: frozenset[str] = frozenset()) -> list[str]:
    """Sentences, one a difference; ``except_for`` names kinds of facts a chart differs in on purpose."""
    found = list(_same("notes", theirs["notes"], ours["notes"]))
    if len(theirs["figures"]) != len(ours["figures"]):
        return [f"figures of {len(theirs['figures'])} strategies, not {len(ours['figures'])}"]
    for number, (group, own) in enumerate(zip(theirs["figures"], ours["figures"], strict=True)):
        if len(group) != len(own):
            found.append(f"strategy {number}: {len(group)} figures, not {len(own)}")
            continue
        for index, pair in enumerate(zip(group, own, strict=True)):
            found += [f"{number}.{index} {line}" for line in _figure(*pair, except_for)]
    return found


def _figure(theirs: Facts, ours: Facts, except_for: frozenset[str]) -> Iterator[str]:
    yield from _same("number", theirs["number"], ours["number"])
    yield from _same("size", theirs["size"], ours["size"])
    yield from _same("background", theirs["background"], ours["background"])
    # the bottom is higher here in small figures, so that the dates fit
    left, right, top, _, hspace, _ = theirs["around"]
    yield from _same("around", [left, right, top, hspace], [*ours["around"][:3], ours["around"][4]])
    if "panes" in except_for:
        return
    if len(theirs["panes"]) != len(ours["panes"]):
        yield f"{len(theirs['panes'])} panes, not {len(ours['panes'])}"
        return
    for number, (pane, own) in enumerate(zip(theirs["panes"], ours["panes"], strict=True)):
        if "place" not in except_for:
            yield from _same(f"pane {number} place", *_places(pane, own, theirs, ours))
        for line in _pane(pane, own, except_for):
            yield f"pane {number} {line}"


def _places(pane: Facts, own: Facts, theirs: Facts, ours: Facts) -> list[list[float]]:
    return [_within(one["place"], whole["around"]) for one, whole in ((pane, theirs), (own, ours))]


def _within(place: list[float], around: list[float]) -> list[float]:
    """Where a pane is in the part of the figure that panes have."""
    left, bottom, width, height = place
    room = around[2] - around[3]
    return [left, (bottom - around[3]) / room, width, height / room]


def _pane(theirs: Facts, ours: Facts, except_for: frozenset[str]) -> Iterator[str]:
    for name in (
        "rows",
        "shares",
        "twins",
        "z",
        "background",
        "frame",
        "title",
        "below",
        "margins",
        "xlim",
        "format_x",
    ):
        if name not in except_for:
            yield from _same(name, theirs[name], ours[name])
    if "ylim" not in except_for:
        yield from _same("ylim", theirs["ylim"], ours["ylim"])
        if "y axis" not in except_for:
            yield from _y_ticks(theirs["yaxis"], ours["yaxis"])
    if "x ticks" not in except_for:
        yield from _x_ticks(theirs, ours)
    if "lines" not in except_for:
        yield from _list("line", _lines(theirs), _lines(ours))
    if "collections" not in except_for:
        yield from _list("collection", _collections(theirs), _collections(ours))
    if "bars" not in except_for:
        yield from _list("bar", theirs["bars"], ours["bars"])
    if "tags" not in except_for:
        yield from _tags(theirs, ours)
    if "legend" not in except_for:
        yield from _legend(theirs["legend"], ours["legend"])


# -- single facts --------------------------------------------------------------------------------
def _same(name: str, theirs: Any, ours: Any) -> Iterator[str]:
    where = _unequal(theirs, ours)
    if where is not None:
        yield f"{name}: {where}"


def _unequal(a: Any, b: Any, path: str = "") -> str | None:
    """Where two facts differ; None if they do not."""
    if isinstance(a, float | int) and isinstance(b, float | int) and not isinstance(a, bool):
        return None if math.isclose(a, b, rel_tol=CLOSE, abs_tol=CLOSE) else f"{path} {a!r} not {b!r}"
    if isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b):
            return f"{path} {len(a)} items {_short(a)} not {len(b)} {_short(b)}"
        for number, pair in enumerate(zip(a, b, strict=True)):
            found = _unequal(*pair, f"{path}[{number}]")
            if found is not None:
                return found
        return None
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted({*a, *b}):
            found = _unequal(a.get(key), b.get(key), f"{path}.{key}")
            if found is not None:
                return found
        return None
    return None if a == b else f"{path} {a!r} not {b!r}"


def _short(items: list[Any]) -> str:
    text = repr(items)
    return text if len(text) < 160 else f"{text[:150]}…"


def _list(name: str, theirs: list[Any], ours: list[Any]) -> Iterator[str]:
    if len(theirs) != len(ours):
        labels = [[str(one.get("label", "")) for one in side] for side in (theirs, ours)]
        yield f"{len(theirs)} of {name} {_short(labels[0])}, not {len(ours)} {_short(labels[1])}"
        return
    for number, pair in enumerate(zip(theirs, ours, strict=True)):
        yield from _same(f"{name} {number} ({pair[0].get('label')!r})", *pair)


# -- axes --------------------------------------------------------------------------------------------
def _y_ticks(theirs: Facts, ours: Facts) -> Iterator[str]:
    for name in ("scale", "visible", "offset", "label", "locator", "formatter", "minor"):
        yield from _same(f"y axis {name}", theirs[name], ours[name])
    # which way labels lean is for each pane to decide
    yield from _list("tick", *[[{**tick, "turn": None} for tick in side["ticks"]] for side in (theirs, ours)])


def _x_ticks(theirs: Facts, ours: Facts) -> Iterator[str]:
    """The same bars are marked; the original shows no dates with a matplotlib after 3.2, this engine does."""
    for name in ("scale", "visible", "offset", "label", "locator", "minor"):
        yield from _same(f"x axis {name}", theirs["xaxis"][name], ours["xaxis"][name])
    # its ticks may stand on a bar twice, behind the last bar, and on the last days of months
    sides = []
    for side in (theirs, ours):
        ticks = {}
        for tick in side["xaxis"]["ticks"]:
            ticks.setdefault(tick["at"], [tick["marks"], tick["grid"], tick["says"][:10]])
        sides.append(ticks)
    last = max([x for pane in (theirs, ours) for x in _drawn_at(pane)], default=0.0)
    missing = [
        at for at, tick in sides[0].items() if at not in sides[1] and at < last and not _LATE.match(tick[2])
    ]
    extra = [at for at in sides[1] if at not in sides[0]]
    if missing or extra:
        yield f"x ticks: {missing} missing, {extra} added"
    for at in sides[0].keys() & sides[1].keys():
        yield from _same(f"x tick at {at}", sides[0][at], sides[1][at])


def _drawn_at(pane: Facts) -> Iterator[float]:
    for line in pane["lines"]:
        yield from (x for x in line["x"] if isinstance(x, float))
    for bars in pane["collections"]:
        yield from (shape[0] for shape in bars["shapes"] if isinstance(shape[0], float))


# -- artists -----------------------------------------------------------------------------------------
def _named(fact: Facts) -> Facts:
    """Without the running numbers that matplotlib gives to artists, and without the title of a legend."""
    label = _ADDRESS.sub("", str(fact["label"]))
    return {**fact, "label": "" if _CHILD.match(label) else label.rpartition("\n")[2]}


def _lines(pane: Facts) -> list[Facts]:
    """Lines that are seen: the cross-hair of the original is there from the start, hidden."""
    return [_named(line) for line in pane["lines"] if line["visible"]]


def _collections(pane: Facts) -> list[Facts]:
    return [_named(one) for one in pane["collections"]]


def _tags(theirs: Facts, ours: Facts) -> Iterator[str]:
    """The border of a tag has the colour of its line here, also of one that brings its own."""
    borders = {line["color"][:7] for line in ours["lines"]}
    sides = []
    for side in (theirs, ours):
        tags = []
        for text, drawn in zip(side["texts"], _drawn_tags(ours), strict=False):
            box = {**text["box"], "edge": text["box"]["edge"][7:]}
            tags.append({**text, "box": box if drawn else None})
        sides.append([*tags, *side["texts"][len(tags) :]])
    yield from _list("tag", *sides)
    for mine, other in zip(ours["texts"], theirs["texts"], strict=False):
        if mine["box"]["edge"] != other["box"]["edge"] and mine["box"]["edge"][:7] not in borders:
            yield f"tag {mine['text']}: border {other['box']['edge']} not {mine['box']['edge']}"


def _drawn_tags(ours: Facts) -> list[bool]:
    """Whether each tag is drawn: here one whose value is out of view is not, there it lies over other panes."""
    low, high = ours["ylim"]
    return [low <= text["at"][1] <= high for text in ours["texts"]]


def _legend(theirs: Facts | None, ours: Facts | None) -> Iterator[str]:
    """Entries and their looks; here they are in the order they are drawn, in columns if there is no room."""
    if theirs is None or ours is None:
        yield from _same("legend", theirs, ours)
        return
    title = [
        [_ADDRESS.sub("", text.rpartition("\n")[0]) for text in side["texts"] if "\n" in text]
        for side in (theirs, ours)
    ]
    yield from _same("legend titles", *map(sorted, title))
    entries = [
        sorted(zip([text.rpartition("\n")[2] for text in side["texts"]], side["handles"], strict=True))
        for side in (theirs, ours)
    ]
    yield from _same("legend entries", *[[list(one) for one in side] for side in entries])
    for name in set(theirs) - {"texts", "handles", "at", "columns"}:
        yield from _same(f"legend {name}", theirs[name], ours[name])
