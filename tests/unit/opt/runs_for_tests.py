"""Strategies and jobs that behave and misbehave; worker processes import this file by its name."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import numpy as np
import pandas as pd

import backtrader as bt
from backtrader.opt.entry import Outcome


def frame(count: int = 300, seed: int = 3) -> pd.DataFrame:
    """Daily bars that wander."""
    steps = np.random.default_rng(seed).normal(0.0003, 0.01, count)
    close = 100 * np.exp(np.cumsum(steps))
    index = pd.date_range("2015-01-01", periods=count, freq="D")
    open_ = np.concatenate(([100.0], close[:-1]))
    high, low = np.maximum(open_, close) * 1.002, np.minimum(open_, close) * 0.998
    return pd.DataFrame(
        {"open": open_, "high": high, "low": low, "close": close, "volume": 1000.0}, index=index
    )


class Cross(bt.Strategy):
    """Long while the fast average is above the slow one."""

    params = (("fast", 5), ("slow", 20), ("size", 1))

    def __init__(self) -> None:
        fast = bt.indicators.SMA(self.data.close, period=self.p.fast)
        slow = bt.indicators.SMA(self.data.close, period=self.p.slow)
        self.cross = bt.indicators.CrossOver(fast, slow)

    def next(self) -> None:
        if self.cross > 0:
            self.buy(size=self.p.size)
        elif self.cross < 0 and self.position:
            self.close()


class Behaving:
    """A job without any engine: what happens in a run is said by its parameters."""

    def prepare(self) -> None:
        """Nothing to load."""

    def warm_up(self, params: Any) -> None:
        """Nothing to warm."""

    def run(self, params: Any, thresholds: Any = None) -> Outcome:
        """Do as told."""
        what = params.get("what", "value")
        return getattr(self, f"_{what}")(params)

    def _value(self, params: Any) -> Outcome:
        time.sleep(params.get("seconds", 0))
        return Outcome(metrics={"value": float(params.get("value", 0)), "pid": float(os.getpid())})

    def _die(self, params: Any) -> Outcome:
        os.kill(os.getpid(), params.get("signal", signal.SIGKILL))
        raise AssertionError("still alive")

    def _exit(self, params: Any) -> Outcome:
        os._exit(params["code"])

    def _spin(self, params: Any) -> Outcome:
        while True:
            pass

    def _numba_spin(self, params: Any) -> Outcome:
        return Outcome(metrics={"value": float(_compiled_endlessness()(1))})

    def _memory(self, params: Any) -> Outcome:
        return Outcome(metrics={"value": float(np.ones(int(params["mb"] * 2**17)).sum())})

    def _crumbs(self, params: Any) -> Outcome:
        return Outcome(metrics={"value": float(len([{i: i} for i in range(10**8)]))})

    def _print(self, params: Any) -> Outcome:
        print("heard from a worker")
        return Outcome()

    def _ignores(self, params: Any) -> Outcome:
        ignored = signal.getsignal(signal.SIGINT) == signal.SIG_IGN
        return Outcome(metrics={"value": float(ignored)})

    def _unsendable(self, params: Any) -> Outcome:
        return Outcome(kept=lambda: "functions are not sent")

    def _cpus(self, params: Any) -> Outcome:
        return Outcome(metrics={"value": float(len(os.sched_getaffinity(0)))})


def _compiled_endlessness() -> Any:
    import numba

    @numba.njit
    def forever(x: int) -> int:
        while x > 0:
            x = x % 1000 + 1
        return x

    return forever


class Unloadable(Behaving):
    """A job that cannot be read in a worker that starts from nothing."""

    def __setstate__(self, state: Any) -> None:
        raise RuntimeError("not for you")

    def __getstate__(self) -> Any:
        return {"some": "state"}
