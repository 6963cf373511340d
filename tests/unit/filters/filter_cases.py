"""Random feeds through random chains of filters, traced; runs under either engine.

``python filter_cases.py FIRST COUNT`` prints one digest a case.
"""

import datetime as dt
import random
import sys

import backtrader as bt

if __package__:
    from . import cases
else:
    import cases

TF = bt.TimeFrame
F = bt.filters


def odd_bars(data):
    """A function as a filter: takes out bars with an odd open interest."""
    if not data.openinterest[0] % 2:
        return False
    data.backwards()
    return True


def wide(data, limit=3.0):
    """A yes-or-no question for addfilter_simple."""
    return data.high[0] - data.low[0] > limit


class Echo:
    """A user's filter with last and check: every bar again half a minute later, a farewell bar."""

    def __init__(self, data, shift=30):
        self.shift = dt.timedelta(seconds=shift)
        self.calls = 0

    def __call__(self, data):
        self.calls += 1
        bar = [line[0] for line in data.lines]
        data._save2stack(erase=True)
        data._add2stack([*bar[:6], bt.date2num(bt.num2date(bar[6]) + self.shift)])
        return True

    def check(self, data, _forcedata=None):
        self.calls += 100

    def last(self, data):
        data._add2stack([float(self.calls)] * 6 + [data.datetime[0] + 1.0 if len(data) else 1.0])
        return 1


class Stashing:
    """A user's filter that sends a changed bar through the filters again."""

    def __init__(self, data):
        pass

    def __call__(self, data):
        if data.volume[0] > 50:
            data.volume[0] = 10.0
            data._save2stack(erase=True, stash=True)
            return True
        return False


class Tripled(bt.Filter):
    """By the base class: sees bars, changes them, takes none."""

    params = (("factor", 3.0),)

    def nextstart(self, data):
        data.volume[0] = -1.0

    def next(self, data):
        data.volume[0] *= self.p.factor


def renko(rng):
    return F.Renko, {
        "size": rng.choice([None, None, 1, 2.5]),
        "autosize": rng.choice([20.0, 40.0, 33.0]),
        "hilo": rng.random() < 0.3,
        "dynamic": rng.random() < 0.4,
        "align": rng.choice([1.0, 1.0, 0.5, 0.1, 5.0]),
        "roundstart": rng.random() < 0.6,
    }


def fill(rng):
    return {
        "fill_price": rng.choice([0, 0.0, 5.5]),
        "fill_vol": rng.choice([0.0, 7.0]),
        "fill_oi": rng.choice([0.0, 1.0]),
    }


def calendar_days(rng):
    options = fill(rng)
    if rng.random() < 0.4:
        options["fill_price"] = -1
    return F.CalendarDays, options


def session_filler(rng):
    return F.SessionFiller, {**fill(rng), "skip_first_fill": rng.random() < 0.7}


def day_splitter(rng):
    return F.DaySplitter_Close, {"closevol": rng.choice([0.5, 0.25, 0.9])}


CHOICES = [
    renko,
    calendar_days,
    session_filler,
    session_filler,
    lambda rng: (F.HeikinAshi, {}),
    lambda rng: (F.SessionFilter, {}),
    day_splitter,
    lambda rng: (F.BarReplayer_Open, {}),
    lambda rng: (odd_bars, {}),
    lambda rng: (Echo, {"shift": rng.choice([10, 30])}),
    lambda rng: (Stashing, {}),
    lambda rng: (Tripled, {}),
]
SIMPLE = [lambda rng: (F.SessionFilterSimple, {}), lambda rng: (wide, {})]


def session(rng, kind):
    if kind == "days" or rng.random() < 0.4:
        return {}
    start = rng.choice([0, 9, 10])
    return {
        "sessionstart": dt.time(start, rng.choice([0, 30])),
        "sessionend": rng.choice([dt.time(start + 1), dt.time(17, 30), dt.time(23, 45)]),
    }


def suits(choice, kind, options):
    """Days cannot be filled; in another zone the original splits the end of a day again and again."""
    if choice is session_filler:
        return kind != "days"
    return choice is not day_splitter or "tz" not in options


def make(number):
    rng = random.Random(f"filters {number}")
    kind = rng.choice(["minutes", "minutes", "days", "late"])
    rows = [row for row in cases.make_rows(rng, kind) if row != "nothing yet" or rng.random() < 0.3]
    common = {"timeframe": cases.FRAMES[kind], "compression": rng.choice([1, 1, 1, 2]), "name": "x"}
    options = session(rng, kind)
    if rng.random() < 0.2:
        options["tz"] = cases.Zone(rng.choice([2, -5]))
    data = cases.Feed(dataname=rows, **common, **options)
    data.setenvironment(cases.Environment())
    known = [choice for choice in CHOICES if suits(choice, kind, options)]
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        if rng.random() < 0.15:
            flt, kwargs = rng.choice(SIMPLE)(rng)
            data.addfilter_simple(flt, **kwargs)
        else:
            flt, kwargs = rng.choice(known)(rng)
            data.addfilter(flt, **kwargs)
    if rng.random() < 0.2:
        data.resample(timeframe=rng.choice([TF.Minutes, TF.Days, TF.Weeks]), compression=rng.choice([1, 5]))
    elif rng.random() < 0.15:
        data.replay(timeframe=rng.choice([TF.Days, TF.Weeks]))
    drive = rng.choice([cases.drive_alone, cases.drive_preloaded, cases.drive_preloaded])
    data._start()
    return data, drive, options


def case(number):
    """The trace of a case."""
    data, drive, _ = make(number)
    return drive(data)


if __name__ == "__main__":
    print("\n".join(cases.digests(int(sys.argv[1]), int(sys.argv[2]), case)))
