"""Evaluates indicator expressions in a real run and prints every value; runs under either engine.

Reads ``{"bars": {name: {column: [hex, ...]}}, "cases": [expression, ...], "modes": [...], "prelude": source}``
from standard input and writes ``{name: {mode: {expression: {"minperiod": n, "lines": {line: [hex, ...]}}}}}``.
An expression sees ``bt``, the feed as ``d`` and whatever the prelude defines. Modes are `MODES`: where
memory is bounded the values are those seen at each bar, elsewhere those in the lines at the end.
"""

import datetime
import json
import sys

import backtrader as bt

COLUMNS = ("open", "high", "low", "close", "volume")
MODES = {
    "batch": {},
    "event": {"runonce": False},
    "rows": {"preload": False},
    "exactbars=1": {"exactbars": 1},
    "exactbars=-1": {"exactbars": -1},
    "exactbars=-2": {"exactbars": -2},
}


class Bars(bt.feed.DataBase):
    """Bars out of columns of floats, one a day."""

    def __init__(self, columns):
        super().__init__()
        self.columns = columns
        self.at = -1

    def start(self):
        super().start()
        self.at = -1

    def _load(self):
        self.at += 1
        if self.at >= len(self.columns["close"]):
            return False
        day = datetime.datetime(2020, 1, 1) + datetime.timedelta(days=self.at)
        self.lines.datetime[0] = bt.date2num(day)
        for name in COLUMNS:
            getattr(self.lines, name)[0] = self.columns[name][self.at]
        self.lines.openinterest[0] = 0.0
        return True


class Probe(bt.Strategy):
    """Builds the indicators, keeps them, and notes what they show at each bar if asked to."""

    params = (("cases", ()), ("scope", None), ("note", False))

    def __init__(self):
        scope = dict(self.p.scope, bt=bt, d=self.data)
        self.made = {case: eval(case, scope) for case in self.p.cases}
        self.noted = {case: [[] for _ in named(made)] for case, made in self.made.items()}

    def next(self):
        if self.p.note:
            for case, made in self.made.items():
                for noted, line in zip(self.noted[case], named(made).values()):
                    noted.append(line[0])

    prenext = nextstart = next


def named(made):
    """The lines of an indicator, or the one line of an operation, by name."""
    lines = made.lines
    names = list(lines.getlinealiases()) if hasattr(lines, "getlinealiases") else []
    return {name: lines[i] for i, name in enumerate(names)} or {"line": made}


def run(columns, cases, scope, mode):
    """Period and values of the indicators after a run over ``columns``."""
    options = MODES[mode]
    cerebro = bt.Cerebro(stdstats=False, **options)
    cerebro.adddata(Bars(columns))
    note = "exactbars" in options
    cerebro.addstrategy(Probe, cases=cases, scope=scope, note=note)
    strategy = cerebro.run()[0]
    found = {}
    for case, made in strategy.made.items():
        lines = named(made)
        values = strategy.noted[case] if note else [line.array for line in lines.values()]
        hexed = [[float(v).hex() for v in column[: len(columns["close"])]] for column in values]
        found[case] = {"minperiod": made._minperiod, "lines": dict(zip(lines, hexed))}
    return found


def evaluate(columns, cases, scope, mode):
    """Values of all cases, and the error of those that fail: halves are tried until they stand alone."""
    try:
        return run(columns, cases, scope, mode)
    except Exception as error:
        if len(cases) == 1:
            return {cases[0]: {"error": type(error).__name__}}
    half = len(cases) // 2
    found = evaluate(columns, cases[:half], scope, mode)
    found.update(evaluate(columns, cases[half:], scope, mode))
    return found


def main():
    """Answer the one request on standard input."""
    request = json.load(sys.stdin)
    scope = {"bt": bt}
    exec(request.get("prelude", ""), scope)
    result = {}
    for name, bars in request["bars"].items():
        columns = {key: [float.fromhex(v) for v in column] for key, column in bars.items()}
        result[name] = {mode: evaluate(columns, request["cases"], scope, mode) for mode in request["modes"]}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
