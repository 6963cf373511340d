"""Run by the original engine's interpreter: evaluates indicator expressions, prints every value.

Reads ``{"bars": {name: {column: [hex, ...]}}, "cases": [expression, ...]}`` from standard input and
writes ``{name: {mode: {expression: {"minperiod": n, "lines": {line: [hex, ...]}}}}}``.  An expression
sees ``bt``, the feed as ``d`` and whatever `prelude` defines.
"""

import datetime
import json
import sys

import backtrader as bt

COLUMNS = ("open", "high", "low", "close", "volume")


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
    """Builds the indicators and keeps them."""

    params = (("cases", ()), ("scope", None))

    def __init__(self):
        scope = dict(self.p.scope, bt=bt, d=self.data)
        self.made = {case: eval(case, scope) for case in self.p.cases}


def run(columns, cases, scope, runonce):
    """The indicators after a run over ``columns``."""
    cerebro = bt.Cerebro(stdstats=False, runonce=runonce)
    cerebro.adddata(Bars(columns))
    cerebro.addstrategy(Probe, cases=cases, scope=scope)
    return cerebro.run()[0].made


def values(made, size):
    """Period and values of one indicator or line."""
    lines = made.lines
    names = list(lines.getlinealiases()) if hasattr(lines, "getlinealiases") else []
    single = [lines[i] for i in range(len(names))] if names else [made]
    return {
        "minperiod": made._minperiod,
        "lines": {
            name: [float(v).hex() for v in line.array[:size]] for name, line in zip(names or ["line"], single)
        },
    }


def evaluate(columns, cases, scope, runonce):
    """Values of all cases; those that fail, with the error, each on its own."""
    size = len(columns["close"])
    try:
        made = run(columns, cases, scope, runonce)
        return {case: values(made[case], size) for case in cases}
    except Exception:
        pass
    found = {}
    for case in cases:
        try:
            found[case] = values(run(columns, [case], scope, runonce)[case], size)
        except Exception as error:
            found[case] = {"error": type(error).__name__}
    return found


def main():
    """Answer the one request on standard input."""
    request = json.load(sys.stdin)
    scope = {}
    exec(request.get("prelude", ""), scope)
    result = {}
    for name, bars in request["bars"].items():
        columns = {key: [float.fromhex(v) for v in column] for key, column in bars.items()}
        result[name] = {
            mode: evaluate(columns, request["cases"], scope, mode == "batch") for mode in request["modes"]
        }
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
