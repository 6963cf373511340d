"""From added classes and parameters to live objects, and from there through one run."""

from __future__ import annotations

from typing import Any

from ..errors import StrategySkipError
from .announce import Announcer
from .larger import lay_out_larger
from .loop_batch import run_batch
from .loop_event import run_event
from .memory import leave_behind, rare_collections
from .plan import fresh_clocks
from .results import OptReturn
from .sweep import load_datas


def run_once(cerebro: Any, iterstrat: Any, predata: bool) -> Any:
    """Start everything, run one combination of strategies, stop everything."""
    cerebro._init_stcount()
    for store in cerebro.stores:
        store.start()
    _start_broker(cerebro)
    for feed in cerebro.feeds:
        feed.start()
    if predata:
        for data in cerebro.datas:
            fresh_clocks(data, keep=True)
            data._stage1()
    else:
        load_datas(cerebro)
    strats = cerebro.runningstrats = _make_strategies(cerebro, iterstrat)
    if strats:
        _run(cerebro, strats)
    cerebro._broker.stop()
    if not predata:
        for data in cerebro.datas:
            data.stop()
    for feed in cerebro.feeds:
        feed.stop()
    for store in cerebro.stores:
        store.stop()
    cerebro.stop_writers(strats)
    if cerebro._dooptimize and cerebro.p.optreturn:
        return [small(strat) for strat in strats]
    return strats


def _start_broker(cerebro: Any) -> None:
    broker, p = cerebro._broker, cerebro.p
    if p.cheat_on_open and p.broker_coo and hasattr(broker, "set_coo"):
        broker.set_coo(True)
    if cerebro._fhistory is not None:
        broker.set_fund_history(cerebro._fhistory)
    for orders, notify in cerebro._ohistory:
        broker.add_order_history(orders, notify)
    broker.start()


def _make_strategies(cerebro: Any, iterstrat: Any) -> list[Any]:
    made = []
    for cls, args, kwargs in iterstrat:
        try:
            strat = cls(*cerebro.datas, *args, **kwargs)
        except StrategySkipError:
            continue
        if cerebro.p.oldsync:
            strat._oldsync = True
        if cerebro.p.tradehistory:
            strat.set_tradehistory()
        made.append(strat)
    return made


def _run(cerebro: Any, strats: list[Any]) -> None:
    tz = _strategy_zone(cerebro)
    for index, strat in enumerate(strats):
        _equip(cerebro, index, strat)
        strat._settz(tz)
        strat._periodset()
    Announcer(cerebro, strats)
    with rare_collections():
        layout = lay_out_larger(cerebro, strats)
        if layout is not None or (cerebro._dorunonce and cerebro._dopreload):
            run_batch(cerebro, strats, layout)
        else:
            run_event(cerebro, strats)
    leave_behind({data._now for data in cerebro.datas})


def _strategy_zone(cerebro: Any) -> Any:
    from ..utils.dateintern import tzparse

    tz = cerebro.p.tz
    return cerebro.datas[tz]._tz if isinstance(tz, int) else tzparse(tz)


def _equip(cerebro: Any, index: int, strat: Any) -> None:
    """Observers, indicators, analyzers and the sizer, in upstream's order."""
    if cerebro.p.stdstats:
        _standard_observers(cerebro, strat)
    for multi, cls, args, kwargs in cerebro.observers:
        strat._addobserver(multi, cls, *args, **kwargs)
    for cls, args, kwargs in cerebro.indicators:
        strat._addindicator(cls, *args, **kwargs)
    for cls, args, kwargs in cerebro.analyzers:
        strat._addanalyzer(cls, *args, **kwargs)
    sizer = cerebro.sizers.get(index, cerebro.sizers.get(None))
    if sizer is not None:
        cls, args, kwargs = sizer
        strat._addsizer(cls, *args, **kwargs)


def _standard_observers(cerebro: Any, strat: Any) -> None:
    from .. import observers

    beside_bars = {} if cerebro.p.oldbuysell else {"barplot": True}
    together = cerebro.p.oldtrades or len(cerebro.datas) == 1
    strat._addobserver(False, observers.Broker)
    strat._addobserver(True, observers.BuySell, **beside_bars)
    strat._addobserver(False, observers.Trades if together else observers.DataTrades)


def small(strat: Any) -> OptReturn:
    """What travels back from an optimisation: parameters and analyzers, without data."""
    for analyzer in strat.analyzers:
        _cut_loose(analyzer)
    return OptReturn(strat.params, analyzers=strat.analyzers, strategycls=type(strat))


def _cut_loose(analyzer: Any) -> None:
    """Leave an analyzer, and those it uses, nothing but its findings."""
    analyzer.strategy = analyzer._parent = None
    for name in [n for n in vars(analyzer) if n.startswith("data")]:
        setattr(analyzer, name, None)
    for child in analyzer._children:
        _cut_loose(child)
