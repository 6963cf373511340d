"""What trading costs."""

from __future__ import annotations

import datetime
import pickle

import pytest

from backtrader.broker import CommInfoBase, CommissionInfo, Position
from backtrader.broker import commissions as ready

STOCK = CommissionInfo(commission=0.001)
FUTURE = CommissionInfo(commission=2.0, margin=1000.0, mult=10.0)


def test_a_margin_makes_a_future() -> None:
    assert (STOCK.stocklike, FUTURE.stocklike) == (True, False)
    assert STOCK.getcommission(-10, 50.0) == pytest.approx(0.5)
    assert FUTURE.getcommission(-10, 50.0) == 20.0


def test_percent_or_fraction() -> None:
    assert CommInfoBase(commission=0.1).getcommission(10, 50.0) == CommissionInfo(
        commission=0.001
    ).getcommission(10, 50.0)
    # a fixed amount is never divided
    assert ready.CommInfo_Stocks_Fixed(commission=0.5).getcommission(10, 50.0) == 5.0


def test_a_future_without_margin_gets_one() -> None:
    assert ready.CommInfo_Futures_Fixed(commission=1.0).margin == 1.0


@pytest.mark.parametrize(("auto", "margin"), [(False, 7.0), (-1, 500.0), (0.3, 15.0)])
def test_margins(auto: float, margin: float) -> None:
    scheme = CommissionInfo(margin=7.0, mult=10.0, automargin=auto)
    assert scheme.get_margin(50.0) == margin


def test_values() -> None:
    assert STOCK.getvaluesize(-3, 50.0) == -150.0
    assert STOCK.getoperationcost(-3, 50.0) == 150.0
    assert FUTURE.getvaluesize(-3, 50.0) == FUTURE.getoperationcost(-3, 50.0) == 3000.0
    # a short whose proceeds were not paid out: its entry value plus its gain
    assert STOCK.getvalue(Position(-3, 50.0), 40.0) == -180.0
    assert STOCK.getvalue(Position(3, 50.0), 40.0) == 120.0


def test_profit_counts_the_multiplier_and_cash_only_for_futures() -> None:
    assert FUTURE.profitandloss(3, 50.0, 52.0) == FUTURE.cashadjust(3, 50.0, 52.0) == 60.0
    assert STOCK.profitandloss(3, 50.0, 52.0) == 6.0
    assert STOCK.cashadjust(3, 50.0, 52.0) == 0.0


def test_how_many_units_money_opens() -> None:
    assert CommissionInfo(leverage=2.0).getsize(30.0, 100.0) == 6
    assert FUTURE.getsize(30.0, 3999.0) == 3


@pytest.mark.parametrize(
    ("size", "long", "days", "interest"),
    [
        (-10, False, 3, 3 * 0.0365 / 365 * 10 * 50),
        (10, False, 3, 0.0),
        (10, True, 1, 0.05),
        (-10, False, 0, 0.0),
    ],
)
def test_interest_is_charged_by_day(size: int, long: bool, days: int, interest: float) -> None:
    scheme = CommissionInfo(interest=0.0365, interest_long=long)
    position = Position(size, 50.0)
    position.datetime = datetime.datetime(2020, 1, 1, 23)
    now = datetime.datetime(2020, 1, 1, 23) + datetime.timedelta(days=days)
    assert scheme.get_credit_interest(None, position, now) == pytest.approx(interest)


def test_which_schemes_need_every_bar() -> None:
    class Daily(CommissionInfo):
        def _get_credit_interest(self, data, size, price, days, dt0, dt1):  # type: ignore[no-untyped-def]
            return 1.0

    assert not STOCK.needs_bars
    assert FUTURE.needs_bars
    assert CommissionInfo(interest=0.01).needs_bars
    assert Daily().needs_bars


def test_which_schemes_value_positions_in_their_own_way() -> None:
    class Half(CommissionInfo):
        def getvaluesize(self, size: float, price: float) -> float:
            return size * price / 2

    class Fee(CommissionInfo):
        def _getcommission(self, size: float, price: float, pseudoexec: bool) -> float:
            return 1.0

    assert (STOCK.plain_value, Fee().plain_value, Half().plain_value) == (True, True, False)


def test_presets_say_what_they_are() -> None:
    assert ready.CommInfo_Stocks_Perc(commission=1.0).getcommission(1, 100.0) == 1.0
    assert not ready.CommInfo_Futures_Perc(commission=1.0).stocklike
    assert ready.CommInfo(margin=5.0).getcommission(3, 9.0) == 0.0


def test_an_unknown_parameter_is_an_error() -> None:
    with pytest.raises(TypeError):
        CommissionInfo(comission=0.1)
    with pytest.raises(AttributeError, match="comission"):
        _ = STOCK.p.comission


def test_a_scheme_can_be_pickled() -> None:
    twin = pickle.loads(pickle.dumps(FUTURE))
    assert (twin.p.mult, twin.getcommission(2, 1.0), twin.stocklike) == (10.0, 4.0, False)
