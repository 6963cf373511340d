"""What a scenario function is given: a Cerebro which records, the mode's arguments, a place for files and notes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import backtrader as bt

from . import snapshot
from .feeds import FEEDS
from .modes import Mode
from .recorder import Recorder, traced


class Stage:
    """The scenario's view of the run. ``feed`` and ``cerebro`` build, ``run`` runs, ``note`` records anything else."""

    def __init__(self, mode: Mode, light: bool = False) -> None:
        self.mode = mode
        snapshot.Loose.on = mode.run.get("exactbars", 0) >= 1
        self.recorder = Recorder(mode, light)
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def cerebro(self, **kwargs: Any) -> Any:
        """A Cerebro; strategies added to it are watched unless the mode leaves them alone."""
        recorder, watch = self.recorder, self.mode.watch

        class TracedCerebro(bt.Cerebro):
            def addstrategy(self, strategy: Any, *args: Any, **kwargs: Any) -> Any:
                chosen = traced(strategy, recorder) if watch else strategy
                return super().addstrategy(chosen, *args, **kwargs)

        return TracedCerebro(**kwargs)

    def plain_cerebro(self, **kwargs: Any) -> Any:
        """A Cerebro of the engine itself (for runs in several processes: everything must be importable)."""
        return bt.Cerebro(**kwargs)

    def feed(self, rows: Any, name: str | None = None, kind: str = "pandas", **kwargs: Any) -> Any:
        """A feed over rows; ``kind`` is how they get in (pandas, rows, csv).

        With ``exactbars=1`` the original hands numpy scalars of a DataFrame to user code, which rounds
        and divides otherwise with them; plain rows are used instead (``frames_bounded`` covers the rest).
        """
        if kind == "pandas" and snapshot.Loose.on:
            kind = "rows"
        if name is not None:
            kwargs["name"] = name
        return FEEDS[kind](rows, **kwargs)

    def simple(self, strategy: Any, *feeds: Any, cash: float | None = None, **params: Any) -> Any:
        """A Cerebro with feeds and one strategy: what most scenarios need."""
        cerebro = self.cerebro()
        for feed in feeds:
            cerebro.adddata(feed)
        if cash is not None:
            cerebro.broker.setcash(cash)
        cerebro.addstrategy(strategy, **params)
        return cerebro

    def run(self, cerebro: Any, **kwargs: Any) -> Any:
        """Run with the mode's arguments and record the outcome."""
        outcome = cerebro.run(**{**self.mode.run, **kwargs})
        self.recorder.result(outcome)
        return outcome

    def note(self, key: str, value: Any) -> None:
        """Put any value into the trace."""
        self.recorder.notes.append([key, snapshot.plain(value)])

    def attempt(self, key: str, func: Any, *args: Any, **kwargs: Any) -> Any:
        """Note the value of a call, or the type of exception it ends with."""
        try:
            value = func(*args, **kwargs)
        except Exception as exc:
            self.recorder.notes.append([key, {"raised": snapshot.failure(exc)}])
            return None
        self.note(key, value)
        return value

    @property
    def folder(self) -> Path:
        """An empty folder, removed afterwards."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="parity-")
        return Path(self._folder.name)

    def close(self) -> None:
        """Remove the folder."""
        if self._folder is not None:
            self._folder.cleanup()
