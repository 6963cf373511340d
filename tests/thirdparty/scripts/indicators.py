"""saksham-bt-ind: an indicator library."""

from __future__ import annotations

import inspect
import math
from typing import Any

from saksham_bt_ind import bollinger
from sample import DATA, say

import backtrader as bt


def found() -> dict[str, Any]:
    """The library's indicators by name."""
    inside = vars(bollinger).values()
    modules = [bollinger, *(value for value in inside if inspect.ismodule(value))]
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if inspect.isclass(value) and issubclass(value, bt.Indicator) and "saksham" in value.__module__
    }


for name, cls in sorted(found().items()):

    class Uses(bt.Strategy):
        def __init__(self, cls: Any = cls) -> None:
            self.indicator = cls()

    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.GenericCSVData(dataname=f"{DATA}/acme-2020.csv", dtformat="%Y-%m-%d"))
    cerebro.addstrategy(Uses)
    (strategy,) = cerebro.run()
    for line in strategy.indicator.lines:
        values = [value for value in line.array if value == value]
        say(name, len(values), round(math.fsum(values), 6))
