"""History before a live stream."""

from __future__ import annotations

from typing import Any

import backtrader as bt
from backtrader.feeds.backfill import Backfill
from tests.unit.feeds.stage import Rows, days, drain, started


class Stream(Backfill, bt.DataBase):
    """Rows after a history; None is "nothing yet"."""

    params = (("backfill_from", None),)

    def islive(self) -> bool:
        return True

    def start(self) -> None:
        super().start()
        self.left = list(self.p.dataname)

    def _load(self) -> Any:
        answer = self._backfill()
        if answer is not False:
            return answer
        self.put_notification(self.LIVE)
        if not self.left:
            return False
        row = self.left.pop(0)
        if row is not None:
            self.lines.datetime[0] = bt.date2num(row[0])
            self.lines.close[0] = row[4]
        return None if row is None else True


class Ended(Rows):
    """Knows whether it was stopped."""

    stops = 0

    def stop(self) -> None:
        super().stop()
        self.stops += 1


def test_the_history_comes_first() -> None:
    rows = days(6)
    history = Ended(dataname=[rows[0], None, *rows[1:3]])
    feed = started(Stream(dataname=[*rows[3:5], None, rows[5]], backfill_from=history))
    assert [close for _, close, _ in drain(feed)] == [1, 2, 3, 4, 5, 6]
    assert feed.get_notifications() == [(feed.LIVE, (), {})]
    assert history.getenvironment() is feed.getenvironment()
    feed.stop()
    assert history.stops == 1


def test_a_history_that_is_not_over_is_stopped_with_the_feed() -> None:
    history = Ended(dataname=days(3))
    feed = started(Stream(dataname=[], backfill_from=history))
    feed.next()
    feed.stop()
    assert history.stops == 1


def test_without_a_history_the_stream_begins() -> None:
    feed = started(Stream(dataname=days(2)))
    assert [close for _, close, _ in drain(feed)] == [1, 2]


def test_a_run_with_a_file_as_history(tmp_path: Any) -> None:
    path = tmp_path / "history.csv"
    path.write_text("date,o,h,l,c,v,oi\n2020-01-01,0,0,0,1,0,0\n2020-01-02,0,0,0,2,0,0\n")
    history = bt.feeds.GenericCSVData(dataname=path, dtformat="%Y-%m-%d")
    told: list[Any] = []

    class Noted(bt.Strategy):
        def notify_data(self, data: Any, status: int, *args: Any, **kwargs: Any) -> None:
            told.append((len(self), data._getstatusname(status)))

        def next(self) -> None:
            told.append(self.data.close[0])

    cerebro = bt.Cerebro()
    cerebro.adddata(Stream(dataname=days(4)[2:], backfill_from=history))
    cerebro.addstrategy(Noted)
    cerebro.run()
    assert told == [1, 2, (2, "LIVE"), 3, 4]
