"""The matrix of resampled and replayed feeds: source x timeframe x compression x options, as JSON material."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from .modes import MODES, Mode

Case = dict[str, Any]

# What larger bars are made of each kind of source: timeframe and compressions.
TARGETS: dict[str, list[tuple[str, list[int]]]] = {
    "ticks": [("Ticks", [1, 3]), ("MicroSeconds", [250_000]), ("Seconds", [1, 5]), ("Minutes", [1]), ("Days", [1])],
    "seconds": [("Seconds", [1, 5, 15]), ("Minutes", [1, 5]), ("Days", [1])],
    "minutes": [("Minutes", [1, 2, 5, 15, 60, 240]), ("Days", [1, 2]), ("Weeks", [1]), ("Months", [1])],
    "fives": [("Minutes", [7, 10, 60]), ("Days", [1]), ("Weeks", [1, 2]), ("Months", [1])],
    "days": [("Days", [1, 2, 3]), ("Weeks", [1, 2]), ("Months", [1, 3]), ("Years", [1, 2])],
    "weeks": [("Weeks", [2]), ("Months", [1]), ("Years", [1])],
    "late": [("Seconds", [20]), ("Minutes", [1, 5]), ("Days", [1])],
}  # fmt: skip

OPTIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "bar2edge": {"bar2edge": False},
    "leftedge": {"rightedge": False},
    "adjbartime": {"adjbartime": False},
    "boundoff": {"boundoff": 1},
    "takelate": {"takelate": False},
    "everything": {"bar2edge": False, "adjbartime": False, "rightedge": False, "boundoff": 2},
}

# What the feed knows about its sessions.
SESSIONS: dict[str, dict[str, Any]] = {
    "session": {"sessionstart": "09:00:00", "sessionend": "09:35:00"},
    "late-session": {"sessionend": "17:30:00"},
    "zone": {"zone": -5},
    "zone-session": {"zone": 2, "sessionend": "11:20:00"},
    "calendar": {"calendar": "early"},
    "market": {"calendar": "plain"},
}

INSIDE_DAY = {"Ticks", "MicroSeconds", "Seconds", "Minutes"}


def _option_labels(source: str, timeframe: str) -> list[str]:
    """The options that can make a difference."""
    if timeframe in ("Weeks", "Months", "Years"):
        return ["plain"]
    if timeframe == "Days":
        return ["plain", "bar2edge", "adjbartime"]
    return [label for label in OPTIONS if label != "takelate" or source in ("late", "ticks")]


def _session_labels(source: str, timeframe: str) -> list[str]:
    if timeframe in ("Weeks", "Months", "Years"):
        return ["zone", "calendar", "market"] if source != "ticks" else []
    return [label for label in SESSIONS if label not in ("market",)]


def _cases() -> Iterator[Case]:
    for source, targets in TARGETS.items():
        for timeframe, compressions in targets:
            for compression in compressions:
                base = {"source": source, "timeframe": timeframe, "compression": compression}
                for label in _option_labels(source, timeframe):
                    yield {**base, "label": label, "options": OPTIONS[label], "feed": {}}
            base["compression"] = compressions[-1 if len(compressions) < 3 else 2]
            for label in _session_labels(source, timeframe):
                yield {**base, "label": label, "options": {}, "feed": SESSIONS[label]}


def _replayed(case: Case) -> Case | None:
    """The same replayed; ``adjbartime`` the other way round, because its default is."""
    options = dict(case["options"])
    if case["label"] == "adjbartime":
        options["adjbartime"] = True
        if _counts_bars(case):
            return None  # ends with an error in the original; has a test of its own
    if case["timeframe"] == "Years":
        return None if case["label"] != "plain" else {**case, "how": "replay", "options": options}
    return {**case, "how": "replay", "options": options}


def _counts_bars(case: Case) -> bool:
    return (case["source"], case["timeframe"]) in {("ticks", "Ticks"), ("days", "Days"), ("weeks", "Weeks")}


def matrix() -> list[Case]:
    """All cases, alone and beside the feed they are made of."""
    found: list[Case] = []
    for number, case in enumerate(_cases()):
        replayed = _replayed(case)
        for made in ({**case, "how": "resample"}, replayed):
            if made is None:
                continue
            places = ["alone", "beside"] if case["label"] == "plain" else [("alone", "beside")[number % 2]]
            found += [{**made, "place": place} for place in places]
    return found


def name_of(case: Case) -> str:
    """For test ids."""
    return "-".join(
        [
            case["how"],
            case["source"],
            f"{case['timeframe']}{case['compression']}",
            case["label"],
            case["place"],
        ]
    )


_OTHERS = ["runonce=False", "preload=False", "exactbars=-1", "quiet", "exactbars=-2", "exactbars=1"]


def modes_of(number: int, case: Case) -> list[Mode]:
    """The default mode, and for every other case another one in turn.

    With ``exactbars=1`` the original spoils a feed that is put back because its bar is later.
    """
    others = [name for name in _OTHERS if name != "exactbars=1" or case["place"] == "alone"]
    return [MODES["default"], *([MODES[others[number // 2 % len(others)]]] if number % 2 else [])]


def runs() -> list[tuple[Case, Mode]]:
    """All cases with their modes."""
    pairs = [[(case, mode) for mode in modes_of(number, case)] for number, case in enumerate(matrix())]
    return list(itertools.chain.from_iterable(pairs))


def request(case: Case, mode: Mode) -> dict[str, Any]:
    """What a worker is asked."""
    return {"do": "resample", "case": case, "mode": mode.name, "run": mode.run, "watch": mode.watch}
