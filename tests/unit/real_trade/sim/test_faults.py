"""Rules about what goes wrong."""

from __future__ import annotations

from typing import Any

import pytest

from real_trade.sim.faults import ON_PUSH, ON_REQUEST, Fault, FaultError, Faults

PLACE = ("place", "rest", "binance POST /api/v3/order", "POST /api/v3/order")


def struck(faults: Faults, count: int, names: tuple[str, ...] = PLACE, **facts: str) -> list[bool]:
    return [bool(faults.take(names, facts, ON_REQUEST)) for _ in range(count)]


def test_a_rule_strikes_once_unless_it_says_otherwise() -> None:
    faults = Faults()
    faults.add({"when": "place", "what": "drop"})
    assert struck(faults, 3) == [True, False, False]
    faults.add({"when": "place", "what": "drop", "times": 2, "nth": 2})
    assert struck(faults, 4) == [False, True, True, False]
    faults.add({"when": "place", "what": "drop", "times": 0})
    assert struck(faults, 3) == [True] * 3


@pytest.mark.parametrize("when", ["place", "rest", "POST *", "binance *", ["cancel", "pl?ce"], "*"])
def test_a_request_goes_by_several_names(when: Any) -> None:
    faults = Faults()
    faults.add({"when": when, "what": "drop"})
    assert struck(faults, 1) == [True]


@pytest.mark.parametrize("when", ["cancel", "ws", "GET *", "event"])
def test_other_names_are_not_meant(when: str) -> None:
    faults = Faults()
    faults.add({"when": when, "what": "drop"})
    assert struck(faults, 1) == [False]


def test_a_rule_may_be_about_one_order() -> None:
    faults = Faults()
    faults.add({"when": "place", "what": "drop", "client_id": "mine", "symbol": "BTC/USDT", "times": 0})
    assert struck(faults, 1, client_id="mine", symbol="BTC/USDT") == [True]
    assert struck(faults, 1, client_id="mine", symbol="ETH/USDT") == [False]
    assert struck(faults, 1, client_id="other", symbol="BTC/USDT") == [False]


def test_chances_depend_on_the_seed_alone() -> None:
    def run(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.add({"when": "*", "what": "drop", "times": 0, "probability": 0.3})
        return struck(faults, 400)

    assert run(1) == run(1)
    assert run(1) != run(2)
    assert 70 < sum(run(1)) < 170


def test_two_rules_of_the_same_words_have_chances_of_their_own() -> None:
    faults = Faults(1)
    spec = {"when": "*", "what": "drop", "times": 0, "probability": 0.5}
    first, second = faults.add(spec), faults.add(spec)
    struck(faults, 200)
    assert 60 < first.fired < 140 and 60 < second.fired < 140
    assert first.fired != second.fired or first.seen == second.seen


def test_rules_about_pushes_do_not_strike_requests_and_the_other_way() -> None:
    faults = Faults()
    faults.add({"when": "*", "what": "skip", "times": 0})
    faults.add({"when": "*", "what": "ban", "times": 0})
    assert [f.what for f in faults.take(PLACE, {}, ON_REQUEST)] == ["ban"]
    assert [f.what for f in faults.take(("event",), {}, ON_PUSH)] == ["skip"]


def test_rules_about_the_venue_are_carried_out() -> None:
    faults, done = Faults(), []
    faults.doer = lambda fault, facts, at_once: done.append((fault.what, dict(facts), at_once))
    faults.add({"when": "place", "what": "restart", "seconds": 1})
    assert faults.take(PLACE, {"symbol": "X"}, ON_REQUEST) == []
    faults.do({"what": "kick"})
    faults.add({"when": "place", "what": "fill", "side": "before"})
    faults.take(PLACE, {}, ON_REQUEST)
    assert done == [("restart", {"symbol": "X"}, False), ("kick", {}, False), ("fill", {}, True)]
    assert [row["what"] for row in faults.fired] == ["restart", "kick", "fill"]
    with pytest.raises(FaultError, match="not by itself"):
        faults.do({"what": "drop"})


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ({"what": "explode"}, "there is no fault 'explode'; there are ban, cancel_order"),
        ({}, "there is no fault None"),
        ({"what": "drop", "wen": "place"}, "a fault has no wen; it has account"),
        ({"what": "drop", "side": "between"}, "side is 'between', not before or after"),
        ({"what": "drop", "when": "plce"}, "when is 'plce', which nothing goes by; did you mean 'place'?"),
        (
            {"what": "late", "when": ["*", "event:ordr"]},
            "when is 'event:ordr', which nothing goes by; did you",
        ),
        ({"what": "drop", "probability": 2}, "probability is 2, not between 0 and 1"),
    ],
)
def test_what_a_rule_cannot_mean_is_said(spec: dict[str, Any], complaint: str) -> None:
    with pytest.raises(FaultError) as caught:
        Faults().add(spec)
    assert str(caught.value).startswith(complaint)


@pytest.mark.parametrize(
    "when",
    ["executionReport", "order.place", "POST /api/v3/order", "DELETE /fapi/v1/order", "trade", "kline",
     "24hrTicker", "event:*", "cancel*", "depthUpdate", "outboundAccountPosition"],
)  # fmt: skip
def test_patterns_and_the_venues_own_words_are_taken(when: str) -> None:
    assert Faults().add({"what": "drop", "when": when}).when == when


def test_a_rule_tells_what_it_is_and_what_it_did() -> None:
    faults = Faults()
    fault = faults.add({"when": "place", "what": "delay", "seconds": 0.5, "name": "slow"})
    struck(faults, 2)
    assert fault.as_dict() == {
        "what": "delay", "when": "place", "side": "after", "nth": 1, "times": 1, "probability": 1.0,
        "seconds": 0.5, "name": "slow", "seen": 1, "fired": 1,
    }  # fmt: skip
    assert Fault.of({"what": "ban"}).when == "*"


def test_release_lets_go_by_name_and_clear_lets_all_go() -> None:
    faults = Faults()
    first = faults.add({"when": "place", "what": "freeze", "name": "a"})
    second = faults.add({"when": "place", "what": "freeze", "name": "b"})
    faults.release("a")
    assert first.released.is_set() and not second.released.is_set()
    faults.clear()
    assert second.released.is_set() and not faults.rules
