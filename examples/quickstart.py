"""A moving-average cross on daily bars, with the figures a trader asks for first.

    python examples/quickstart.py                      the bundled data
    python examples/quickstart.py --data my-daily.csv  a file of one's own, same columns
    python examples/quickstart.py --help               everything that can be changed

It buys when the fast average rises above the slow one, sells when it falls below, and
puts buying once and holding beside it. Only the classic API is used, so the script runs
unchanged under the original engine too; ``--report`` needs an engine that writes reports.
"""

import argparse
import datetime as dt
from pathlib import Path

import reporting

import backtrader as bt

DATA = Path(__file__).resolve().parent / "data" / "acme-daily.csv"


class Bookkeeper(bt.Strategy):
    """What both strategies note down for the report."""

    def __init__(self):
        self.commission = 0.0
        self.closed_trades = []
        self.days = []

    def notify_order(self, order):
        if order.status == order.Completed:
            self.commission += order.executed.comm

    def notify_trade(self, trade):
        if trade.isclosed:
            self.closed_trades.append(
                reporting.TradeRow(
                    opened=trade.open_datetime().date(),
                    closed=trade.close_datetime().date(),
                    bars=trade.barlen,
                    entry=trade.price,
                    gross=trade.pnl,
                    net=trade.pnlcomm,
                )
            )

    def prenext(self):
        self.days.append(self.data.datetime.date(0))

    def next(self):
        self.days.append(self.data.datetime.date(0))

    def stop(self):
        if not self.days:
            raise SystemExit("no bars: is the file empty, or outside --start and --end?")


class MovingAverageCross(Bookkeeper):
    """Long while the fast average is above the slow one, otherwise in cash."""

    params = (("fast", 20), ("slow", 50))

    def __init__(self):
        super().__init__()
        fast = bt.indicators.SMA(self.data.close, period=self.p.fast)
        slow = bt.indicators.SMA(self.data.close, period=self.p.slow)
        self.cross = bt.indicators.CrossOver(fast, slow)

    def next(self):
        super().next()
        if not self.position and self.cross > 0:
            self.buy()
        elif self.position and self.cross < 0:
            self.close()


class BuyAndHold(Bookkeeper):
    """Buys on the first bar and never sells: what a cleverer idea has to beat."""

    def next(self):
        super().next()
        if len(self) == 1:
            self.buy()


def simulate(args, strategy, **params):
    """Run one strategy as the arguments say; returns its Cerebro, and the strategy with its analyzers."""
    cerebro = bt.Cerebro()
    cerebro.adddata(
        bt.feeds.GenericCSVData(
            dataname=str(args.data),
            dtformat="%Y-%m-%d",
            fromdate=args.start,
            todate=args.end,
            timeframe=bt.TimeFrame.Days,
        )
    )
    cerebro.addstrategy(strategy, **params)
    cerebro.addsizer(bt.sizers.PercentSizerInt, percents=args.percent)
    cerebro.broker.setcash(args.cash)
    cerebro.broker.setcommission(commission=args.commission)

    days = bt.TimeFrame.Days
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer, _name="trades")
    cerebro.addanalyzer(bt.analyzers.DrawDown, _name="drawdown")
    cerebro.addanalyzer(bt.analyzers.Returns, _name="returns", timeframe=days, tann=252)
    cerebro.addanalyzer(
        bt.analyzers.SharpeRatio, _name="sharpe", timeframe=days, annualize=True, riskfreerate=0.0
    )
    cerebro.addanalyzer(bt.analyzers.SQN, _name="sqn")
    cerebro.addanalyzer(bt.analyzers.AnnualReturn, _name="years")
    return cerebro, cerebro.run()[0]


def summarise(name, result, cash):
    """The plain figures of a finished run, as the report wants them."""
    found = result.analyzers
    drawdown = found.drawdown.get_analysis()["max"]
    return reporting.Run(
        name=name,
        cash=cash,
        value=result.broker.getvalue(),
        cagr=found.returns.get_analysis()["rnorm100"],
        sharpe=found.sharpe.get_analysis()["sharperatio"],
        sqn=found.sqn.get_analysis()["sqn"],
        drawdown=drawdown["drawdown"],
        drawdown_money=drawdown["moneydown"],
        drawdown_bars=drawdown["len"],
        trades=result.closed_trades,
        open_trades=found.trades.get_analysis()["total"].get("open", 0),
        commission=result.commission,
        years=dict(found.years.get_analysis()),
    )


def a_date(text):
    """A date of the command line."""
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d")
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it like 2020-01-31") from None


def bars(text):
    """A number of bars of the command line."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of bars")
    return int(text)


def arguments(argv=None):
    """The command line, with its defaults."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA, help="CSV file (default: the bundled ACME)")
    parser.add_argument("--start", type=a_date, default=None, metavar="YYYY-MM-DD", help="first day")
    parser.add_argument("--end", type=a_date, default=None, metavar="YYYY-MM-DD", help="last day")
    parser.add_argument("--fast", type=bars, default=20, help="bars of the fast average (%(default)s)")
    parser.add_argument("--slow", type=bars, default=50, help="bars of the slow average (%(default)s)")
    parser.add_argument("--cash", type=float, default=100_000.0, help="starting money (%(default)s)")
    parser.add_argument("--percent", type=float, default=95, help="of the cash in a trade (%(default)s)")
    parser.add_argument(
        "--commission", type=float, default=0.001, help="of the traded amount; 0.001 is 0.1%% (%(default)s)"
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="also write an interactive HTML page")
    return parser.parse_args(argv)


def main(argv=None):
    """Run both strategies, print the table and write the report if one is asked for."""
    args = arguments(argv)
    if not args.data.is_file():
        raise SystemExit(f"{args.data}: no such file")
    try:
        _, holding = simulate(args, BuyAndHold)
    except ValueError as error:  # a row that cannot be read: which one, and why, is in the message
        raise SystemExit(str(error)) from None
    days = holding.days
    if len(days) < args.slow:
        raise SystemExit(f"{args.data}: {len(days)} bars, the slow average needs {args.slow}")
    cerebro, crossing = simulate(args, MovingAverageCross, fast=args.fast, slow=args.slow)
    runs = [
        summarise(f"Cross {args.fast}/{args.slow}", crossing, args.cash),
        summarise("Buy and hold", holding, args.cash),
    ]
    title = f"{args.data.stem}: {len(days):,} bars, {days[0]} to {days[-1]}"
    print(f"backtrader {bt.__version__}, {Path(__file__).name}\n")
    print(reporting.as_text(title, runs))
    if args.report:
        write_report(cerebro, args.report, args.data.stem)


def write_report(cerebro, path, name):
    """The interactive page of a run, with the price itself as benchmark."""
    if not hasattr(cerebro, "report"):
        raise SystemExit(f"--report: backtrader {bt.__version__} writes no reports")
    path = cerebro.report(path, benchmark=cerebro.datas[0], title=f"Moving-average cross on {name}")
    print(f"\nCharts, trades and everything else: {path}")


if __name__ == "__main__":
    main()
