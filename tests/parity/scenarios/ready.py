"""Ready strategies."""

from __future__ import annotations

from typing import Any

import backtrader as bt

from ..data import daily
from ..registry import scenario
from ..stage import Stage


@scenario()
def crossing_averages(s: Stage) -> Any:
    """Both names, other averages, periods either way round, sizers that reverse and that take a part."""
    sizers = (
        (bt.sizers.FixedSize, {"stake": 3}),
        (bt.sizers.FixedReverser, {}),
        (bt.sizers.PercentSizer, {"percents": 50}),
    )
    params = ({}, {"fast": 3, "slow": 8}, {"fast": 8, "slow": 3, "_movav": bt.ind.EMA})
    for cls in (bt.strategies.MA_CrossOver, bt.strategies.SMA_CrossOver):
        for sizer, options in sizers:
            for given in params:
                cerebro = s.simple(cls, s.feed(daily(90, 701), "d0"), s.feed(daily(90, 702), "d1"), **given)
                cerebro.addsizer(sizer, **options)
                s.run(cerebro)
