"""A run whose one feed is resampled: its bars were made in advance, so the run can be a batch.

Bar by bar such a run has one peculiar step, the last: the input has ended, and the filter delivers
the bar that it was still building.
"""

from __future__ import annotations

from typing import Any

from ..lines.clock import WHOLE


def made_ahead(cerebro: Any) -> bool:
    """Whether the larger bars of the run's only feed are all there."""
    if len(cerebro.datas) != 1 or cerebro.p.oldsync:
        return False
    feed = cerebro.datas[0]
    return bool(feed.resampling and not feed.replaying and feed._now.mode == WHOLE)


def deliver_held(cerebro: Any) -> bool:
    """Let the filter deliver what it holds back; false if it holds nothing, or nothing was made ahead."""
    if cerebro._dopreload or not made_ahead(cerebro):
        return False
    feed = cerebro.datas[0]
    feed._now.idx = feed._now.size - 1
    held = bool(feed._last())
    feed._settle()
    feed._now.idx = -1
    return held


def before_last_step(feeds: Any, step: int) -> None:
    """compat: on the step of the bar held back, the prices of the input are still those of the bar before."""
    if step:
        for feed in feeds:
            feed._tick_fill(force=True)
