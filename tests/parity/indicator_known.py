"""Where an indicator deliberately gives another result than the original, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .indicator_matrix import Case


@dataclass(frozen=True)
class Known:
    """Lines of some cases that may differ; patterns are of whole texts.

    ``like`` is a mode in which the original has it right: there the line must be the same.
    """

    expression: str
    lines: str
    kinds: str
    modes: str
    like: str
    reason: str


EVENT = "runonce=False|exactbars=1|preload=False"
# What the original writes bar by bar out of its own value of the bar before.
RECURRENT = (
    r"(ExponentialMovingAverage|SmoothedMovingAverage|DoubleExponentialMovingAverage|ZeroLagIndicator"
    r"|TripleExponentialMovingAverage|ZeroLagExponentialMovingAverage|DicksonMovingAverage|Accum"
    r"|ExponentialSmoothing|NonZeroDifference)\(.*"
)
# What the original computes with `next` alone.
STEPPED = r"(ZeroLagIndicator|DicksonMovingAverage\w*|HurstExponent|LaguerreFilter|LaguerreRSI)\(MACD.*"

ALL, LONG = ".*", "(?!short).*"

KNOWN = (
    Known(RECURRENT, ALL, ALL, "exactbars=1", "runonce=False", "with one bar of memory the value before is lost"),
    Known(STEPPED, ALL, ALL, "default", "runonce=False", "`next` alone over an indicator is NaN in batch mode"),
    Known(
        r"ZeroLagIndicator(Envelope|Oscillator)\(.*", "ec|top|bot", ALL, ALL, "",
        "what is made of the line is computed before the line: NaN, and no distance",
    ),
    Known(
        r"Ichimoku\(.*", "chikou_span", LONG, "default", "runonce=False", "`line(+n)`: a first value wraps into the last bar",
    ),
    Known(
        r"Ichimoku\(.*", "chikou_span", "short", "default|runonce=False|preload=False", "",
        "`line(+n)`: a first value wraps into a later bar",
    ),
    Known(r"Ichimoku\(.*", "chikou_span", ALL, "exactbars=1", "", "`line(+n)` read ahead of its time is an old value"),
    Known(r"DemarkPivotPoint\(d.*", ALL, ALL, EVENT, "default", "CmpEx gives -1, 0, 1 when stepped"),
    Known(r"DemarkPivotPoint\(HeikinAshi.*", ALL, ALL, ALL, "", "CmpEx gives -1, 0, 1 when stepped"),
    Known(r"ParabolicSAR\(HeikinAshi.*", ALL, ALL, ALL, "", "starts on a bar without prices and stays NaN"),
    Known(
        r"ZeroLagExponentialMovingAverageOscillator\(MACD.*", "zlema", ALL, EVENT, "default",
        "shows the average before it starts",
    ),
)  # fmt: skip


def known(case: Case, line: str, kind: str, mode: str) -> Known | None:
    """Why this line may differ; None if it may not."""
    for one in KNOWN:
        texts = (
            (one.expression, case.expression), (one.lines, line), (one.kinds, kind), (one.modes, mode),
        )  # fmt: skip
        if all(re.fullmatch(pattern, text) for pattern, text in texts):
            return one
    return None
