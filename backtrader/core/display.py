"""Cerebro and strategies as notebooks show them."""

from __future__ import annotations

from typing import Any

from ..utils.notebook import card, number

__all__ = ["cerebro_card", "strategy_card"]


def cerebro_card(cerebro: Any) -> str:
    """The numbers of the last run; before one, what has been put in."""
    runs = getattr(cerebro, "runstrats", [])
    if runs and runs[0] and len(runs) == 1 and hasattr(runs[0][0], "_results"):
        return str(cerebro.summary(show=False)._repr_html_())
    # the combinations of an optimisation are made while it runs, and only once
    entries = [entry for group in cerebro.strats if isinstance(group, list) for entry in group]
    rows = [
        ("Feeds", ", ".join(str(data._name or type(data).__name__) for data in cerebro.datas) or "none"),
        ("Strategies", ", ".join(entry[0].__name__ for entry in entries) or "none"),
        ("Cash", number(cerebro.broker.getcash())),
    ]
    if runs:
        rows.append(("Runs", f"{len(runs):,} of an optimisation"))
    return card("Cerebro", rows)


def strategy_card(strategy: Any) -> str:
    """A strategy's parameters, feeds and trades."""
    trades = [trade for by_id in strategy._trades.values() for each in by_id.values() for trade in each]
    rows = [(name, getattr(strategy.p, name)) for name in strategy.p._getkeys()]
    rows += [("Feeds", ", ".join(str(data._name or type(data).__name__) for data in strategy.datas))]
    rows += [("Bars", f"{len(strategy):,}"), ("Trades", f"{len(trades):,}")]
    closed = [trade.pnlcomm for trade in trades if trade.isclosed]
    if closed:
        rows.append(("Net result", number(sum(closed))))
    return card(type(strategy).__name__, rows)
