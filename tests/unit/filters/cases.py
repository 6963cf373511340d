"""Random feeds through random resamplers and replayers, traced; runs under either engine.

``python cases.py FIRST COUNT`` prints one digest a case. Everything that a case does follows from
its number, so two engines can be compared case by case.
"""

import datetime as dt
import hashlib
import json
import random
import signal
import sys
import warnings

import backtrader as bt

TF = bt.TimeFrame
PRICES = ("open", "high", "low", "close", "volume", "openinterest")
STEPS = {
    "minutes": ("minutes", [1, 1, 1, 2, 5, 7, 60, 600]),
    "seconds": ("seconds", [1, 1, 3, 5, 20, 61, 3600, 20000]),
    "ticks": ("microseconds", [0, 10, 1000, 500000, 1000000, 2500000, 60000000, -1000000]),
    "days": ("days", [1, 1, 1, 1, 3, 10, 40]),
    "late": ("seconds", [0, 30, 60, 60, -60, 120, 3600]),
}
FRAMES = {
    "minutes": TF.Minutes,
    "seconds": TF.Seconds,
    "ticks": TF.Ticks,
    "days": TF.Days,
    "late": TF.Minutes,
}
LONGER = [TF.Ticks, TF.MicroSeconds, TF.Seconds, TF.Minutes, TF.Days, TF.Weeks, TF.Months, TF.Years]


class Zone(dt.tzinfo):
    def __init__(self, hours):
        self.hours = hours

    def utcoffset(self, when):
        return dt.timedelta(hours=self.hours)

    def dst(self, when):
        return dt.timedelta(0)


class Calendar:
    """Working days, but never the fifth of a month."""

    def __init__(self, close):
        self.close = close

    def following(self, day):
        day += dt.timedelta(days=1)
        while self.closed(day):
            day += dt.timedelta(days=1)
        return day

    def closed(self, day):
        return day.isoweekday() > 5 or day.day == 5

    def last_weekday(self, day):
        return day.isocalendar()[1] != self.following(day).isocalendar()[1]

    def last_monthday(self, day):
        return day.month != self.following(day).month

    def last_yearday(self, day):
        return day.year != self.following(day).year

    def schedule(self, day, tz=None):
        if day.time() > self.close or self.closed(day):
            day = self.following(day)
        return dt.datetime.combine(day.date(), dt.time(9, 30)), dt.datetime.combine(day.date(), self.close)


class Environment:
    def __init__(self, calendar=None):
        self._tradingcal = calendar


class Feed(bt.feed.DataBase):
    def start(self):
        super().start()
        self.left = iter(self.p.dataname)

    def _load(self):
        row = next(self.left, None)
        if row is None:
            return False
        if row == "nothing yet":
            return None
        self.lines.datetime[0] = bt.date2num(row[0])
        for name, value in zip(PRICES, row[1:]):
            getattr(self.lines, name)[0] = value
        return True


def make_rows(rng, kind):
    now = dt.datetime(
        2020, rng.randint(1, 12), rng.randint(1, 28), rng.choice([0, 9, 23]), rng.randint(0, 59)
    )
    if kind == "days":
        now = dt.datetime.combine(now, rng.choice([dt.time(0), dt.time(17, 30), dt.time(23, 59, 59, 999990)]))
    unit, lengths = STEPS[kind]
    rows = []
    for i in range(rng.randint(5, 60)):
        now += dt.timedelta(**{unit: rng.choice(lengths)})
        o, c = (round(rng.uniform(90, 110), 2) for _ in "oc")
        values = [o, max(o, c) + 1, min(o, c) - 1, c, float(rng.randint(0, 100)), float(i)]
        if rng.random() < 0.03:
            values[rng.randrange(6)] = float("nan")
        rows.append((now, *values))
        if rng.random() < 0.05:
            rows.append("nothing yet")
    return rows


def master_rows(rng, rows):
    """Other bars over the same stretch of time: some of the stamps, some between, some after the end."""
    times = [row[0] for row in rows if row != "nothing yet"]
    step = max((max(times) - min(times)) / len(times), dt.timedelta(microseconds=100))
    chosen = {time for time in times if rng.random() < 0.5}
    chosen |= {time + step * rng.random() for time in times if rng.random() < 0.5}
    chosen |= {max(times) + step * rng.choice([1, 10]) * (i + 1) for i in range(rng.randrange(6))}
    return [(time, 1.0, 2.0, 0.5, 1.5, 1.0, 0.0) for time in sorted(chosen)] or [rows[0]]


def feed_options(rng, rows):
    options = {}
    if rng.random() < 0.3:
        options["tz"] = Zone(rng.choice([2, -5]))
    if rng.random() < 0.2:
        options["tzinput"] = Zone(rng.choice([2, -5]))
    if rng.random() < 0.4:
        options["sessionend"] = rng.choice([dt.time(17, 30), dt.time(9, 30), dt.time(0), dt.time(16)])
    if rng.random() < 0.2 and rows[2] != "nothing yet":
        options["fromdate"] = rows[2][0]
    return options


def filter_options(rng, timeframe):
    options = {
        "timeframe": max(timeframe, rng.choice([timeframe, timeframe, *LONGER])),
        "compression": rng.choice([1, 1, 2, 3, 5, 15]),
    }
    for name in ("bar2edge", "adjbartime", "rightedge", "takelate"):
        if rng.random() < 0.25:
            options[name] = rng.random() < 0.5
    if rng.random() < 0.15:
        options["boundoff"] = rng.choice([1, 2])
    return options


def shown(data):
    values = [float(line[0]).hex() for line in data.lines] if len(data) else []
    ticks = [repr(getattr(data, "tick_" + name, None)) for name in ("close", "open", "volume", "last")]
    return [len(data), data.buflen(), values, ticks if len(data) else []]


def drive_alone(data):
    """As the only feed of a run."""
    trace = []
    for _ in range(400):
        answer = data.next()
        trace.append([repr(answer), shown(data)])
        if answer is False:
            break
    trace.append([repr(data._last()), shown(data)])
    return trace + [[repr(data.next(ticks=False)), shown(data)] for _ in range(4)]


def drive_preloaded(data):
    """Loaded whole."""
    data.preload()
    trace = []
    for _ in range(data.buflen()):
        data.advance()
        trace.append(shown(data))
    return trace


def drive_beside(data, master):
    """Beside a feed that sets the pace, asked to look at its time when nothing came."""
    trace = []
    for _ in range(400):
        lead = master.next(ticks=False)
        if lead is False:
            break
        if lead is None:
            continue
        answer = data.next(ticks=False)
        trace.append([repr(answer), shown(data)])
        if answer and data.datetime[0] > master.datetime[0]:
            data.rewind()
            answer = False
        if not answer:
            data._check(forcedata=master)
            answer = data.next(datamaster=master, ticks=False)
            trace.append([repr(answer), shown(data)])
        if answer:
            data._tick_fill(force=True)
            trace.append(shown(data))
    trace.append([repr(data._last(datamaster=master)), shown(data)])
    return trace + [[repr(data.next(datamaster=master)), shown(data)] for _ in range(3)]


def case(number):
    """The trace of a case."""
    rng = random.Random(number)
    kind = rng.choice(sorted(STEPS))
    timeframe, rows = FRAMES[kind], make_rows(rng, kind)
    common = {"timeframe": timeframe, "compression": rng.choice([1, 1, 1, 2]), "name": "x"}
    options = feed_options(rng, rows)
    calendar = (
        Calendar(rng.choice([dt.time(16), dt.time(23, 59, 59, 999990)])) if rng.random() < 0.25 else None
    )
    data = Feed(dataname=rows, **common, **options)
    data.setenvironment(Environment(calendar))
    replays = rng.random() < 0.45
    chosen = filter_options(rng, timeframe)
    (data.replay if replays else data.resample)(**chosen)
    if not replays and rng.random() < 0.15:
        data.resample(timeframe=max(chosen["timeframe"], TF.Days), compression=2)
    drive = rng.choice([drive_alone, drive_alone, drive_preloaded, drive_beside, drive_beside])
    data._start()
    if drive is not drive_beside:
        return drive(data)
    options.pop("fromdate", None)
    master = Feed(dataname=rows if rng.random() < 0.4 else master_rows(rng, rows), **common, **options)
    master.setenvironment(Environment(calendar))
    master._start()
    return drive_beside(data, master)


def _too_long(*_):
    raise TimeoutError


def digest(number, trace):
    signal.alarm(2)
    try:
        return hashlib.md5(json.dumps(trace(number)).encode()).hexdigest()
    except Exception as error:
        return "stops:" + type(error).__name__
    finally:
        signal.alarm(0)


def digests(first, count, trace=case):
    """One digest a case; how it ends if it does not end well (some never end in the original)."""
    signal.signal(signal.SIGALRM, _too_long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [digest(number, trace) for number in range(first, first + count)]


if __name__ == "__main__":
    print("\n".join(digests(int(sys.argv[1]), int(sys.argv[2]))))
