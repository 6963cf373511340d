"""Indicators of both engines compared, value by value: ``python -m tests.parity.indicator_check [PART ...]``."""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import math
import sys
import time
import zlib
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .engine import ROOT, Engine, oracle_engine, oracle_python, product_engine
from .indicator_data import KINDS
from .indicator_known import known
from .indicator_matrix import CASES, Case
from .modes import MODES

MODE_NAMES = ("default", "runonce=False", "exactbars=1", "preload=False")
# Values this far apart, relatively, are equal; below `FLOOR` times that, absolutely.
RELATIVE, FLOOR = 1e-12, 1e-3
TOGETHER = 24
# What decides a result of the original: a change makes stored ones worthless.
_SOURCES = ("indicator_data.py", "indicator_run.py", "data.py", "feeds.py", "worker.py")

# How one case ended.
SAME, NEAR, CRASHED, KNOWN, DIFFERENT = "equal", "within rounding", "original crashes", "listed", "DIFFERENT"


@dataclass
class Tally:
    """How all cases ended, and what is to be told about them."""

    outcomes: Counter[str] = field(default_factory=Counter)
    values: int = 0
    farthest: float = 0.0
    crashes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        total = sum(self.outcomes.values())
        parts = ", ".join(f"{self.outcomes[name]} {name}" for name in (SAME, NEAR, CRASHED, KNOWN, DIFFERENT))
        return f"{total} cases: {parts}; {self.values} values, farthest apart {self.farthest:.2g}"


@dataclass
class IndicatorParity:
    """Both engines, and results of the original kept on disk."""

    cached: bool = True
    tally: Tally = field(default_factory=Tally)
    _engines: dict[str, Engine] = field(default_factory=dict)

    @property
    def oracle(self) -> Engine:
        """The original."""
        if "oracle" not in self._engines:
            self._engines["oracle"] = oracle_engine()
        return self._engines["oracle"]

    @property
    def product(self) -> Engine:
        """This engine."""
        if "product" not in self._engines:
            self._engines["product"] = product_engine()
        return self._engines["product"]

    def close(self) -> None:
        """End both processes."""
        for engine in self._engines.values():
            engine.close()
        self._engines.clear()

    def names(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Names of indicators with their bases: the original's and ours."""
        asked = [json.loads(engine.ask({"do": "indicator names"})) for engine in (self.oracle, self.product)]
        return asked[0]["names"], asked[1]["names"]

    def check(self, kind: str, cases: list[Case], modes: tuple[str, ...] = MODE_NAMES) -> list[str]:
        """Compare all cases on one kind of bars; what differs, in words."""
        problems: list[str] = []
        for feeds, steps in ((1, False), (1, True), (2, False)):
            some = [case for case in cases if case.feeds == feeds and case.steps == steps]
            for first in range(0, len(some), TOGETHER):
                problems += self._check_some(kind, feeds, some[first : first + TOGETHER], modes)
        self.tally.problems += problems
        return problems

    def _check_some(self, kind: str, feeds: int, cases: list[Case], modes: tuple[str, ...]) -> list[str]:
        asked = [case.written for case in cases]
        requests = {mode: _request(kind, feeds, mode, asked) for mode in modes}
        oracle = {mode: self._oracle_results(requests[mode]) for mode in modes}
        product = {mode: _results(self.product, requests[mode]) for mode in modes}
        problems = []
        for i, case in enumerate(cases):
            for mode in modes:
                problem = self._judge(case, kind, mode, _column(oracle, i), _column(product, i), feeds)
                if problem:
                    problems.append(problem)
        return problems

    def _judge(
        self, case: Case, kind: str, mode: str, oracle: dict[str, Any], product: dict[str, Any], feeds: int
    ) -> str:
        outcome, wrong = self._outcome(oracle, product, mode)
        if wrong:  # together with others the original may read what they have left behind
            alone = _request(kind, feeds, mode, [case.written])
            oracle = {**oracle, mode: self._oracle_results(alone)[0]}
            product = {**product, mode: _results(self.product, alone)[0]}
            outcome, wrong = self._outcome(oracle, product, mode)
        if wrong:
            outcome, wrong = self._listed(case, kind, mode, product[mode], wrong)
        if outcome == CRASHED:
            self.tally.crashes[oracle[mode]["error"]] += 1
        self.tally.outcomes[outcome] += 1
        text = "; ".join(f"{name} {found}" for name, found in wrong.items())
        return f"{case.written} [{kind}, {mode}]: {text}" if wrong else ""

    def _outcome(
        self, oracle: dict[str, Any], product: dict[str, Any], mode: str
    ) -> tuple[str, dict[str, str]]:
        """How a case ended, and what is wrong with which of its lines."""
        right, ours = oracle[mode], product[mode]
        if "error" in ours:
            if right.get("error") in ours["family"]:
                return SAME, {}
            return DIFFERENT, {"": f"raises {ours['error']}: {ours['message']}"}
        if "error" not in right:
            return self._compare(right, ours)
        # without its values there are those of a mode in which it did not crash, or ours of another mode
        others = [one[other] for one in (oracle, product) for other in MODE_NAMES[:2] if other in one]
        other = next(one for one in [*others, ours] if "error" not in one)
        if mode != "exactbars=1" and other is not ours:
            _, wrong = self._compare(other, ours)
            if wrong:
                return DIFFERENT, {
                    name: f"(the original raises {right['error']}, in another mode it does not) {found}"
                    for name, found in wrong.items()
                }
        return CRASHED, {}

    def _listed(
        self, case: Case, kind: str, mode: str, ours: dict[str, Any], wrong: dict[str, str]
    ) -> tuple[str, dict[str, str]]:
        """What is left of the differences without those that have a reason."""
        left: dict[str, str] = {}
        for name, found in wrong.items():
            why = known(case, name, kind, mode)
            if why is None:
                left[name] = found
                continue
            if why.like:
                alone = _request(kind, case.feeds, why.like, [case.expression])
                _, unlike = self._compare(self._oracle_results(alone)[0], ours)
                if name in unlike:
                    left[name] = f"(the original is right with {why.like}) {unlike[name]}"
                    continue
            self.tally.reasons[why.reason] += 1
        return (DIFFERENT, left) if left else (KNOWN, {})

    def _compare(self, right: dict[str, Any], ours: dict[str, Any]) -> tuple[str, dict[str, str]]:
        if "error" in right:
            return DIFFERENT, {name: f"raises {right['error']}" for name, _ in ours["lines"]}
        if right["period"] != ours["period"]:
            return DIFFERENT, {"": f"minimum period {right['period']}, ours {ours['period']}"}
        if [name for name, _ in right["lines"]] != [name for name, _ in ours["lines"]]:
            return DIFFERENT, {"": f"lines {[name for name, _ in right['lines']]}"}
        outcome, wrong = SAME, {}
        for (name, one), (_, other) in zip(right["lines"], ours["lines"]):
            self.tally.values += len(one) * 3 // 32
            if one == other:
                continue
            found, farthest = difference(_values(one), _values(other))
            if found:
                wrong[name] = found
            self.tally.farthest = max(self.tally.farthest, farthest)
            outcome = NEAR if farthest else outcome
        return (DIFFERENT, wrong) if wrong else (outcome, {})

    def _oracle_results(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        if not self.cached:
            return _results(self.oracle, request)
        here = ROOT / "tests" / "parity"
        python = oracle_python()
        installed = [path.stat().st_mtime for path in (python.parent.parent / "pyvenv.cfg",) if path.exists()]
        stamp = hashlib.sha256(f"{python}{installed}{json.dumps(request)}".encode())
        for name in _SOURCES:
            stamp.update((here / name).read_bytes())
        path = ROOT / "out" / "oracle-traces" / "indicators" / f"{stamp.hexdigest()[:24]}.z"
        if path.exists():
            kept: list[dict[str, Any]] = json.loads(zlib.decompress(path.read_bytes()))
            return kept
        found = _results(self.oracle, request)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(zlib.compress(json.dumps(found).encode(), 1))
        return found


def difference(right: array[float], ours: array[float]) -> tuple[str, float]:
    """The first value that differs, in words, and how far the others are apart."""
    if len(right) != len(ours):
        return f"has {len(right)} values, ours {len(ours)}", 0.0
    farthest = 0.0
    for i, (a, b) in enumerate(zip(right, ours)):
        if a == b or (a != a and b != b):
            continue
        apart = abs(a - b) / max(abs(a), abs(b), FLOOR)
        if not apart <= RELATIVE or math.isinf(a) or math.isinf(b):
            return f"at bar {i}: {a!r}, ours {b!r}", 0.0
        farthest = max(farthest, apart)
    return "", farthest


def _request(kind: str, feeds: int, mode: str, expressions: list[str]) -> dict[str, Any]:
    return {
        "do": "indicators", "kind": kind, "feeds": feeds, "run": MODES[mode].run, "expressions": expressions,
        "together": TOGETHER,
    }  # fmt: skip


def _results(engine: Engine, request: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(engine.ask(request))["results"]
    return found


def _column(results: dict[str, list[dict[str, Any]]], i: int) -> dict[str, Any]:
    return {mode: found[i] for mode, found in results.items()}


def _values(packed: str) -> array[float]:
    return array("d", base64.b64decode(packed))


def main() -> int:
    """Compare what was asked for; the exit code says whether all was equal."""
    parser = argparse.ArgumentParser(prog="python -m tests.parity.indicator_check", description=__doc__)
    parser.add_argument("parts", nargs="*", help="expressions, or parts of them; all without")
    parser.add_argument("--kind", action="append", choices=KINDS, help="only these bars (may be repeated)")
    parser.add_argument(
        "--mode", action="append", choices=MODE_NAMES, help="only this mode (may be repeated)"
    )
    parser.add_argument("--no-cache", action="store_true", help="run the original even if results are kept")
    args = parser.parse_args()
    some = [case for case in CASES if not args.parts or any(part in case.expression for part in args.parts)]
    parity, started = IndicatorParity(cached=not args.no_cache), time.perf_counter()
    try:
        for kind in args.kind or KINDS:
            for problem in parity.check(kind, some, tuple(args.mode or MODE_NAMES)):
                print(problem, flush=True)
    finally:
        parity.close()
    for title, counts in (("the original raises", parity.tally.crashes), ("listed", parity.tally.reasons)):
        print(f"{title}: {dict(counts.most_common())}")
    print(f"{parity.tally}, {time.perf_counter() - started:.1f} s")
    return 1 if parity.tally.problems else 0


if __name__ == "__main__":
    sys.exit(main())
