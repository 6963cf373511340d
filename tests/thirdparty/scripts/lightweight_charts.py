"""cerebroview: what it finds in a strategy."""

from __future__ import annotations

import math

from cerebroview import discover_indicator_specs, extract_trade_annotations
from sample import Crosses, sample, say

import backtrader as bt


class Shifts(Crosses):
    """With a line that is no indicator to be drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.shifted = bt.ind.SMA(self.data1.close(-2) - self.data1.open(-1), period=5)


cerebro = sample(Shifts)
(strategy,) = cerebro.run()
for spec in discover_indicator_specs(strategy):
    values = [] if spec.line is None else [v for v in spec.line.array if v == v]
    say(spec.name, spec.panel, spec.series, len(values), round(math.fsum(values), 6))
for index in (0, 1):
    say(extract_trade_annotations(strategy, index))
