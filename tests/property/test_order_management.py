"""The whole order management against a venue that does as it likes: in the end both agree.

Hypothesis chooses what we do, what the venue does, what goes wrong on the way and when the process is
started anew.  At any moment: nothing filled falls, no order of ours stands twice.  In the end: the venue,
the journal and our view are the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from real_trade.errors import GatewayError, Rejected, Unknown
from real_trade.model import OrderKind, TimeInForce
from real_trade.oms import OrderManager
from real_trade.storage import Journal
from tests.live.desk import QUICK, agreed, limit, market
from tests.live.fake import FakeGateway, FakeVenue

D = Decimal
FAST = replace(QUICK, ask_after=(0.003, 0.006), margin=0.02, answer_timeout=0.1, throttle=0.15)
ACTIONS = st.sampled_from(
    ["place", "batch", "cancel", "amend", "order", "open_orders", "fills", "balances", "any"]
)
FAULTS = st.sampled_from(
    ["timeout", "hang", "cut", "server", "slow_down", "unsure_limit", "refused", "bug", "not_found"]
)
WHICH = st.integers(0, 99)
#: Answers that are lies if the venue acted all the same.
CERTAIN = {"slow_down", "refused", "not_found"}


class Trading(RuleBasedStateMachine):
    """One account, one venue, one process after the other."""

    manager: OrderManager

    @initialize(
        in_place=st.booleans(), venue_replaces=st.booleans(), resend=st.booleans(), blind=st.booleans()
    )
    def begin(self, in_place: bool, venue_replaces: bool, resend: bool, blind: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bt-oms-"))
        self.runner = asyncio.Runner()
        self.venue = FakeVenue(blind_after_accept=0.02 if blind else 0.0, auto_ioc=D("0.5"))
        self.policy = replace(FAST, venue_replaces=venue_replaces, resend=resend)
        self.in_place = in_place
        self.filled: dict[str, Decimal] = {}
        self.runner.run(self._start())

    async def _start(self) -> None:
        gateway = FakeGateway(self.venue, in_place=self.in_place)
        gateway.request_life, gateway.hang = 0.06, 0.2
        gateway.shuffle = lambda box: box.reverse() if len(box) % 2 else None
        self.manager = OrderManager(
            gateway, Journal.open(self.folder / "t.db", "fake", "main"), policy=self.policy
        )
        await self.manager.start()

    def run(self, work: Any) -> Any:
        async def both() -> Any:
            with contextlib.suppress(Rejected, Unknown):
                await work
            await asyncio.sleep(0.004)

        return self.runner.run(both())

    def pick(self, which: int, of: list[str]) -> str:
        """One of them; what there is depends on time, and so must not decide what is drawn."""
        return of[which % len(of)] if of else ""

    def ours(self) -> list[str]:
        return [order.key for order in self.manager.recorder.book if not order.foreign]

    def standing(self) -> list[str]:
        return [one.intent.client_id for one in self.venue.orders.values() if not one.status.is_final]

    # -- what we do ------------------------------------------------------------------------------------
    @rule(quantity=st.integers(1, 5))
    def place(self, quantity: int) -> None:
        self.run(self.manager.place(limit(quantity)))

    @rule()
    def place_at_market(self) -> None:
        self.run(self.manager.place(market(2)))

    @rule()
    def place_at_once_or_not(self) -> None:
        self.run(self.manager.place(limit(2, 100, time_in_force=TimeInForce.IOC)))

    @rule()
    def place_a_stop(self) -> None:
        self.run(self.manager.place(limit(1, 85, kind=OrderKind.STOP_LIMIT, stop_price=D(86))))

    @rule()
    def place_several(self) -> None:
        self.run(self.manager.place_batch([limit(1), limit(2), market(1)]))

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        if key := self.pick(which, self.ours()):
            self.run(self.manager.cancel(key))

    @rule()
    def cancel_all(self) -> None:
        self.run(self.manager.cancel_all())

    @rule(which=WHICH, quantity=st.sampled_from([None, D(3), D(6)]), price=st.sampled_from([None, D(91)]))
    def amend(self, which: int, quantity: Decimal | None, price: Decimal | None) -> None:
        if key := self.pick(which, self.ours()):
            self.run(self.manager.amend(key, quantity=quantity, price=price))

    # -- what the venue and others do --------------------------------------------------------------------
    @rule(which=WHICH, part=st.booleans())
    def fill(self, which: int, part: bool) -> None:
        async def do() -> None:
            key = self.pick(which, self.standing())
            order = self.venue.by_client(key)
            if order is None:
                return
            left = order.intent.quantity - order.filled
            self.venue.fill(key, min(D(1), left) if part else left)

        self.run(do())

    @rule(which=WHICH)
    def end(self, which: int) -> None:
        async def do() -> None:
            if order := self.venue.by_client(self.pick(which, self.standing())):
                self.venue.end(order)

        self.run(do())

    @rule(number=st.integers(1, 10**6))
    def somebody_else(self, number: int) -> None:
        async def do() -> None:
            with contextlib.suppress(GatewayError):
                self.venue.external(2, client_id=f"web{number}")

        self.run(do())

    # -- what goes wrong ---------------------------------------------------------------------------------
    @rule(
        action=ACTIONS,
        what=FAULTS,
        acted=st.booleans(),
        late=st.sampled_from([0.0, 0.0, 0.03]),
        nth=st.integers(1, 3),
    )
    def fault(self, action: str, what: str, acted: bool, late: float, nth: int) -> None:
        sure = what in CERTAIN or (what == "not_found" and action in ("order", "any"))
        if what == "refused" and action not in ("place", "batch", "cancel", "amend"):
            return
        changing = action in ("place", "batch", "cancel", "amend")
        self.venue.fault(
            action, what, acted=acted and not sure and changing, nth=nth,
            late=late if changing and not sure and not acted else 0.0,
        )  # fmt: skip

    @rule(count=st.integers(1, 3))
    def repeats(self, count: int) -> None:
        self.venue.repeats = count

    @rule()
    def silence(self) -> None:
        self.venue.muted = not self.venue.muted

    @rule()
    def link_down(self) -> None:
        self.venue.drop()

    @rule()
    def link_up(self) -> None:
        self.venue.link()

    @rule()
    def time_passes(self) -> None:
        self.run(asyncio.sleep(0.03))

    @rule()
    def reconcile(self) -> None:
        self.run(self.manager.reconcile())

    @rule()
    def start_anew(self) -> None:
        """The process goes in the middle of what it does, and another one is started."""

        async def do() -> None:
            old = self.manager
            old._closing = True
            for task in (*old._tasks, *old._work):
                task.cancel()
            await asyncio.gather(*old._tasks, *old._work, return_exceptions=True)
            await asyncio.to_thread(old.journal.close)
            self.venue.outbox.clear()
            self.venue.linked, self.venue.muted = True, False
            await self._start()

        self.run(do())

    # -- what must hold --------------------------------------------------------------------------------
    @invariant()
    def nothing_filled_falls_and_nothing_stands_twice(self) -> None:
        if not hasattr(self, "manager"):
            return
        for order in self.manager.recorder.book:
            assert order.filled >= self.filled.get(order.key, D(0))
            self.filled[order.key] = order.filled
            if not order.foreign:
                assert self.venue.count(order.key) <= 1, f"{order.key} is doubled"

    def teardown(self) -> None:
        if not hasattr(self, "manager"):
            return
        try:
            self.venue.faults.clear()
            self.venue.muted = False

            async def end() -> None:
                self.venue.link()
                await asyncio.sleep(0.02)
                await agreed(self.manager, self.venue)
                assert not self.manager.halted, self.manager.halted
                await self.manager.stop()

            self.runner.run(end())
        finally:
            self.runner.close()
            shutil.rmtree(self.folder, ignore_errors=True)


Trading.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestTrading = Trading.TestCase
