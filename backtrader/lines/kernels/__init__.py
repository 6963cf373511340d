"""Kernels: the arithmetic of lines as plain functions over float buffers.

One function serves batch and live: a batch calls it once over all bars, a live run for each
bar, with the same bits. See `jit` for how they are called and `threshold` for when they are compiled.
"""

from __future__ import annotations

from .arith import (
    CONSTANT,
    LINE,
    absolute,
    add,
    divide,
    divide_or,
    divide_or_zeros,
    floor_divide,
    multiply,
    negative,
    power,
    raise_to,
    shift,
    subtract,
    true_divide,
)
from .choose import both, either, larger, select, smaller, sum_lines
from .compare import (
    compare,
    compare_choose,
    cross,
    equal,
    greater,
    greater_equal,
    less,
    less_equal,
    nonzero_difference,
    not_equal,
)
from .jit import Buffer, Kernel, as_array, registry
from .price import fall, relative_strength, rise, true_high, true_low, true_range
from .recursive import accumulate, exponential, exponential_dynamic
from .rolling import (
    rolling_extreme,
    rolling_extreme_ago,
    rolling_rank,
    rolling_sum,
    rolling_truth,
    rolling_weighted,
)
from .statistic import deviation, rolling_median, rolling_regression, rolling_trend
from .threshold import policy

ALL_KERNELS: dict[str, Kernel] = registry
"""Every kernel by name."""

__all__ = [
    "ALL_KERNELS",
    "CONSTANT",
    "LINE",
    "Buffer",
    "Kernel",
    "absolute",
    "accumulate",
    "add",
    "as_array",
    "both",
    "compare",
    "compare_choose",
    "cross",
    "deviation",
    "divide",
    "divide_or",
    "divide_or_zeros",
    "either",
    "equal",
    "exponential",
    "exponential_dynamic",
    "fall",
    "floor_divide",
    "greater",
    "greater_equal",
    "larger",
    "less",
    "less_equal",
    "multiply",
    "negative",
    "nonzero_difference",
    "not_equal",
    "policy",
    "power",
    "raise_to",
    "registry",
    "relative_strength",
    "rise",
    "rolling_extreme",
    "rolling_extreme_ago",
    "rolling_median",
    "rolling_rank",
    "rolling_regression",
    "rolling_sum",
    "rolling_trend",
    "rolling_truth",
    "rolling_weighted",
    "select",
    "shift",
    "smaller",
    "subtract",
    "sum_lines",
    "true_divide",
    "true_high",
    "true_low",
    "true_range",
]
