"""Sharpe ratio: excess return of periods over its deviation."""

from __future__ import annotations

import math
from typing import Any

from ..lines.timeframe import TimeFrame
from ..utils.mathsupport import average, standarddev
from .annualreturn import AnnualReturn
from .base import Analyzer
from .timereturn import TimeReturn

__all__ = ["SharpeRatio", "SharpeRatio_A"]


class SharpeRatio(Analyzer):
    """``sharperatio`` of the returns of each ``timeframe``; None where it cannot be computed.

    ``riskfreerate`` is a yearly rate; it is converted to the timeframe by ``factor`` periods a year
    (known for days to years), or with ``convertrate`` off the returns are made yearly instead.
    ``annualize`` makes the ratio a yearly one, ``stddev_sample`` takes the deviation of a sample.
    ``daysfactor`` is the old name of ``factor`` for days, ``legacyannual`` computes it from years only.
    """

    params: Any = (
        ("timeframe", TimeFrame.Years),
        ("compression", 1),
        ("riskfreerate", 0.01),
        ("factor", None),
        ("convertrate", True),
        ("annualize", False),
        ("stddev_sample", False),
        ("daysfactor", None),
        ("legacyannual", False),
        ("fund", None),
    )

    RATEFACTORS = {TimeFrame.Days: 252, TimeFrame.Weeks: 52, TimeFrame.Months: 12, TimeFrame.Years: 1}

    anret: AnnualReturn
    timereturn: TimeReturn
    ratio: float | None

    def __init__(self) -> None:
        super().__init__()
        if self.p.legacyannual:
            self.anret = AnnualReturn()
        else:
            self.timereturn = TimeReturn(
                timeframe=self.p.timeframe, compression=self.p.compression, fund=self.p.fund
            )

    def stop(self) -> None:
        """Work the ratio out."""
        super().stop()
        self.ratio = self._of_years() if self.p.legacyannual else self._of_periods()
        self.rets["sharperatio"] = self.ratio

    def _of_years(self) -> float:
        rate = self.p.riskfreerate
        returns: list[float] = self.anret.rets
        return average([one - rate for one in returns]) / standarddev(returns)

    def _of_periods(self) -> float | None:
        p = self.p
        returns: list[Any] = list(self.timereturn.get_analysis().values())
        rate, factor = p.riskfreerate, self._factor()
        if factor is not None and p.convertrate:
            rate = pow(1.0 + rate, 1.0 / factor) - 1.0
        elif factor is not None:
            returns = [pow(1.0 + one, factor) - 1.0 for one in returns]
        if len(returns) <= p.stddev_sample:
            return None
        excess = [one - rate for one in returns]
        mean = average(excess)
        deviation = standarddev(excess, avgx=mean, bessel=p.stddev_sample)
        if not deviation:
            return None
        ratio = mean / deviation
        return math.sqrt(factor) * ratio if factor is not None and p.convertrate and p.annualize else ratio

    def _factor(self) -> Any:
        """Periods in a year, None where that is not known."""
        p = self.p
        if p.timeframe == TimeFrame.Days and p.daysfactor is not None:
            return p.daysfactor
        return p.factor if p.factor is not None else self.RATEFACTORS.get(p.timeframe)


class SharpeRatio_A(SharpeRatio):
    """The yearly Sharpe ratio."""

    params: Any = (("annualize", True),)
