"""Runs to draw."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import backtrader as bt


@pytest.fixture(autouse=True)
def memory(pyplot: Any) -> None:
    """No test opens a window."""


class Trader(bt.Strategy):
    """Buys and sells now and then; ``parts`` makes what is drawn."""

    params = (("parts", None),)

    def __init__(self) -> None:
        if self.p.parts is not None:
            self.p.parts(self)

    def next(self) -> None:
        if len(self) % 20 == 5:
            self.buy()
        elif len(self) % 20 == 15:
            self.close()


@pytest.fixture
def share(data_dir: Path) -> Callable[..., Any]:
    """A feed of daily bars."""

    def make(name: str = "acme", **kwargs: Any) -> Any:
        options = {"dtformat": "%Y-%m-%d", "openinterest": -1, **kwargs}
        return bt.feeds.GenericCSVData(dataname=str(data_dir / f"{name}-2020.csv"), **options)

    return make


@pytest.fixture
def ran(share: Callable[..., Any]) -> Callable[..., Any]:
    """A Cerebro that has run; keywords are for it."""

    def make(parts: Any = None, feeds: Any = None, **kwargs: Any) -> Any:
        cerebro = bt.Cerebro(**kwargs)
        for feed in feeds or [share()]:
            cerebro.adddata(feed)
        cerebro.addstrategy(Trader, parts=parts)
        cerebro.run()
        return cerebro

    return make
