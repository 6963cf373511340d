"""What one would write by hand with numba for the formula of each built-in indicator.

Plain loops over arrays, one pass where one pass will do, without care for what the engine must care
about: a running sum drifts, an average is not rounded once, NaN and ties are not thought of, a square
root is a square root.  They show what the machine can do, and `bench_indicators` how much more the
exact digits cost.  Values before the period of an indicator are left as they are.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numba import njit


@njit(cache=True)
def sma(x, p):
    out = np.empty(len(x))
    total = 0.0
    for i in range(p - 1):
        total += x[i]
    for i in range(p - 1, len(x)):
        total += x[i]
        out[i] = total / p
        total -= x[i - p + 1]
    return out


@njit(cache=True)
def sma_from(x, p, first):
    """The same where ``x`` begins at ``first``."""
    out = np.empty(len(x))
    total = 0.0
    for i in range(first, first + p - 1):
        total += x[i]
    for i in range(first + p - 1, len(x)):
        total += x[i]
        out[i] = total / p
        total -= x[i - p + 1]
    return out


@njit(cache=True)
def sumn(x, p):
    out = np.empty(len(x))
    total = 0.0
    for i in range(p - 1):
        total += x[i]
    for i in range(p - 1, len(x)):
        total += x[i]
        out[i] = total
        total -= x[i - p + 1]
    return out


@njit(cache=True)
def smooth(x, p, alpha, first=0):
    """Exponential smoothing of what begins at ``first``."""
    out = np.empty(len(x))
    total = 0.0
    for i in range(first, first + p):
        total += x[i]
    value = total / p
    out[first + p - 1] = value
    for i in range(first + p, len(x)):
        value = value * (1.0 - alpha) + x[i] * alpha
        out[i] = value
    return out


@njit(cache=True)
def ema(x, p):
    return smooth(x, p, 2.0 / (1.0 + p))


@njit(cache=True)
def smma(x, p):
    return smooth(x, p, 1.0 / p)


@njit(cache=True)
def weighted(x, weights, coef):
    out = np.empty(len(x))
    p = len(weights)
    for i in range(p - 1, len(x)):
        total = 0.0
        for j in range(p):
            total += x[i - p + 1 + j] * weights[j]
        out[i] = coef * total
    return out


@njit(cache=True)
def wma(x, p, first):
    """One sum a bar: a running form exists, and has lost half of the digits after a million bars."""
    out = np.empty(len(x))
    coef = 2.0 / (p * (p + 1.0))
    for i in range(first + p - 1, len(x)):
        total = 0.0
        for j in range(p):
            total += x[i - p + 1 + j] * (j + 1.0)
        out[i] = coef * total
    return out


@njit(cache=True)
def dema(x, p):
    once = ema(x, p)
    twice = smooth(once, p, 2.0 / (1.0 + p), p - 1)
    out = np.empty(len(x))
    for i in range(2 * p - 2, len(x)):
        out[i] = 2.0 * once[i] - twice[i]
    return out


@njit(cache=True)
def tema(x, p):
    alpha = 2.0 / (1.0 + p)
    once = ema(x, p)
    twice = smooth(once, p, alpha, p - 1)
    thrice = smooth(twice, p, alpha, 2 * p - 2)
    out = np.empty(len(x))
    for i in range(3 * p - 3, len(x)):
        out[i] = 3.0 * once[i] - 3.0 * twice[i] + thrice[i]
    return out


@njit(cache=True)
def zlema(x, p):
    lag = (p - 1) // 2
    ahead = np.empty(len(x))
    for i in range(lag, len(x)):
        ahead[i] = 2.0 * x[i] - x[i - lag]
    return smooth(ahead, p, 2.0 / (1.0 + p), lag)


@njit(cache=True)
def hma(x, p):
    whole, half = wma(x, p, 0), wma(x, p // 2, 0)
    raw = np.empty(len(x))
    for i in range(p - 1, len(x)):
        raw[i] = 2.0 * half[i] - whole[i]
    return wma(raw, int(sqrt(p)), p - 1)


@njit(cache=True)
def kama(x, p, fast, slow):
    out = np.empty(len(x))
    a, b = 2.0 / (fast + 1.0), 2.0 / (slow + 1.0)
    way = 0.0
    for i in range(1, p + 1):
        way += abs(x[i] - x[i - 1])
    total = 0.0
    for i in range(1, p + 1):
        total += x[i]
    value = total / p
    out[p] = value
    for i in range(p + 1, len(x)):
        way += abs(x[i] - x[i - 1]) - abs(x[i - p] - x[i - p - 1])
        factor = (abs((x[i] - x[i - p]) / way) * (a - b) + b) ** 2
        value = value * (1.0 - factor) + x[i] * factor
        out[i] = value
    return out


@njit(cache=True)
def zlind(x, p, limit):
    average = ema(x, p)
    out = np.empty(len(x))
    alpha = 2.0 / (1.0 + p)
    before = average[p - 1]
    out[p - 1] = before
    for i in range(p, len(x)):
        best = average[i]
        least = np.inf
        for tenth in range(-limit, limit + 1):
            corrected = alpha * (average[i] + tenth / 10.0 * (x[i] - before)) + (1.0 - alpha) * before
            error = abs(x[i] - corrected)
            if error < least:
                least = error
                best = corrected
        before = best
        out[i] = best
    return out


@njit(cache=True)
def dma(x, p, limit, hull_period):
    corrected, hull = zlind(x, p, limit), hma(x, hull_period)
    out = np.empty(len(x))
    for i in range(p - 1, len(x)):
        out[i] = (corrected[i] + hull[i]) / 2.0
    return out


@njit(cache=True)
def smooth_by(x, factor, p, first):
    """Exponential smoothing with a line of factors, from bar ``first`` on."""
    out = np.empty(len(x))
    value = 0.0
    for i in range(first - p + 1, first + 1):
        value += x[i]
    value /= p
    out[first] = value
    for i in range(first + 1, len(x)):
        value = value * (1.0 - factor[i]) + x[i] * factor[i]
        out[i] = value
    return out


@njit(cache=True)
def envelope(x, part):
    top, bottom = np.empty(len(x)), np.empty(len(x))
    for i in range(len(x)):
        top[i] = x[i] * (1.0 + part)
        bottom[i] = x[i] * (1.0 - part)
    return top, bottom


@njit(cache=True)
def distance(x, y):
    out = np.empty(len(x))
    for i in range(len(x)):
        out[i] = x[i] - y[i]
    return out


@njit(cache=True)
def highest(x, p):
    """The window is looked through again when its highest value leaves it."""
    out = np.empty(len(x))
    top, at = -np.inf, -1
    for i in range(len(x)):
        if at <= i - p:
            top, at = x[i], i
            for j in range(max(i - p + 1, 0), i):
                if x[j] >= top:
                    top, at = x[j], j
        elif x[i] >= top:
            top, at = x[i], i
        out[i] = top
    return out


@njit(cache=True)
def lowest(x, p):
    out = np.empty(len(x))
    bottom, at = np.inf, -1
    for i in range(len(x)):
        if at <= i - p:
            bottom, at = x[i], i
            for j in range(max(i - p + 1, 0), i):
                if x[j] <= bottom:
                    bottom, at = x[j], j
        elif x[i] <= bottom:
            bottom, at = x[i], i
        out[i] = bottom
    return out


@njit(cache=True)
def extreme_ago(x, p, sign, newest):
    out = np.empty(len(x))
    top, at = -np.inf, -1
    for i in range(len(x)):
        value = sign * x[i]
        if at <= i - p:
            top, at = -np.inf, i
            for j in range(max(i - p + 1, 0), i + 1):
                other = sign * x[j]
                if other > top or (newest and other == top):
                    top, at = other, j
        elif value > top or (newest and value == top):
            top, at = value, i
        out[i] = i - at
    return out


@njit(cache=True)
def truth(x, p, every):
    out = np.empty(len(x))
    decided = 0
    for i in range(len(x)):
        decided -= 1
        if (x[i] == 0.0) == every:
            decided = p
        out[i] = 1.0 if (decided > 0) != every else 0.0
    return out


@njit(cache=True)
def rank(x, p):
    out = np.empty(len(x))
    for i in range(p - 1, len(x)):
        below = 0
        for j in range(i - p + 1, i):
            below += x[j] < x[i]
        out[i] = below / p
    return out


@njit(cache=True)
def accumulate(x):
    out = np.empty(len(x))
    total = 0.0
    for i in range(len(x)):
        total += x[i]
        out[i] = total
    return out


@njit(cache=True)
def stddev(x, p):
    mean, out = np.empty(len(x)), np.empty(len(x))
    total = squares = 0.0
    for i in range(len(x)):
        total += x[i]
        squares += x[i] * x[i]
        if i >= p:
            total -= x[i - p]
            squares -= x[i - p] * x[i - p]
        average = total / p
        mean[i] = average
        out[i] = sqrt(abs(squares / p - average * average))
    return mean, out


@njit(cache=True)
def bands(x, p, factor):
    mid, deviation = stddev(x, p)
    top, bottom = np.empty(len(x)), np.empty(len(x))
    for i in range(len(x)):
        width = factor * deviation[i]
        top[i] = mid[i] + width
        bottom[i] = mid[i] - width
    return mid, top, bottom


@njit(cache=True)
def bands_percent(x, p, factor):
    mid, top, bottom = bands(x, p, factor)
    part = np.empty(len(x))
    for i in range(len(x)):
        part[i] = (x[i] - bottom[i]) / (top[i] - bottom[i])
    return mid, top, bottom, part


@njit(cache=True)
def mean_deviation(x, p):
    mean = sma(x, p)
    away = np.empty(len(x))
    for i in range(p - 1, len(x)):
        away[i] = abs(x[i] - mean[i])
    return sma_from(away, p, p - 1)


@njit(cache=True)
def cross(x, y, up, down):
    out = np.empty(len(x))
    held = x[0] - y[0]
    for i in range(1, len(x)):
        difference = x[i] - y[i]
        out[i] = 0.0
        if held < 0.0 and difference > 0.0:
            out[i] = up
        elif held > 0.0 and difference < 0.0:
            out[i] = down
        if difference != 0.0:
            held = difference
    return out


@njit(cache=True)
def nonzero_difference(x, y):
    out = np.empty(len(x))
    held = 0.0
    for i in range(len(x)):
        difference = x[i] - y[i]
        if difference != 0.0:
            held = difference
        out[i] = held
    return out


@njit(cache=True)
def distance_sign(x, y):
    out = np.empty(len(x))
    for i in range(len(x)):
        out[i] = 1.0 if x[i] > y[i] else 0.0
    return out


@njit(cache=True)
def with_envelope(x, part):
    top, bottom = envelope(x, part)
    return x, top, bottom


@njit(cache=True)
def with_distance(x, y):
    return x, y, distance(x, y)


@njit(cache=True)
def line_fit(y, x, p):
    """Slope and intercept of the line through the last ``p`` pairs, by the textbook's formula."""
    slopes, intercepts = np.empty(len(x)), np.empty(len(x))
    for i in range(p - 1, len(x)):
        x_mean = y_mean = 0.0
        for j in range(i - p + 1, i + 1):
            x_mean += x[j]
            y_mean += y[j]
        x_mean /= p
        y_mean /= p
        product = spread = 0.0
        for j in range(i - p + 1, i + 1):
            product += (x[j] - x_mean) * (y[j] - y_mean)
            spread += (x[j] - x_mean) ** 2
        slopes[i] = product / spread
        intercepts[i] = y_mean - slopes[i] * x_mean
    return slopes, intercepts


@njit(cache=True)
def line_distance(y, x, p):
    """Distance from the line, its mean, its deviation, and the one in terms of the other."""
    slopes, intercepts = line_fit(y, x, 10)
    away = np.zeros(len(x))
    for i in range(9, len(x)):
        away[i] = y[i] - (slopes[i] * x[i] + intercepts[i])
    mean, deviation, score = np.empty(len(x)), np.empty(len(x)), np.empty(len(x))
    for i in range(p + 8, len(x)):
        total = squares = 0.0
        for j in range(i - p + 1, i + 1):
            total += away[j]
            squares += away[j] * away[j]
        mean[i] = total / p
        deviation[i] = sqrt(abs(squares / p - mean[i] * mean[i]))
        score[i] = (away[i] - mean[i]) / deviation[i]
    return away, mean, deviation, score


@njit(cache=True)
def hurst(x, p):
    out = np.empty(len(x))
    lags = np.arange(2, p // 2)
    xs = np.log10(lags.astype(np.float64))
    ys = np.empty(len(lags))
    for i in range(p - 1, len(x)):
        for k in range(len(lags)):
            lag, total, squares, count = lags[k], 0.0, 0.0, p - lags[k]
            for j in range(i - p + 1 + lag, i + 1):
                total += x[j] - x[j - lag]
            for j in range(i - p + 1 + lag, i + 1):
                squares += (x[j] - x[j - lag] - total / count) ** 2
            ys[k] = np.log10(sqrt(sqrt(squares / count)))
        out[i] = 2.0 * ((xs - xs.mean()) * (ys - ys.mean())).sum() / ((xs - xs.mean()) ** 2).sum()
    return out
