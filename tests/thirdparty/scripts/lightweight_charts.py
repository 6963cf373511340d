"""cerebroview: what it finds in a strategy."""

from __future__ import annotations

import math

from cerebroview import discover_indicator_specs, extract_trade_annotations
from sample import sample, say

(strategy,) = sample().run()
for spec in discover_indicator_specs(strategy):
    values = [] if spec.line is None else [v for v in spec.line.array if v == v]
    say(spec.name, spec.panel, spec.series, len(values), round(math.fsum(values), 6))
say(str(extract_trade_annotations(strategy)))
