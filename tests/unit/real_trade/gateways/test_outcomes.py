"""Tables of answers: which rule decides, and what is raised."""

from __future__ import annotations

import pytest

from real_trade.errors import AuthFailed, GatewayError, NotFound, RateLimited, Rejected, Unknown
from real_trade.gateways.binance import SPOT, TABLE, USDM
from real_trade.gateways.outcomes import Native, Outcome, OutcomeTable, Rule, Split


def outcome(market: str, status: int, code: str, text: str = "") -> Outcome:
    return TABLE.outcome(market, Native(status=status, code=code, text=text))


@pytest.mark.parametrize(
    ("market", "status", "code", "text", "expected"),
    [
        (SPOT, 400, "-2010", "Account has insufficient balance for requested action.", Outcome.REJECTED),
        (SPOT, 400, "-2010", "Order would immediately match and take.", Outcome.REJECTED),
        # one number, and only the text says that the first order is there
        (SPOT, 400, "-2010", "Duplicate order sent.", Outcome.DUPLICATE),
        (SPOT, 400, "-2010", "This action is disabled on this account.", Outcome.AUTH),
        (SPOT, 400, "-2011", "Unknown order sent.", Outcome.GONE),
        (SPOT, 400, "-2011", "Order was not canceled due to cancel restrictions.", Outcome.REJECTED),
        # the same number on the two markets
        (SPOT, 400, "-2021", "Order cancel-replace partially failed.", Outcome.SPLIT),
        (USDM, 400, "-2021", "Order would immediately trigger.", Outcome.REJECTED),
        (SPOT, 409, "-2022", "Order cancel-replace failed.", Outcome.SPLIT),
        (USDM, 400, "-2022", "ReduceOnly Order is rejected.", Outcome.REJECTED),
        (USDM, 400, "-4116", "ClientOrderId is duplicated.", Outcome.DUPLICATE),
        (USDM, 400, "-4164", "Order's notional must be no smaller than 100", Outcome.REJECTED),
        # within a range, unless a line of its own says otherwise
        (USDM, 400, "-4131", "", Outcome.REJECTED),
        (USDM, 400, "-4777", "", Outcome.REJECTED),
        (USDM, 400, "-4046", "No need to change margin type.", Outcome.UNCHANGED),
        (SPOT, 400, "-4777", "", Outcome.UNKNOWN),
        (SPOT, 400, "-1102", "Mandatory parameter 'x' was not sent", Outcome.REJECTED),
        (SPOT, 400, "-1125", "This listenKey does not exist.", Outcome.GONE),
        (SPOT, 400, "-1021", "Timestamp for this request is outside of the recvWindow.", Outcome.CLOCK),
        # 5xx: it may have been done, unless it says that it turned away
        (SPOT, 504, "-1007", "Timeout waiting for response from backend server.", Outcome.UNKNOWN),
        (SPOT, 503, "-1000", "Unknown error, please check your request or try again later.", Outcome.UNKNOWN),
        (SPOT, 503, "", "<html>", Outcome.UNKNOWN),
        (USDM, 503, "-1008", "Request throttled by system-level protection.", Outcome.THROTTLED),
        # too many orders comes with the status of too much weight, and says more
        (SPOT, 429, "-1015", "Too many new orders.", Outcome.THROTTLED),
        (SPOT, 429, "-1003", "Too much request weight used", Outcome.RATE),
        (SPOT, 429, "", "", Outcome.RATE),
        (SPOT, 418, "-1003", "banned until 1660000000000", Outcome.RATE),
        (SPOT, 403, "", "<html>", Outcome.RATE),
        (SPOT, 451, "0", "Service unavailable from a restricted location", Outcome.AUTH),
        (SPOT, 401, "-2015", "Invalid API-key, IP, or permissions for action.", Outcome.AUTH),
        (SPOT, 400, "-987654", "", Outcome.UNKNOWN),
        (SPOT, 400, "not a number", "", Outcome.UNKNOWN),
    ],
)
def test_binance(market: str, status: int, code: str, text: str, expected: Outcome) -> None:
    assert outcome(market, status, code, text) is expected


@pytest.mark.parametrize(
    ("expected", "kind"),
    [
        (Outcome.REJECTED, Rejected), (Outcome.DUPLICATE, Rejected), (Outcome.CLOCK, Rejected),
        (Outcome.UNCHANGED, Rejected), (Outcome.UNKNOWN, Unknown), (Outcome.SPLIT, Split),
        (Outcome.RATE, RateLimited), (Outcome.THROTTLED, RateLimited), (Outcome.AUTH, AuthFailed),
        (Outcome.GONE, NotFound),
    ],
)  # fmt: skip
def test_every_outcome_has_an_error_with_the_venues_words(
    expected: Outcome, kind: type[GatewayError]
) -> None:
    table = OutcomeTable("somewhere", [Rule("-7", expected, "for a test")])
    error = table.error(
        "spot", Native(status=400, code="-7", text="No\n  way.", retry_after=3, data={"a": 1})
    )
    assert type(error) is kind
    assert (error.code, error.status) == ("-7", 400)
    assert str(error).startswith("somewhere spot ")
    assert str(error).endswith(": No way. (-7, HTTP 400)")
    assert getattr(error, "retry_after", 3) == 3
    assert getattr(error, "acted", True) == (expected is not Outcome.THROTTLED)
    assert getattr(error, "exists", False) == (expected is Outcome.DUPLICATE)
    assert getattr(error, "data", {"a": 1}) == {"a": 1}


def test_all_outcomes_are_tested() -> None:
    marks = test_every_outcome_has_an_error_with_the_venues_words.pytestmark  # type: ignore[attr-defined]
    assert {row[0] for row in marks[0].args[1]} == set(Outcome)


def test_the_table_says_why_in_every_line_and_no_line_is_dead() -> None:
    seen = set()
    for rule in TABLE.rules:
        assert rule.reason
        assert rule.market in ("", SPOT, USDM)
        key = rule.market, rule.code, rule.text
        assert key not in seen
        seen.add(key)
        code, status = (rule.code, 400) if not rule.code.startswith("http") else ("", int(rule.code[5:]))
        native = Native(status=status, code=code.partition("..")[0], text=rule.text)
        assert TABLE.find(rule.market or SPOT, native) is rule


def test_a_long_page_is_cut() -> None:
    error = TABLE.error(SPOT, Native(status=502, text="x" * 5000))
    assert len(str(error)) < 500
