"""Working results out from the account's history gives what stepping gives, in one go or in pieces."""

from __future__ import annotations

import datetime as dt
import random
from types import SimpleNamespace
from typing import Any

import pytest

from backtrader import analyzers
from backtrader.lines.timeframe import TimeFrame as T
from tests.unit.analyzers.stand import Stand, derive

CASES: list[tuple[Any, dict[str, Any]]] = [
    (analyzers.DrawDown, {}),
    (analyzers.DrawDown, {"fund": True}),
    (analyzers.TimeReturn, {}),
    (analyzers.TimeReturn, {"timeframe": T.Months, "fund": True}),
    (analyzers.TimeReturn, {"timeframe": T.NoTimeFrame}),
    (analyzers.TimeReturn, {"timeframe": T.Minutes, "compression": 90}),
    (analyzers.TimeDrawDown, {"timeframe": T.Weeks}),
    (analyzers.Returns, {"timeframe": T.Weeks}),
    (analyzers.VWR, {"timeframe": T.Weeks}),
    (analyzers.SharpeRatio, {"timeframe": T.Days}),
    (analyzers.PeriodStats, {"timeframe": T.Months}),
    (analyzers.Calmar, {"timeframe": T.Weeks, "period": 3}),
    (analyzers.Calmar, {"timeframe": T.Minutes, "compression": 90, "period": 5, "fund": True}),
    (analyzers.LogReturnsRolling, {"timeframe": T.Weeks, "compression": 4}),
    (analyzers.LogReturnsRolling, {"timeframe": T.NoTimeFrame, "fund": True}),
    (analyzers.GrossLeverage, {}),
    (analyzers.GrossLeverage, {"fund": True}),
    (analyzers.PositionsValue, {"headers": True, "cash": True}),
]


def _stand(count: int, seed: int = 1) -> Stand:
    r = random.Random(seed)
    times = [dt.datetime(2020, 1, 1, 10) + dt.timedelta(hours=5 * i) for i in range(count)]
    value, values = 1000.0, []
    for _ in range(count):
        value *= 1.0 + r.choice([0.0, r.gauss(0, 0.01)])
        values.append(value)
    return Stand(times, values)


# once its results are read it asks the broker on every bar
ASKS = analyzers.PositionsValue


def _stepped(count: int, cases: Any = CASES) -> list[Any]:
    stand = _stand(count)
    made = [stand.add(cls, **kwargs) for cls, kwargs in cases]
    stand.run()
    return [repr(analyzer.get_analysis()) for analyzer in made]


@pytest.mark.parametrize("count", [7, 60, 499, 1800])
def test_in_one_go(count: int) -> None:
    stand = _stand(count)
    made = [stand.add(cls, **kwargs) for cls, kwargs in CASES]
    derive(stand, count)
    stand.stop()
    assert [repr(analyzer.get_analysis()) for analyzer in made] == _stepped(count)


def test_in_pieces_of_any_length() -> None:
    stand, r = _stand(3000), random.Random(3)
    cases = [case for case in CASES if case[0] is not ASKS]
    made = [stand.add(cls, **kwargs) for cls, kwargs in cases]
    derive(stand, 0)
    while stand.clock.idx < 2999:
        stand.clock.idx = min(2999, stand.clock.idx + r.choice([1, 2, 30, 700]))
        for analyzer in made:
            analyzer.get_analysis()
    stand.stop()
    assert [repr(analyzer.get_analysis()) for analyzer in made] == _stepped(3000, cases)


def test_reading_in_the_middle_shows_the_bars_so_far() -> None:
    count = 40
    stepped, derived = _stand(count), _stand(count)
    expected = stepped.add(analyzers.DrawDown)
    expected._start()
    found = derived.add(analyzers.DrawDown)
    past = derive(derived, 0)
    for _ in range(count):
        stepped.step()
        derived.clock.idx += 1
        assert found.rets == expected.rets
        assert found.rets.max == expected.rets.max
    assert past.progress.done(0) == count


def test_before_its_turn_an_analyzer_has_not_seen_the_bar() -> None:
    stand = _stand(10)
    first, second = stand.add(analyzers.TimeReturn), stand.add(analyzers.TimeReturn)
    past = derive(stand, 10)
    past.progress.turn = 1  # the second is being stepped
    assert (first._place, second._place) == (0, 1)
    seen = [past.progress.done(0), past.progress.done(1)]
    assert seen == [10, 9]
    # the last day has the bars 8 and 9
    assert list(second.rets.values())[-1] == stand.values[8] / stand.values[7] - 1.0
    assert list(first.rets.values())[-1] == stand.values[9] / stand.values[7] - 1.0


def test_a_dictionary_held_from_the_start_is_kept_current() -> None:
    stand = _stand(20)
    analyzer = stand.add(analyzers.DrawDown)
    derive(stand, 0)
    held = analyzer.get_analysis()
    assert stand.woken == [analyzer]
    stand.clock.idx = 19
    analyzer._next()  # what the run does from then on
    assert held.max.drawdown > 0.0


def test_notifications_for_others_do_not_disturb() -> None:
    stand = _stand(30)
    analyzer = stand.add(analyzers.DrawDown)
    derive(stand, 30)
    analyzer._notify_fund(0.0, 1e9, 1e7, 100.0)
    stand.stop()
    assert repr(analyzer.rets) == _stepped(30)[0]


def test_values_of_positions_are_asked_for_once_the_account_is_changed() -> None:
    stand = _stand(12)
    analyzer = stand.add(analyzers.PositionsValue, cash=True)
    past = derive(stand, 7)
    past.progress.turn = 0  # a strategy's method is running
    stand.broker.before_change()
    assert stand.woken == [analyzer]
    assert list(analyzer._results.values())[-1][0] == stand.values[5] / 3.0  # what it has seen by now
    stand.clock.idx = 10
    analyzer._next()
    assert list(analyzer.rets.values())[-1] == [stand.values[10] / 3.0, stand.values[10] / 2.0]


def test_transactions_are_written_at_their_bars() -> None:
    stepped, derived = _stand(30), _stand(30)
    found = []
    for stand in (stepped, derived):
        analyzer = stand.add(analyzers.Transactions, headers=True)
        found.append(analyzer)
        if stand is derived:
            derive(stand, 0)
        else:
            analyzer._start()
        for step in range(30):
            stand.clock.idx = step
            if step in (3, 4, 11):
                analyzer._notify_order(_Filled(stand.datas[0], [(5, 10.0 + step), (2, 11.0)]))
            elif step == 20:
                analyzer._notify_order(_Filled(stand.datas[0], [(4, 10.0), (-4, 11.0)]))  # comes to nothing
            if stand is stepped:
                analyzer._next()
        stand.stop()
    assert repr(found[1].rets) == repr(found[0].rets)
    assert len(found[0].rets) == 4


class _Filled:
    """An order with these executions (size, price) on this bar."""

    Partial, Completed = 3, 4
    status = 4

    def __init__(self, data: Any, fills: list[tuple[float, float]]) -> None:
        self.data, self.executed = data, self
        self.fills = [SimpleNamespace(size=size, price=price) for size, price in fills]

    def iterpending(self) -> Any:
        return iter(self.fills)


def test_what_changed_late_counts_for_a_draw_down_by_period() -> None:
    stand = _stand(6)
    analyzer = stand.add(analyzers.TimeDrawDown, timeframe=T.Minutes)
    past = derive(stand, 6)
    past.late[5] = (0.0, stand.values[0] / 2.0, 1.0, 1.0)
    peak = max(stand.values[:5])
    assert analyzer.dd == 100.0 * (peak - stand.values[0] / 2.0) / peak


def test_an_account_worth_nothing_has_no_percentage() -> None:
    stand = Stand([dt.datetime(2020, 1, 1)] * 600, [0.0] * 600)
    stand.add(analyzers.DrawDown)
    derive(stand, 600)
    with pytest.raises(ZeroDivisionError):
        stand.stop()
