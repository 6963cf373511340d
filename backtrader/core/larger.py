"""Runs with resampled feeds whose larger bars can be made before they begin: such a run can be a batch.

Bar by bar such a run has one peculiar step, the last: the input has ended, and filters deliver the
bars that they were still building.
"""

from __future__ import annotations

from typing import Any

from .align import Layout
from .cast import Cast
from .live import can_be_stepped
from .moving import in_order
from .recorded import record
from .schedule import lay_out_ahead


def lay_out_larger(cerebro: Any, strats: list[Any]) -> Layout | None:
    """The steps of the run, with all bars in the feeds; None if they have to come one by one."""
    p = cerebro.p
    if not cerebro._dorunonce or cerebro._dopreload or p.oldsync or p.lookahead or cerebro.stores:
        return None
    cast = Cast(cerebro)
    if not (cast.sort() and can_be_stepped(strats)):
        return None
    layout = lay_out_ahead(cast)
    return record(cerebro, cast) if layout is None else layout


def before_last_step(cerebro: Any) -> None:
    """compat: on the step of bars held back, the prices of the input are still those of the bar before.

    The feed that is asked first has none then if this is its first bar.
    """
    first = in_order(cerebro)[0]
    for feed in cerebro.datas:
        if len(feed):
            feed._tick_fill(force=True)
        elif feed is first:
            feed._tick_unknown = True
