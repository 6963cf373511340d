"""Hand-written loops for the indicators of whole bars and of price movement, see `loops`."""

from __future__ import annotations

import numpy as np
from numba import njit

from .loops import ema, highest, lowest, rank, sma, sma_from, smooth, sumn


@njit(cache=True)
def momentum(x, p):
    out = np.empty(len(x))
    for i in range(p, len(x)):
        out[i] = x[i] - x[i - p]
    return out


@njit(cache=True)
def day_fall(x):
    out = np.empty(len(x))
    for i in range(1, len(x)):
        out[i] = x[i - 1] - x[i]
    return out


@njit(cache=True)
def ratio(x, p, factor, less):
    """factor * (value / earlier value) - less."""
    out = np.empty(len(x))
    for i in range(p, len(x)):
        out[i] = factor * (x[i] / x[i - p]) - less
    return out


@njit(cache=True)
def change(x, p, factor):
    out = np.empty(len(x))
    for i in range(p, len(x)):
        out[i] = factor * ((x[i] - x[i - p]) / x[i - p])
    return out


@njit(cache=True)
def day(x, p, sign):
    out = np.empty(len(x))
    for i in range(p, len(x)):
        out[i] = max(sign * (x[i] - x[i - p]), 0.0)
    return out


@njit(cache=True)
def day_bool(x, p, sign):
    out = np.empty(len(x))
    for i in range(p, len(x)):
        out[i] = 1.0 if sign * (x[i] - x[i - p]) > 0.0 else 0.0
    return out


@njit(cache=True)
def rsi(x, p, lookback, alpha):
    """Averages that begin at the mean; with ``alpha`` 0.0 simple ones."""
    out = np.empty(len(x))
    up = down = 0.0
    first = lookback + p - 1
    for i in range(lookback, len(x)):
        move = x[i] - x[i - lookback]
        rise, fall = max(move, 0.0), max(-move, 0.0)
        if i <= first:
            up += rise / p
            down += fall / p
        elif alpha == 0.0:
            leaving = x[i - p] - x[i - p - lookback]
            up += (rise - max(leaving, 0.0)) / p
            down += (fall - max(-leaving, 0.0)) / p
        else:
            up = up * (1.0 - alpha) + rise * alpha
            down = down * (1.0 - alpha) + fall * alpha
        if i >= first:
            out[i] = 100.0 - 100.0 / (1.0 + up / down)
    return out


@njit(cache=True)
def macd(x, fast, slow, signal):
    quick, calm = ema(x, fast), ema(x, slow)
    line = np.empty(len(x))
    for i in range(slow - 1, len(x)):
        line[i] = quick[i] - calm[i]
    return line, smooth(line, signal, 2.0 / (1.0 + signal), slow - 1)


@njit(cache=True)
def macd_histo(x, fast, slow, signal):
    line, average = macd(x, fast, slow, signal)
    histo = np.empty(len(x))
    for i in range(slow + signal - 2, len(x)):
        histo[i] = line[i] - average[i]
    return line, average, histo


@njit(cache=True)
def price_oscillator(x, fast, slow):
    quick, calm = ema(x, fast), ema(x, slow)
    out = np.empty(len(x))
    for i in range(slow - 1, len(x)):
        out[i] = quick[i] - calm[i]
    return out


@njit(cache=True)
def percent_oscillator(x, fast, slow, signal, of_slow):
    quick, calm = ema(x, fast), ema(x, slow)
    line, histo = np.empty(len(x)), np.empty(len(x))
    for i in range(slow - 1, len(x)):
        line[i] = 100.0 * (quick[i] - calm[i]) / (calm[i] if of_slow else quick[i])
    average = smooth(line, signal, 2.0 / (1.0 + signal), slow - 1)
    for i in range(slow + signal - 2, len(x)):
        histo[i] = line[i] - average[i]
    return line, average, histo


@njit(cache=True)
def detrended(x, p):
    average = sma(x, p)
    out = np.empty(len(x))
    back = -(-p // 2 + 1)
    for i in range(p - 1 + back, len(x)):
        out[i] = x[i] - average[i - back]
    return out


@njit(cache=True)
def trix(x, p):
    alpha = 2.0 / (1.0 + p)
    average = smooth(smooth(ema(x, p), p, alpha, p - 1), p, alpha, 2 * p - 2)
    out = np.empty(len(x))
    for i in range(3 * p - 2, len(x)):
        out[i] = 100.0 * (average[i] / average[i - 1] - 1.0)
    return out


@njit(cache=True)
def trix_signal(x, p, signal):
    line = trix(x, p)
    return line, smooth(line, signal, 2.0 / (1.0 + signal), 3 * p - 2)


@njit(cache=True)
def strength(x, long, short):
    move, size = np.empty(len(x)), np.empty(len(x))
    for i in range(1, len(x)):
        move[i] = x[i] - x[i - 1]
        size[i] = abs(move[i])
    a, b = 2.0 / (1.0 + long), 2.0 / (1.0 + short)
    up = smooth(smooth(move, long, a, 1), short, b, long)
    down = smooth(smooth(size, long, a, 1), short, b, long)
    out = np.empty(len(x))
    for i in range(long + short - 1, len(x)):
        out[i] = 100.0 * (up[i] / down[i])
    return out


@njit(cache=True)
def sure_thing(x, signal):
    line = np.zeros(len(x))
    for factor, roc, p in ((1.0, 10, 10), (2.0, 15, 10), (3.0, 20, 10), (4.0, 30, 10)):
        average = sma_from(change(x, roc, 100.0), p, roc)
        for i in range(roc + p - 1, len(x)):
            line[i] += factor * average[i]
    return line, sma_from(line, signal, 39)


@njit(cache=True)
def true_range(high, low, close):
    out = np.empty(len(high))
    for i in range(1, len(high)):
        out[i] = max(high[i], close[i - 1]) - min(low[i], close[i - 1])
    return out


@njit(cache=True)
def true_high(high, close):
    out = np.empty(len(high))
    for i in range(1, len(high)):
        out[i] = max(high[i], close[i - 1])
    return out


@njit(cache=True)
def true_low(low, close):
    out = np.empty(len(low))
    for i in range(1, len(low)):
        out[i] = min(low[i], close[i - 1])
    return out


@njit(cache=True)
def atr(high, low, close, p):
    return smooth(true_range(high, low, close), p, 1.0 / p, 1)


@njit(cache=True)
def pretty_good(high, low, close, p):
    average, span = sma(close, p), atr(high, low, close, p)
    out = np.empty(len(close))
    for i in range(p, len(close)):
        out[i] = (close[i] - average[i]) / span[i]
    return out


@njit(cache=True)
def directions(high, low, close, p):
    """The shares of upward and downward movement."""
    span = atr(high, low, close, p)
    plus, minus = np.empty(len(high)), np.empty(len(high))
    for i in range(1, len(high)):
        rise, fall = high[i] - high[i - 1], low[i - 1] - low[i]
        plus[i] = rise if rise > fall and rise > 0.0 else 0.0
        minus[i] = fall if fall > rise and fall > 0.0 else 0.0
    plus, minus = smooth(plus, p, 1.0 / p, 1), smooth(minus, p, 1.0 / p, 1)
    for i in range(p, len(high)):
        plus[i] = 100.0 * plus[i] / span[i]
        minus[i] = 100.0 * minus[i] / span[i]
    return plus, minus


@njit(cache=True)
def direction(high, low, close, p, sign):
    span = atr(high, low, close, p)
    moved = np.empty(len(high))
    for i in range(1, len(high)):
        rise, fall = high[i] - high[i - 1], low[i - 1] - low[i]
        if sign < 0.0:
            rise, fall = fall, rise
        moved[i] = rise if rise > fall and rise > 0.0 else 0.0
    moved = smooth(moved, p, 1.0 / p, 1)
    for i in range(p, len(high)):
        moved[i] = 100.0 * moved[i] / span[i]
    return moved


@njit(cache=True)
def outweighs(plus, minus, p):
    """The averaged share by which one direction outweighs the other."""
    out = np.empty(len(plus))
    for i in range(p, len(plus)):
        out[i] = abs(plus[i] - minus[i]) / (plus[i] + minus[i])
    out = smooth(out, p, 1.0 / p, p)
    for i in range(2 * p - 1, len(plus)):
        out[i] *= 100.0
    return out


@njit(cache=True)
def rating(strength, p):
    out = np.empty(len(strength))
    for i in range(3 * p - 1, len(strength)):
        out[i] = (strength[i] + strength[i - p]) / 2.0
    return out


@njit(cache=True)
def adx(high, low, close, p):
    plus, minus = directions(high, low, close, p)
    return outweighs(plus, minus, p)


@njit(cache=True)
def adxr(high, low, close, p):
    out = adx(high, low, close, p)
    return out, rating(out, p)


@njit(cache=True)
def dmi(high, low, close, p):
    plus, minus = directions(high, low, close, p)
    return outweighs(plus, minus, p), plus, minus


@njit(cache=True)
def directional(high, low, close, p):
    out, plus, minus = dmi(high, low, close, p)
    return out, rating(out, p), plus, minus


@njit(cache=True)
def cci(high, low, close, p, factor):
    price = np.empty(len(high))
    for i in range(len(high)):
        price[i] = (high[i] + low[i] + close[i]) / 3.0
    mean = sma(price, p)
    away = np.empty(len(high))
    for i in range(p - 1, len(high)):
        away[i] = abs(price[i] - mean[i])
    usual = sma_from(away, p, p - 1)
    out = np.empty(len(high))
    for i in range(2 * p - 2, len(high)):
        out[i] = (price[i] - mean[i]) / (factor * usual[i])
    return out


@njit(cache=True)
def awesome(high, low, fast, slow):
    middle = np.empty(len(high))
    for i in range(len(high)):
        middle[i] = (high[i] + low[i]) / 2.0
    quick, calm = sma(middle, fast), sma(middle, slow)
    for i in range(slow - 1, len(high)):
        quick[i] -= calm[i]
    return quick


@njit(cache=True)
def acceleration(high, low, p):
    line = awesome(high, low, 5, 34)
    average = sma_from(line, p, 33)
    for i in range(32 + p, len(high)):
        average[i] = line[i] - average[i]
    return average


@njit(cache=True)
def aroon(x, p, sign):
    out = np.empty(len(x))
    at = 0
    for i in range(len(x)):
        if at < i - p:
            at = i - p
            for j in range(i - p + 1, i + 1):
                if sign * x[j] >= sign * x[at]:
                    at = j
        elif sign * x[i] >= sign * x[at]:
            at = i
        out[i] = 100.0 / p * (p - (i - at))
    return out


@njit(cache=True)
def stochastic(high, low, close, p, fast):
    top, bottom = highest(high, p), lowest(low, p)
    k = np.empty(len(high))
    for i in range(p - 1, len(high)):
        k[i] = 100.0 * ((close[i] - bottom[i]) / (top[i] - bottom[i]))
    return k, sma_from(k, fast, p - 1)


@njit(cache=True)
def stochastic_full(high, low, close, p, fast, slow):
    k, d = stochastic(high, low, close, p, fast)
    return k, d, sma_from(d, slow, p + fast - 2)


@njit(cache=True)
def williams_r(high, low, close, p):
    top, bottom = highest(high, p), lowest(low, p)
    out = np.empty(len(high))
    for i in range(p - 1, len(high)):
        out[i] = -100.0 * (top[i] - close[i]) / (top[i] - bottom[i])
    return out


@njit(cache=True)
def williams_ad(high, low, close):
    out = np.empty(len(high))
    total = 0.0
    for i in range(1, len(high)):
        before = close[i - 1]
        if close[i] > before:
            total += close[i] - min(low[i], before)
        elif close[i] < before:
            total += close[i] - max(high[i], before)
        out[i] = total
    return out


@njit(cache=True)
def ultimate(high, low, close):
    pressure, span = np.zeros(len(high)), true_range(high, low, close)
    span[0] = 0.0
    for i in range(1, len(high)):
        pressure[i] = close[i] - min(low[i], close[i - 1])
    out = np.zeros(len(high))
    for weight, p in ((4.0, 7), (2.0, 14), (1.0, 28)):
        bought, whole = sumn(pressure, p), sumn(span, p)
        for i in range(p, len(high)):
            out[i] += weight * 100.0 / 7.0 * bought[i] / whole[i]
    return out


@njit(cache=True)
def vortex(high, low, close, p):
    up, down, span = np.zeros(len(high)), np.zeros(len(high)), np.zeros(len(high))
    for i in range(1, len(high)):
        up[i] = abs(high[i] - low[i - 1])
        down[i] = abs(low[i] - high[i - 1])
        before = close[i - 1]
        span[i] = max(high[i] - low[i], abs(high[i] - before), abs(low[i] - before))
    plus, minus, total = sumn(up, p), sumn(down, p), sumn(span, p)
    for i in range(p, len(high)):
        plus[i] /= total[i]
        minus[i] /= total[i]
    return plus, minus


@njit(cache=True)
def dv2(high, low, close, p):
    average = np.empty(len(high))
    before = np.inf
    for i in range(len(high)):
        place = close[i] / ((high[i] + low[i]) / 2.0)
        average[i] = (before + place) / 2.0
        before = place
    out = rank(average, p)
    for i in range(len(high)):
        out[i] *= 100.0
    return out


@njit(cache=True)
def middle(high, low, p):
    top, bottom = highest(high, p), lowest(low, p)
    for i in range(len(high)):
        top[i] = (top[i] + bottom[i]) / 2.0
    return top


@njit(cache=True)
def ichimoku(high, low, close):
    size = len(high)
    tenkan, kijun, base = middle(high, low, 9), middle(high, low, 26), middle(high, low, 52)
    span_a, span_b, early = np.empty(size), np.empty(size), np.empty(size)
    for i in range(26, size):
        span_a[i] = (tenkan[i - 26] + kijun[i - 26]) / 2.0
        span_b[i] = base[i - 26]
        early[i - 26] = close[i]
    return tenkan, kijun, span_a, span_b, early


@njit(cache=True)
def heikin(open_, high, low, close):
    size = len(high)
    opened, top, bottom, closed = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    for i in range(size):
        closed[i] = (open_[i] + high[i] + low[i] + close[i]) / 4.0
        opened[i] = (opened[i - 1] + closed[i - 1]) / 2.0 if i > 0 else (open_[i] + close[i]) / 2.0
        top[i] = max(high[i], opened[i], closed[i])
        bottom[i] = min(low[i], opened[i], closed[i])
    return opened, top, bottom, closed


@njit(cache=True)
def heikin_delta(open_, high, low, close, p):
    delta = np.empty(len(high))
    opened = closed = 0.0
    for i in range(len(high)):
        opened = (opened + closed) / 2.0 if i > 0 else (open_[i] + close[i]) / 2.0
        closed = (open_[i] + high[i] + low[i] + close[i]) / 4.0
        delta[i] = closed - opened
    return delta, sma_from(delta, p, 1)


@njit(cache=True)
def laguerre(x, gamma, index, first):
    out = np.empty(len(x))
    a = b = c = d = 0.0
    for i in range(first, len(x)):
        a0, b0, c0 = a, b, c
        a = (1.0 - gamma) * x[i] + gamma * a
        b = -gamma * a + a0 + gamma * b
        c = -gamma * b + b0 + gamma * c
        d = -gamma * c + c0 + gamma * d
        if index:
            up = max(a - b, 0.0) + max(b - c, 0.0) + max(c - d, 0.0)
            down = max(b - a, 0.0) + max(c - b, 0.0) + max(d - c, 0.0)
            out[i] = up / (up + down) if up + down != 0.0 else 1.0
        else:
            out[i] = (a + 2.0 * b + 2.0 * c + d) / 6.0
    return out


@njit(cache=True)
def pivots(high, low, close):
    size = len(high)
    p, s1, s2, r1, r2 = np.empty(size), np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    for i in range(size):
        pivot = (high[i] + low[i] + close[i]) / 3.0
        p[i] = pivot
        s1[i], r1[i] = 2.0 * pivot - high[i], 2.0 * pivot - low[i]
        s2[i], r2[i] = pivot - (high[i] - low[i]), pivot + (high[i] - low[i])
    return p, s1, s2, r1, r2


@njit(cache=True)
def fibonacci(high, low, close):
    size = len(high)
    p, s1, s2, s3 = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    r1, r2, r3 = np.empty(size), np.empty(size), np.empty(size)
    for i in range(size):
        pivot, span = (high[i] + low[i] + close[i]) / 3.0, high[i] - low[i]
        p[i] = pivot
        s1[i], s2[i], s3[i] = pivot - 0.382 * span, pivot - 0.618 * span, pivot - span
        r1[i], r2[i], r3[i] = pivot + 0.382 * span, pivot + 0.618 * span, pivot + span
    return p, s1, s2, s3, r1, r2, r3


@njit(cache=True)
def demark(open_, high, low, close):
    size = len(high)
    p, s1, r1 = np.empty(size), np.empty(size), np.empty(size)
    for i in range(size):
        total = high[i] + low[i] + close[i]
        total += low[i] if close[i] < open_[i] else close[i] if close[i] > open_[i] else high[i]
        p[i], s1[i], r1[i] = total / 4.0, total / 2.0 - high[i], total / 2.0 - low[i]
    return p, s1, r1


@njit(cache=True)
def parabolic(high, low, close, step, limit):
    out = np.empty(len(high))
    up = close[1] < close[0]
    stop, extreme, pace = (high[1] + low[1]) / 2.0, high[0] if up else low[0], step
    for i in range(1, len(high)):
        if (stop >= low[i]) if up else (stop <= high[i]):
            up = not up
            stop, pace = extreme, step
            extreme = high[i] if up else low[i]
        out[i] = stop
        if up and high[i] > extreme:
            extreme, pace = high[i], min(pace + step, limit)
        elif not up and low[i] < extreme:
            extreme, pace = low[i], min(pace + step, limit)
        stop += pace * (extreme - stop)
        stop = min(stop, low[i], low[i - 1]) if up else max(stop, high[i], high[i - 1])
    return out
