"""The workloads, written as any user would write them: the same text runs under every engine.

A workload takes prepared input, builds everything and runs it, and returns numbers by which runs of
two engines can be compared.  Preparing the input is not part of the time.
"""

from __future__ import annotations

from typing import Any

from data import bars

import backtrader as bt

Result = dict[str, Any]


class Cross(bt.Strategy):
    """Long while the fast average is above the slow one."""

    params = (("fast", 10), ("slow", 30))

    def __init__(self) -> None:
        fast = bt.indicators.SMA(self.data.close, period=self.p.fast)
        slow = bt.indicators.SMA(self.data.close, period=self.p.slow)
        self.cross = bt.indicators.CrossOver(fast, slow)
        self.completed = self.trades = 0
        self.paid = 0.0

    def notify_order(self, order: Any) -> None:
        if order.status == order.Completed:
            self.completed += 1
            self.paid += order.executed.price

    def notify_trade(self, trade: Any) -> None:
        if trade.isclosed:
            self.trades += 1

    def next(self) -> None:
        if self.cross > 0:
            self.buy()
        elif self.cross < 0 and self.position:
            self.close()


class SixIndicators(bt.Strategy):
    """Reads six indicators each bar and trades nothing."""

    def __init__(self) -> None:
        self.sma = bt.indicators.SMA(self.data, period=20)
        self.ema = bt.indicators.EMA(self.data, period=20)
        self.rsi = bt.indicators.RSI(self.data, period=14)
        self.macd = bt.indicators.MACD(self.data)
        self.bands = bt.indicators.BollingerBands(self.data, period=20)
        self.atr = bt.indicators.ATR(self.data, period=14)
        self.total = 0.0

    def next(self) -> None:
        self.total += (
            self.sma[0]
            + self.ema[0]
            + self.rsi[0]
            + self.macd.macd[0]
            + self.bands.lines.top[0]
            + self.atr[0]
        )


class ManyFeeds(bt.Strategy):
    """The cross on every feed."""

    def __init__(self) -> None:
        self.pairs = [
            (
                data,
                bt.indicators.CrossOver(
                    bt.indicators.SMA(data, period=10), bt.indicators.SMA(data, period=30)
                ),
            )
            for data in self.datas
        ]
        self.completed = 0

    def notify_order(self, order: Any) -> None:
        if order.status == order.Completed:
            self.completed += 1

    def next(self) -> None:
        for data, cross in self.pairs:
            if cross > 0:
                self.buy(data=data)
            elif cross < 0 and self.getposition(data).size:
                self.close(data=data)


class Brackets(bt.Strategy):
    """A market entry with a stop and a limit one percent away, every fifth bar."""

    def __init__(self) -> None:
        self.bar = self.completed = self.canceled = 0
        self.paid = 0.0

    def notify_order(self, order: Any) -> None:
        if order.status == order.Completed:
            self.completed += 1
            self.paid += order.executed.price
        elif order.status == order.Canceled:
            self.canceled += 1

    def next(self) -> None:
        self.bar += 1
        if self.bar % 5 == 0:
            price = self.data.close[0]
            self.buy_bracket(
                size=1, exectype=bt.Order.Market, limitprice=price * 1.01, stopprice=price * 0.99
            )


class Outcome(bt.Analyzer):
    """What a combination of a sweep came to."""

    def start(self) -> None:
        self.orders = 0

    def notify_order(self, order: Any) -> None:
        if order.status == order.Completed:
            self.orders += 1

    def stop(self) -> None:
        self.value = self.strategy.broker.getvalue()

    def get_analysis(self) -> Any:
        return {"orders": self.orders, "value": self.value}


def _run(strategy: type, frames: list[Any], **options: Any) -> tuple[Any, Any]:
    cerebro = bt.Cerebro()
    for number, frame in enumerate(frames):
        cerebro.adddata(
            bt.feeds.PandasData(dataname=frame, timeframe=bt.TimeFrame.Minutes), name=f"feed{number}"
        )
    cerebro.addstrategy(strategy)
    cerebro.broker.setcash(10_000_000.0)
    return cerebro.run(**options)[0], cerebro


def cross(prepared: list[Any], **options: Any) -> Result:
    """W1, W5."""
    strategy, cerebro = _run(Cross, prepared, **options)
    return {
        "value": cerebro.broker.getvalue(),
        "orders": strategy.completed,
        "trades": strategy.trades,
        "paid": strategy.paid,
    }


def six_indicators(prepared: list[Any]) -> Result:
    """W1b."""
    strategy, cerebro = _run(SixIndicators, prepared)
    return {"value": cerebro.broker.getvalue(), "sum": strategy.total}


def many_feeds(prepared: list[Any]) -> Result:
    """W2."""
    strategy, cerebro = _run(ManyFeeds, prepared)
    return {"value": cerebro.broker.getvalue(), "orders": strategy.completed}


def brackets(prepared: list[Any]) -> Result:
    """W6."""
    strategy, cerebro = _run(Brackets, prepared)
    return {
        "value": cerebro.broker.getvalue(),
        "completed": strategy.completed,
        "canceled": strategy.canceled,
        "paid": strategy.paid,
    }


def sweep(prepared: list[Any], fast: list[int], slow: list[int]) -> Result:
    """W3: every combination in one process."""
    cerebro = bt.Cerebro(maxcpus=1)
    cerebro.adddata(bt.feeds.PandasData(dataname=prepared[0], timeframe=bt.TimeFrame.Minutes))
    cerebro.optstrategy(Cross, fast=fast, slow=slow)
    cerebro.addanalyzer(Outcome, _name="outcome")
    cerebro.broker.setcash(10_000_000.0)
    outcomes = {}
    for (run,) in cerebro.run():
        outcomes[f"{run.params.fast}/{run.params.slow}"] = dict(run.analyzers.outcome.get_analysis())
    return outcomes


def search(prepared: list[Any], fast: list[int], slow: list[int], n_jobs: int = 1) -> Result:
    """The combinations of `sweep` by the search over parameters, which the original has not."""
    from backtrader.opt.executors import make_executor
    from backtrader.opt.job import job_of

    feed = bt.feeds.PandasData(dataname=prepared[0], timeframe=bt.TimeFrame.Minutes)
    job = job_of(Cross, feed, cash=10_000_000.0, analyzers={"outcome": Outcome})
    executor = make_executor(job, n_jobs=n_jobs)
    combinations = [{"fast": f, "slow": s} for f in fast for s in slow]
    executor.expect(len(combinations))
    futures = [executor.submit(each) for each in combinations]
    outcomes = {}
    for each, future in zip(combinations, futures, strict=True):
        metrics = future.result().metrics
        outcomes[f"{each['fast']}/{each['slow']}"] = {
            "orders": int(metrics["analyzers.outcome.orders"]),
            "value": metrics["analyzers.outcome.value"],
        }
    executor.stop()
    return outcomes


class Levels(bt.Strategy):
    """Trades a slow indicator against a level: many combinations differ in the level only."""

    params = (("period", 40), ("level", 0.5))

    def __init__(self) -> None:
        self.hurst = bt.indicators.HurstExponent(period=self.p.period)
        self.above = bt.indicators.CrossOver(self.hurst, float(self.p.level))

    def next(self) -> None:
        if self.above > 0:
            self.buy()
        elif self.above < 0:
            self.close()


def levels(prepared: list[Any], reuse: bool) -> Result:
    """Two slow indicators with thirty levels each, with and without keeping what is shared."""
    from backtrader.opt.job import job_of

    feed = bt.feeds.PandasData(dataname=prepared[0], timeframe=bt.TimeFrame.Minutes)
    job = job_of(Levels, feed, cash=10_000_000.0, reuse_memory="48MB" if reuse else 0)
    found = {}
    for period in (40, 60):
        for number in range(30):
            params = {"period": period, "level": 0.35 + 0.01 * number}
            found[f"{period}/{number}"] = job.run(params).metrics["final_value"]
    return found


class LargerBars(bt.Strategy):
    """Adds up what the larger bars hold, each once."""

    def __init__(self) -> None:
        self.total, self.bars = 0.0, 0

    def next(self) -> None:
        data = self.datas[-1]
        if len(data) != self.bars:
            self.bars = len(data)
            self.total += data.open[0] + data.close[0] + data.volume[0] + data.datetime[0]


def larger(
    prepared: list[Any], how: str, timeframe: int, compression: int, beside: str = "", stdstats: bool = False
) -> Result:
    """Resampling and replaying, alone, beside the minutes, or beside those of another feed (``own``)."""
    cerebro = bt.Cerebro(stdstats=stdstats)
    data = bt.feeds.PandasData(dataname=prepared[0], timeframe=bt.TimeFrame.Minutes)
    if beside:
        cerebro.adddata(data)
    if beside == "own":
        data = bt.feeds.PandasData(dataname=prepared[0], timeframe=bt.TimeFrame.Minutes)
    getattr(cerebro, f"{how}data")(data, timeframe=timeframe, compression=compression)
    cerebro.addstrategy(LargerBars)
    strategy = cerebro.run()[0]
    return {"total": strategy.total, "bars": strategy.bars}


RUNS = {
    "larger": larger,
    "cross": cross,
    "six_indicators": six_indicators,
    "many_feeds": many_feeds,
    "brackets": brackets,
    "sweep": sweep,
    "search": search,
    "levels": levels,
}


def prepare(count: int, feeds: int = 1) -> list[Any]:
    """The frames a workload runs on."""
    return [bars(count, seed=7 + number) for number in range(feeds)]
