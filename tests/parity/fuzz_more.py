"""What fuzz cases have besides feeds and orders: filters, resampled and replayed feeds, timers, signals."""

from __future__ import annotations

import random
from typing import Any

Case = dict[str, Any]

_BETWEEN = [
    "coupled", "coupled line", "onto", "onto slow", "onto bundle", "back", "back and forth", "crossed",
    "counted", "nested", "paired", "stateful",
]  # fmt: skip

# Where bars are loaded one by one: the original stops, or shows bars twice, when a filter takes them away.
_ONE_BY_ONE = ("preload=False", "exactbars=1")
_BOUNDED = ("exactbars=1", "exactbars=-1", "exactbars=-2")
_SIGNALS = ["LONGSHORT", "LONG", "LONG_INV", "SHORT", "SHORT_ANY", "LONGEXIT", "SHORTEXIT", "LONGEXIT_INV"]


def with_more(case: Case, seed: int, number: int) -> Case:
    """The case, for about half of all numbers with something more; what was in it stays as it is."""
    rnd = random.Random(f"{seed}/{number}/more")
    if rnd.random() < 0.45:
        return case
    more = _More(case, rnd)
    return {
        **case,
        "feeds": more.feeds(),
        "derived": more.derived(),
        "timers": more.timers(),
        "signals": more.signals(),
        "program": more.program(),
        "between": more.between(),
    }


class _More:
    def __init__(self, case: Case, rnd: random.Random) -> None:
        self.case, self.rnd = case, rnd
        self.one_bar = case["mode"] == "exactbars=1"
        self.made: list[dict[str, Any]] = []
        self.ticking: list[dict[str, Any]] = []
        self._filters: list[list[Any]] = []

    def _chance(self, part: float) -> bool:
        return self.rnd.random() < part

    # -- filters -------------------------------------------------------------------------------------
    def feeds(self) -> list[dict[str, Any]]:
        """The feeds, some with filters."""
        found = []
        for feed in self.case["feeds"]:
            wanted = self._chance(0.2) and self._may_filter()
            chosen = [self._filter(feed)] if wanted else []
            self._filters.append(chosen)
            found.append({**feed, "filters": chosen} if chosen else feed)
        return found

    def _may_filter(self) -> bool:
        """With one bar of memory the original stops where one of several feeds loses bars."""
        if self.case["cerebro"].get("oldsync"):
            return False
        return not self.one_bar or len(self.case["feeds"]) == 1

    def _filter(self, feed: dict[str, Any]) -> list[Any]:
        choices: list[list[Any]] = [["odd", {}], ["half", {}]]
        if not self.one_bar:  # it reads the bar before
            choices.append(["HeikinAshi", {}])
        if feed["intraday"]:
            choices.append(["SessionFilter", {}])
        if self.case["mode"] not in _ONE_BY_ONE:
            choices.append(
                ["Renko", {"size": self.rnd.choice([None, 0.5]), "autosize": self.rnd.choice([20.0, 200.0])}]
            )
            if feed["intraday"]:
                choices.append(["SessionFiller", {"fill_vol": 10.0, "fill_oi": 0.0}])
            else:
                choices.append(["CalendarDays", {"fill_price": self.rnd.choice([0, -1]), "fill_vol": 5.0}])
        return self.rnd.choice(choices)

    # -- larger bars -----------------------------------------------------------------------------------
    def derived(self) -> list[dict[str, Any]]:
        """Feeds made of others: beside them, or in the place of the only one."""
        taken = any(flt[0] in ("Renko", "SessionFiller", "CalendarDays") for f in self._filters for flt in f)
        if self.case["cerebro"].get("oldsync") or taken or self._chance(0.35):
            return []
        alone = len(self.case["feeds"]) == 1
        instead = alone and (self.one_bar or self._chance(0.4))
        if self.one_bar and not instead:
            return []
        count = 1 if instead else self.rnd.choice([1, 1, 2])
        self.made = [self._one(i, instead) for i in range(count)]
        last = len(self.case["feeds"]) - 1
        if not (alone or self.one_bar) and self._chance(0.25):  # the last feed itself, not a clone of it
            timeframe, compression = self._larger(self.case["feeds"][last])
            own = {
                "of": last,
                "how": "resample",
                "timeframe": timeframe,
                "compression": compression,
                "own": True,
            }
            self.made = [{**self.made[0], **own}]
        return self.made

    def _one(self, number: int, instead: bool) -> dict[str, Any]:
        rnd = self.rnd
        of = rnd.randrange(len(self.case["feeds"]))
        timeframe, compression = self._larger(self.case["feeds"][of])
        how = rnd.choice(["resample", "resample", "replay"])
        options = {}
        for name in ("bar2edge", "rightedge", "adjbartime"):
            if self._chance(0.15):
                options[name] = False
        if timeframe == "Minutes" and self._chance(0.1):
            options["boundoff"] = 1
        return {
            "of": of, "how": how, "timeframe": timeframe, "compression": compression,
            "options": options, "instead": instead, "name": f"r{number}",
        }  # fmt: skip

    def _larger(self, feed: dict[str, Any]) -> tuple[str, int]:
        rnd = self.rnd
        if feed.get("weeks"):
            return rnd.choice([("Weeks", 2), ("Months", 1)])
        if feed["intraday"]:
            return rnd.choice(
                [("Minutes", 5 * feed["step"]), ("Minutes", 15), ("Minutes", 60), ("Days", 1), ("Weeks", 1)]
            )
        return rnd.choice([("Days", 2), ("Days", 3), ("Weeks", 1), ("Weeks", 1), ("Months", 1)])

    # -- timers and signals ------------------------------------------------------------------------------
    def timers(self) -> list[dict[str, Any]]:
        """Timers of the strategy or of Cerebro."""
        return [self._timer() for _ in range(self.rnd.choice([1, 1, 2]))] if self._chance(0.35) else []

    def _timer(self) -> dict[str, Any]:
        rnd = self.rnd
        found: dict[str, Any] = {
            "when": rnd.choice(["start", "end", "09:05:00", "09:12:00", "00:00:00"]),
            "by": rnd.choice(["strategy", "strategy", "cerebro"]),
            "cheat": self._chance(0.25),
        }
        if self._chance(0.3):
            found["offset"] = rnd.choice([1, 4, 10])
        if self._chance(0.3):
            found["repeat"] = rnd.choice([2, 5, 60])
        if self._chance(0.25):
            found |= {"weekdays": sorted(rnd.sample([1, 2, 3, 4, 5, 6], 2)), "weekcarry": self._chance(0.5)}
        if self._chance(0.2):
            found |= {
                "monthdays": sorted(rnd.sample([1, 2, 5, 10, 15, 31], 2)),
                "monthcarry": self._chance(0.5),
            }
        self.ticking.append(found)
        return found

    def signals(self) -> list[dict[str, Any]]:
        """Signals in the place of the strategy.

        Where something is no number the original spoils the account; a program can look before.
        """
        numbers = all(value == value for f in self.case["feeds"] for row in f["rows"] for value in row[1:])
        if self.ticking or not numbers or not self._chance(0.15):
            return []
        return [
            {
                "type": kind,
                "period": self.rnd.choice([2, 3, 5]),
                "data": self.rnd.randrange(len(self.case["feeds"])),
            }
            for kind in self.rnd.sample(_SIGNALS, self.rnd.choice([1, 1, 2, 3]))
        ]

    def between(self) -> list[dict[str, Any]]:
        """Lines of resampled feeds together with others.

        Computed in advance, as over plain feeds, the original leaves such lines empty.
        """
        count = len(self.case["feeds"])
        whole = self.made and not self.made[0]["instead"] and self.case["mode"] not in _BOUNDED
        if not whole or any(one["how"] != "resample" for one in self.made) or self._chance(0.15):
            return []
        own = self.made[0].get("own", False)
        # before its first bar the original reads a feed's next one
        first = min(range(count - own), key=lambda number: str(self.case["feeds"][number]["rows"][0][0]))
        return [
            {
                "kind": self.rnd.choice(_BETWEEN),
                "slow": count - own + self.rnd.randrange(len(self.made)),
                "fast": first,
                "period": self.rnd.choice([1, 2, 3]),
            }
            for _ in range(self.rnd.choice([1, 2, 3]))
        ]

    def program(self) -> list[dict[str, Any]]:
        """The program with some steps on the new feeds, or when a timer rings."""
        instead = any(one["instead"] for one in self.made)
        first = len(self.case["feeds"])
        steps = []
        for step in self.case["program"]:
            if self.made and not (instead or self.made[0].get("own")) and self._chance(0.3):
                step = {**step, "data": first + self.rnd.randrange(len(self.made))}
            if self.ticking and self._chance(0.3) and self.case["mode"] != "quiet":
                step = {**step, "when": "timer", "bar": self.rnd.randrange(1, 6)}
            steps.append(step)
        return steps
