"""Random cases for the fuzzer: bars, account settings and a program of orders, all as JSON material.

Prices in the program are relative to the bar they are sent on, so that a case stays
meaningful while it is shrunk.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

from . import data
from .fuzz_more import with_more

Case = dict[str, Any]
_MODES = {
    "default": 30, "quiet": 12, "runonce=False": 15, "preload=False": 10,
    "exactbars=1": 11, "exactbars=-1": 11, "exactbars=-2": 11,
}  # fmt: skip
_EXEC = {
    "Market": 30,
    "Limit": 22,
    "Stop": 14,
    "StopLimit": 12,
    "StopTrail": 9,
    "StopTrailLimit": 6,
    "Close": 7,
}
_SIZES = [1, 1, 2, 3, 5, 10, 25, 80, 0.5, 2.25, None, None, 0]


def make_case(seed: int, number: int) -> Case:
    """Case ``number`` of the series ``seed``: always the same."""
    case = _Maker(random.Random(f"{seed}/{number}")).case() | {"seed": seed, "number": number}
    return with_more(case, seed, number)


class _Maker:
    def __init__(self, rnd: random.Random) -> None:
        self.rnd = rnd
        self.mode = self._weighted(_MODES)
        self.intraday = rnd.random() < 0.45
        # The original spoils feeds with other stamps, and bars before the last, with one bar of memory.
        self.one_bar = self.mode == "exactbars=1"
        self.per_day = rnd.choice([10, 20, 40])

    def _weighted(self, table: dict[str, int]) -> str:
        return self.rnd.choices(list(table), list(table.values()))[0]

    def _chance(self, part: float) -> bool:
        return self.rnd.random() < part

    def case(self) -> Case:
        """A whole case."""
        feeds = self._feeds()
        bars = max(len(feed["rows"]) for feed in feeds)
        # with a feed that ends early the original goes on with empty bars under oldsync
        alike = len({tuple(row[0] for row in feed["rows"]) for feed in feeds}) == 1
        cerebro = self._cerebro(alike)
        return {
            "mode": self.mode,
            "feeds": feeds,
            "cerebro": cerebro,
            "broker": self._broker(),
            "commissions": self._commissions(feeds),
            "sizer": self._sizer(),
            # A window longer than a feed fails in the original when computed in advance.
            "period": self.rnd.choice(
                [p for p in (0, 0, 2, 3, 5, 9) if p <= min(len(feed["rows"]) for feed in feeds)]
            ),
            "analyzers": self._chance(0.3),
            "program": self._program(bars, len(feeds), bool(cerebro.get("cheat_on_open"))),
        }

    def _feeds(self) -> list[dict[str, Any]]:
        count = self.rnd.choices([1, 2, 3], [60, 26, 14])[0]
        n = self.rnd.randrange(15, 60)
        base = self._rows(n)
        feeds = [self._feed(0, base, self.intraday, 1)]
        for i in range(1, count):
            feeds.append(self._other_feed(i, n, base))
        return feeds

    def _rows(self, n: int) -> list[data.Row]:
        rnd = self.rnd
        times = data.minute_times(n, per_day=self.per_day) if self.intraday else data.day_times(n)
        start = rnd.choice([10.0, 50.0, 100.0, 100.0, 1000.0])
        rows = data.walk(times, rnd.randrange(1 << 30), start, rnd.choice([0.004, 0.015, 0.015, 0.04]))
        return self._spoil(rows)

    def _spoil(self, rows: list[data.Row]) -> list[data.Row]:
        seed = self.rnd.randrange(1 << 30)
        if self._chance(0.3):
            rows = data.with_flats(rows, seed, self.rnd.choice([0.1, 0.4]))
        if self._chance(0.2):
            rows = data.with_nans(rows, seed, 0.15)
        if self._chance(0.03):
            rows = data.with_nans(rows, seed, 0.05, (1, 2, 3, 4))
        return rows

    def _other_feed(self, number: int, n: int, base: list[data.Row]) -> dict[str, Any]:
        kind = self.rnd.choice(["same", "same", "slow", "slow", "gaps", "late", "odd", "days"])
        own = self._rows(n)
        if self.one_bar or kind == "same":
            return self._feed(number, own, self.intraday, 1)
        if kind == "slow" and self.intraday:
            step = self.rnd.choice([2, 5, 10])
            return self._feed(number, data.every(base if self._chance(0.7) else own, step), True, step)
        if kind == "slow":
            return self._feed(number, data.weekly(base), False, 1) | {"weeks": True}
        if kind == "days" and self.intraday:
            return self._feed(number, data.by_day(base), False, 1)
        if kind == "late":
            return self._feed(number, own[self.rnd.randrange(1, max(2, n // 2)) :], self.intraday, 1)
        if kind == "odd":
            return self._feed(number, data.shifted(own, dt.timedelta(seconds=30)), self.intraday, 1)
        return self._feed(number, data.with_gaps(own, self.rnd.randrange(1 << 30), 0.3), self.intraday, 1)

    def _feed(self, number: int, rows: list[data.Row], intraday: bool, step: int) -> dict[str, Any]:
        out: dict[str, Any] = {
            "name": f"d{number}", "kind": self.rnd.choice(["rows", "pandas", "csv"]), "intraday": intraday, "step": step,
            "rows": [[row[0].isoformat(), *row[1:]] for row in rows],
        }  # fmt: skip
        if self.one_bar:
            out["kind"] = "rows"
        if self._chance(0.15):
            out["sessionend"] = self.rnd.choice(["09:10:00", "09:20:00", "17:00:00"])
        return out

    def _cerebro(self, alike: bool) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for name, part in (("quicknotify", 0.12), ("tradehistory", 0.15), ("cheat_on_open", 0.2)):
            if self._chance(part):
                out[name] = True
        if out.get("cheat_on_open") and self._chance(0.3):
            out["broker_coo"] = False
        if self._chance(0.2):
            out["stdstats"] = False
        if self._chance(0.06) and alike:
            out["oldsync"] = True
        return out

    def _broker(self) -> dict[str, Any]:
        rnd = self.rnd
        out: dict[str, Any] = {"cash": rnd.choice([800.0, 3000.0, 10000.0, 10000.0, 100000.0, 1e6])}
        if self._chance(0.3):
            flags = {
                name: self._chance(0.5) for name in ("slip_open", "slip_limit", "slip_match", "slip_out")
            }
            kind = rnd.choice(["perc", "fixed"])
            out["slippage"] = [
                kind,
                rnd.choice([0.001, 0.005, 0.02] if kind == "perc" else [0.05, 0.2, 1.0]),
                flags,
            ]
        if self._chance(0.25):
            out["filler"] = rnd.choice([
                ["FixedSize", {"size": 2}], ["FixedSize", {}], ["FixedBarPerc", {"perc": 5.0}],
                ["FixedBarPerc", {"perc": 0.3}], ["BarPointPerc", {"minmov": 0.05, "perc": 10.0}], ["own", {}],
            ])  # fmt: skip
        for name, part in (
            ("coc", 0.0 if self.one_bar else 0.15),
            ("coo", 0.08),
            ("eosbar", 0.1),
            ("fundmode", 0.12),
        ):
            if self._chance(part):
                out[name] = True
        for name, part in (("checksubmit", 0.15), ("shortcash", 0.15), ("int2pnl", 0.15)):
            if self._chance(part):
                out[name] = False
        return out

    def _commissions(self, feeds: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if self._chance(0.3):
            return []
        if len(feeds) > 1 and self._chance(0.3):
            return [self._commission() | {"name": feed["name"]} for feed in feeds]
        return [self._commission()]

    def _commission(self) -> dict[str, Any]:
        rnd = self.rnd
        out: dict[str, Any] = {"commission": rnd.choice([0.0, 0.0005, 0.002, 0.01])}
        if self._chance(0.35):
            out = {
                "commission": rnd.choice([0.5, 2.0]),
                "mult": rnd.choice([1.0, 5.0, 10.0]),
                "margin": rnd.choice([5.0, 40.0, 150.0]),
            }
            if self._chance(0.3):
                out["automargin"] = rnd.choice([-1, 0.5, 2.0])
        elif self._chance(0.2):
            out["leverage"] = rnd.choice([2.0, 5.0])
        if self._chance(0.15):
            out["commtype"] = rnd.choice([0, 1])
            out["stocklike"] = self._chance(0.5)
            out["percabs"] = self._chance(0.5)
        if self._chance(0.2):
            out |= {"interest": rnd.choice([0.03, 0.2]), "interest_long": self._chance(0.4)}
        return out

    def _sizer(self) -> list[Any]:
        return self.rnd.choice([
            [], [], [], ["FixedSize", {"stake": 4}], ["FixedSize", {"stake": 9, "tranches": 2}], ["PercentSizer", {"percents": 25}],
            ["AllInSizerInt", {"percents": 50}], ["FixedReverser", {"stake": 3}], ["FixedSizeTarget", {"stake": 6, "tranches": 2}],
        ])  # fmt: skip

    def _program(self, bars: int, feeds: int, cheat: bool) -> list[dict[str, Any]]:
        makers: list[tuple[Callable[[], dict[str, Any]], int]] = [
            (self._order, 50), (self._close, 12), (self._cancel, 8), (self._bracket, 9), (self._family, 4),
            (self._target, 10), (self._oco_pair, 5), (self._cash, 1), (self._child, 1),
        ]  # fmt: skip
        steps: list[dict[str, Any]] = []
        for _ in range(self.rnd.randrange(3, 28)):
            (maker,) = self.rnd.choices([m for m, _ in makers], [w for _, w in makers])
            step = maker()
            step |= {"bar": self.rnd.randrange(1, bars), "data": self.rnd.randrange(feeds)}
            step["when"] = self._when(cheat)
            steps.append(step)
        return sorted(steps, key=lambda step: int(step["bar"]))

    def _when(self, cheat: bool) -> str:
        if cheat and self._chance(0.4):
            return "open"
        return "fill" if self.mode != "quiet" and self._chance(0.1) else "next"

    def _price(self, wide: float = 0.02) -> list[Any]:
        """A price relative to the bar: the field and a factor, often exactly the field itself."""
        field = self.rnd.choice(["close", "close", "open", "high", "low"])
        factor = 1.0 if self._chance(0.2) else round(1 + self.rnd.uniform(-wide, wide), 4)
        return [field, factor]

    def _order(self) -> dict[str, Any]:
        kind = self._weighted(_EXEC)
        if kind == "Close" and self.one_bar:
            kind = "Market"
        step: dict[str, Any] = {
            "op": "order",
            "side": self._side(),
            "size": self.rnd.choice(_SIZES),
            "exectype": kind,
        }
        if kind in ("Limit", "Stop", "StopLimit") and self._chance(0.95):
            step["price"] = self._price()
        if kind in ("StopLimit", "StopTrailLimit") and self._chance(0.95):
            step["plimit"] = self._price()
        if kind.startswith("StopTrail"):
            step |= self._trail()
        if self._chance(0.3):
            step["valid"] = self._valid()
        if self._chance(0.12):
            step["tradeid"] = self.rnd.randrange(3)
        if self._chance(0.08):
            step["oco"] = self.rnd.randrange(1, 4)
        if self._chance(0.03):
            step["transmit"] = False
        return step

    def _side(self) -> str:
        return self.rnd.choice(["buy", "sell"])

    def _trail(self) -> dict[str, Any]:
        out: dict[str, Any] = {}
        if self._chance(0.5):
            out["trailpercent"] = self.rnd.choice([0.002, 0.01, 0.03])
        else:
            out["trailamount"] = self.rnd.choice([0.1, 0.5, 2.0])
        if self._chance(0.3):
            out["price"] = self._price()
        return out

    def _valid(self) -> list[Any]:
        return self.rnd.choice([
            ["day"], ["days", self.rnd.randrange(0, 6)], ["minutes", self.rnd.randrange(1, 30)], ["date", self.rnd.randrange(0, 5)],
            ["datetime", self.rnd.randrange(1, 4000)], ["number", 0], ["number", 3], ["float", self.rnd.choice([0.01, 1.0, 2.5])],
        ])  # fmt: skip

    def _close(self) -> dict[str, Any]:
        step: dict[str, Any] = {"op": "close"}
        if self._chance(0.2):
            step |= {"exectype": "Limit", "price": self._price()}
        if self._chance(0.1):
            step["size"] = self.rnd.choice([1, 2, 50])
        return step

    def _cancel(self) -> dict[str, Any]:
        return {"op": "cancel", "order": self.rnd.randrange(1, 8)}

    def _bracket(self) -> dict[str, Any]:
        side = self._side()
        step: dict[str, Any] = {"op": "bracket", "side": side, "size": self.rnd.choice([1, 3, 10, 40])}
        step["exectype"] = self.rnd.choice(["Market", "Market", "Limit", "Limit", "Stop"])
        step["price"] = self._price(0.01)
        up = 1 if side == "buy" else -1
        near = self.rnd.choice([0.002, 0.01, 0.03])
        step["stop"] = self.rnd.choice(["Stop", "Stop", "Stop", "StopTrail", None])
        step["limit"] = self.rnd.choice(["Limit", "Limit", "Limit", None])
        step["stopprice"] = ["close", round(1 - up * near * self.rnd.uniform(0.3, 1.5), 4)]
        step["limitprice"] = ["close", round(1 + up * near * self.rnd.uniform(0.3, 1.5), 4)]
        if self._chance(0.2):
            step["valid"] = self._valid()
        return step

    def _family(self) -> dict[str, Any]:
        children = [self._order() | {"transmit": False} for _ in range(self.rnd.randrange(1, 4))]
        parent = self._order()
        for one in (*children, parent):
            one.pop("oco", None)
        return {
            "op": "family",
            "parent": parent | {"size": self.rnd.choice([1, 4, 20])},
            "children": children,
        }

    def _target(self) -> dict[str, Any]:
        kind = self.rnd.choice(["size", "value", "percent"])
        values: dict[str, list[float]] = {
            "size": [0, 2, 7, -3, -10, 30], "value": [0, 500, 3000, -2000, 20000], "percent": [0.0, 0.1, 0.5, 0.95, -0.3],
        }  # fmt: skip
        step: dict[str, Any] = {"op": "target", "kind": kind, "target": self.rnd.choice(values[kind])}
        if self._chance(0.15):
            step |= {"exectype": "Limit", "price": self._price()}
        return step

    def _oco_pair(self) -> dict[str, Any]:
        return {"op": "pair", "first": self._order(), "second": self._order() | {"oco": None}}

    def _cash(self) -> dict[str, Any]:
        return {"op": "cash", "amount": self.rnd.choice([500.0, -300.0, 10000.0])}

    def _child(self) -> dict[str, Any]:
        # not a child of an order that was sent before: the original then sends that order again
        return self._order()
