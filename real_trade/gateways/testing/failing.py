"""The suite: answers that do not come, and answers that say no."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from ...errors import AuthFailed, GatewayError, NotFound, RateLimited, Rejected, Unknown
from ...model import Side, VenueStatus
from ..capability import Capability
from ..outcomes import Outcome, OutcomeTable, Rule
from .stage import ZERO, Chapter, Stage, case

__all__ = ["FailingChapter", "expected_of", "sample_of"]

_ERRORS: dict[Outcome, type[GatewayError]] = {
    Outcome.REJECTED: Rejected,
    Outcome.DUPLICATE: Rejected,
    Outcome.CLOCK: Rejected,
    Outcome.UNCHANGED: Rejected,
    Outcome.UNKNOWN: Unknown,
    Outcome.SPLIT: Unknown,
    Outcome.RATE: RateLimited,
    Outcome.THROTTLED: RateLimited,
    Outcome.AUTH: AuthFailed,
    Outcome.GONE: NotFound,
}


def sample_of(rule: Rule) -> tuple[int, str, str]:
    """An answer (status, code, text) to which the rule applies."""
    text = rule.text or "As the venue puts it."
    if rule.code.startswith("http "):
        return int(rule.code.removeprefix("http ")), "", text
    return 400, rule.code.partition("..")[0], text


def expected_of(table: OutcomeTable, market: str) -> list[Rule]:
    """The rules of a table that can apply to a market."""
    return [rule for rule in table.rules if rule.market in ("", market)]


class FailingChapter(Chapter):
    """Time-outs, refusals, limits."""

    #: The venue's own rules, for a gateway with `Capability.ERROR_TABLE`.
    rules: tuple[Rule, ...] = ()

    @case()
    async def test_no_answer_before_it_was_done(self, stage: Stage) -> None:
        intent = stage.resting()
        await stage.fail("place", acted=False)
        with pytest.raises(Unknown):
            await stage.gateway.place(intent)
        assert stage.truth(intent.client_id) is None
        with pytest.raises(NotFound):
            await stage.gateway.order(stage.symbol, client_id=intent.client_id)

    @case()
    async def test_no_answer_after_it_was_done(self, stage: Stage) -> None:
        intent = stage.resting()
        await stage.fail("place", acted=True)
        with pytest.raises(Unknown):
            await stage.gateway.place(intent)
        report = await stage.gateway.order(stage.symbol, client_id=intent.client_id)
        assert (report.status, report.quantity) == (VenueStatus.OPEN, intent.quantity)

    @case()
    async def test_no_answer_to_an_order_that_was_filled(self, stage: Stage) -> None:
        intent = stage.order(Side.BUY)
        await stage.fail("place", acted=True)
        with pytest.raises(Unknown):
            await stage.gateway.place(intent)
        await stage.eventually(intent.client_id, VenueStatus.FILLED)
        assert sum(one.quantity for one in await stage.gateway.fills(stage.symbol)) == intent.quantity

    @case()
    @pytest.mark.parametrize("acted", [False, True])
    async def test_nothing_is_sent_twice(self, stage: Stage, acted: bool) -> None:
        await stage.fail("place", acted=acted)
        with pytest.raises(Unknown):
            await stage.gateway.place(stage.resting())
        await asyncio.sleep(0.2)
        assert stage.placed() == acted

    @case()
    @pytest.mark.parametrize("acted", [False, True])
    async def test_no_answer_to_a_cancellation(self, stage: Stage, acted: bool) -> None:
        intent = stage.resting()
        await stage.gateway.place(intent)
        await stage.fail("cancel", acted=acted)
        try:
            await stage.gateway.cancel(stage.symbol, client_id=intent.client_id)
        except (Unknown, NotFound):
            # a client below may have asked again by itself, which does no harm here
            assert acted or stage.truth(intent.client_id) == (VenueStatus.OPEN, ZERO)
        report = await stage.gateway.order(stage.symbol, client_id=intent.client_id)
        truth = stage.truth(intent.client_id)
        assert truth is not None
        assert report.status is truth[0]

    @case(Capability.AMEND)
    @pytest.mark.parametrize("acted", [False, True])
    async def test_no_answer_to_a_change(self, stage: Stage, acted: bool) -> None:
        intent = stage.resting()
        await stage.gateway.place(intent)
        await stage.fail("amend", acted=acted)
        new = stage.new_id()
        with contextlib.suppress(Unknown):
            await stage.gateway.amend(
                stage.symbol, client_id=intent.client_id, price=stage.away(-3), new_client_id=new
            )
        standing = await stage.gateway.open_orders(stage.symbol)
        assert len(standing) == 1
        assert standing[0].price in (intent.price, stage.away(-3))
        assert standing[0].client_id in (intent.client_id, new)

    @case()
    async def test_a_venue_that_turns_away_says_how_long(self, stage: Stage) -> None:
        await stage.throttle("place", 7.0)
        with pytest.raises(RateLimited) as caught:
            await stage.gateway.place(stage.resting())
        assert caught.value.retry_after == pytest.approx(7.0, abs=1.0)
        assert stage.placed() == 0

    @case()
    async def test_after_an_error_all_goes_on(self, stage: Stage) -> None:
        await stage.fail("place", acted=False)
        with pytest.raises(Unknown):
            await stage.gateway.place(stage.resting())
        report = await stage.gateway.place(stage.resting())
        assert report.status is VenueStatus.OPEN

    @case(Capability.ERROR_TABLE)
    async def test_every_line_of_the_table(self, stage: Stage) -> None:
        assert len(self.rules) > 40
        for rule in self.rules:
            status, code, text = sample_of(rule)
            await stage.answer(status, code, text)
            with pytest.raises(GatewayError) as caught:
                await stage.gateway.place(stage.resting())
            error = caught.value
            assert type(error) is _ERRORS[rule.outcome] or isinstance(error, _ERRORS[rule.outcome]), rule
            assert isinstance(error, Unknown) == (rule.outcome in (Outcome.UNKNOWN, Outcome.SPLIT)), rule
            assert error.code == code, rule
            assert text in str(error), rule
            if isinstance(error, Rejected):
                assert error.exists == (rule.outcome is Outcome.DUPLICATE), rule
            if isinstance(error, RateLimited):
                assert error.acted == (rule.outcome is Outcome.RATE), rule
        assert stage.placed() == 0

    @case(Capability.ERROR_TABLE)
    @pytest.mark.parametrize("status", [400, 404, 408, 500, 502, 503, 504])
    async def test_an_answer_that_nobody_knows_leaves_it_open(self, stage: Stage, status: int) -> None:
        for code in ("-987654", ""):
            await stage.answer(status, code, "Something new.")
            with pytest.raises(Unknown):
                await stage.gateway.place(stage.resting())

    @case()
    async def test_a_closed_gateway_sends_nothing(self, stage: Stage) -> None:
        if Capability.ERROR_TABLE not in stage.gateway.capabilities:
            return  # nothing to close
        before = stage.placed()
        await stage.gateway.close()
        with pytest.raises(GatewayError):
            await stage.gateway.place(stage.resting())
        assert stage.placed() == before
