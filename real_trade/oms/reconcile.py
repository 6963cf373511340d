"""Our view beside the venue's: at the start, now and then, and whenever the link was gone.

A look at the venue takes time, and orders go on meanwhile.  So nothing is concluded from a list alone:
an order that changed while we looked is left out, one that seems to differ is asked for by itself, and
holdings must differ several times with no fill in between.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..errors import GatewayError
from ..model import OrderReport
from ..storage import Snapshot
from . import states
from .adopt import Adopter
from .events import Doubtful, Reported
from .holdings import Difference, Holdings
from .orders import LiveOrder
from .policy import Discrepant, Policy
from .recorder import Recorder
from .sender import Asked, Sender

__all__ = ["Discrepancy", "Reconciler", "Reconciliation", "compare"]

logger = logging.getLogger(__name__)

_AT_ONCE = 8
_TRIES = 10
# A fill younger than this may just not have come through the stream yet.
_FRESH_NS = 3_000_000_000


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One difference; ``report`` is the venue's side of it, if it has one."""

    kind: Discrepant
    text: str
    key: str = ""
    symbol: str = ""
    report: OrderReport | None = None


@dataclass(slots=True)
class Reconciliation:
    """What a reconciliation found.  ``complete`` is False if the venue did not answer something."""

    why: str
    complete: bool = True
    found: list[Discrepancy] = field(default_factory=list)
    orders: int = 0
    fills: int = 0
    seconds: float = 0.0

    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        return dict(Counter(str(one.kind) for one in self.found))


def compare(believed: Iterable[LiveOrder], standing: Iterable[OrderReport]) -> list[Discrepancy]:
    """Orders that we believe to stand beside those that do; the venue's order of things."""
    by_client = {one.client_id: one for one in standing if one.client_id}
    by_venue = {(one.symbol, one.venue_id): one for one in standing}
    found = []
    for order in believed:
        symbol = order.intent.symbol
        report = by_venue.get((symbol, order.venue_id)) or (
            None if order.foreign else by_client.get(order.intent.client_id)
        )
        if report is None and order.status not in states.STANDING:
            continue  # it is asked for already
        if report is None:
            text = f"{order.key} ({order.name}) does not stand at the venue"
            found.append(Discrepancy(Discrepant.GONE_ORDER, text, order.key, symbol))
        elif _differs(order, report):
            text = (
                f"{order.key}: the venue says {report.status}, {report.filled} of {report.quantity} "
                f"at {report.price}; we believe {order.name}, {order.filled} of {order.quantity} "
                f"at {order.price}"
            )
            found.append(Discrepancy(Discrepant.ORDER_DIFFERS, text, order.key, symbol, report))
    return found


def _differs(order: LiveOrder, report: OrderReport) -> bool:
    return (
        order.status not in states.STANDING
        or report.filled != order.filled
        or report.quantity != order.quantity
        or (report.price is not None and report.price != order.price)
    )


class Reconciler:
    """Looks, compares and repairs; one at a time."""

    def __init__(
        self, sender: Sender, recorder: Recorder, adopter: Adopter, holdings: Holdings, policy: Policy
    ) -> None:
        self._sender, self._recorder, self._adopter = sender, recorder, adopter
        self._holdings, self._policy = holdings, policy
        self._lock = asyncio.Lock()
        self._put_off: list[Discrepancy] = []
        self.scanned_ns = 0
        self.last: Reconciliation | None = None

    async def run(self, why: str) -> Reconciliation:
        """One reconciliation.  What the venue does not answer now is looked at the next time."""
        async with self._lock:
            begun = time.monotonic()
            result = Reconciliation(why)
            began_ns = self._recorder.now()
            self._put_off.clear()
            await self._orders(result)
            await self._fills(result)
            await self._gone(result)
            await self._held(result, began_ns)
            result.seconds = time.monotonic() - begun
            self.last = result
            logger.info("reconciled (%s) in %.3f s: %s", why, result.seconds, result.counts() or "all equal")
            return result

    # -- orders ---------------------------------------------------------------------------------------
    async def _orders(self, result: Reconciliation) -> None:
        """Bring what stands at the venue in step; what does not is put off until the fills are in."""
        book = self._recorder.book
        looked_at = states.STANDING | {states.UNKNOWN}
        before = [one for one in book.alive() if one.status in looked_at and not self._sender.busy(one.key)]
        standing = await self._sender.open_orders()
        if standing is None:
            result.complete = False
            return
        result.orders = len(standing)
        same = [order for order in before if self._unchanged(order)]
        repairs = []
        for one in compare(same, standing):
            if one.report is None:
                self._put_off.append(one)
                continue
            self._found(result, one, fresh=self._fresh(one.report.time_ns))
            repairs.append(Reported(one.key, self._recorder.now(), one.report, "asked"))
        if repairs:
            await self._recorder.commit(*repairs)
        for report in standing:
            await self._unknown(report, result)

    def _unchanged(self, order: LiveOrder) -> bool:
        return self._recorder.book.get(order.key) is order and not self._sender.busy(order.key)

    async def _unknown(self, report: OrderReport, result: Reconciliation) -> None:
        """An order stands: do we know it, and believe that it does?"""
        found = self._recorder.find(report.symbol, client_id=report.client_id, venue_id=report.venue_id)
        if found is None:
            kind, text = self._adopter.adopt(report)
            result.found.append(Discrepancy(kind, text, report.client_id, report.symbol, report))
        elif found.final:
            # The list may be older than the end of the order: ask for it alone.
            await self._sender.ask(found.key)
            after = self._recorder.book.get(found.key)
            if after is not None and not after.final:
                text = f"{found.key} stands at the venue, and was {found.name} here"
                result.found.append(Discrepancy(Discrepant.RISEN, text, found.key, report.symbol, report))

    async def _gone(self, result: Reconciliation) -> None:
        """Ask for each order that was not among those that stand, and has not come to its end since."""
        leave = asyncio.Semaphore(_AT_ONCE)

        async def look(one: Discrepancy) -> None:
            async with leave:
                order = self._recorder.book.get(one.key)
                if order is None or order.status not in states.STANDING:
                    return
                asked = await self._sender.ask(one.key)
                if asked is Asked.ABSENT:
                    text = "it does not stand, and the venue does not know it"
                    await self._recorder.commit(Doubtful(one.key, self._recorder.now(), "order", text))
                elif asked is Asked.FAILED:
                    result.complete = False
                    return
                after = self._recorder.book.get(one.key)
                if after is not None and after.status not in states.STANDING:
                    self._found(result, one, fresh=self._fresh(after.venue_ns))

        await asyncio.gather(*(look(one) for one in self._put_off))
        self._put_off.clear()

    def _found(self, result: Reconciliation, one: Discrepancy, *, fresh: bool) -> None:
        """Count a discrepancy; what is so fresh that it may just be under way is no incident."""
        if not fresh:
            result.found.append(one)
            self._recorder.incident(one.kind, one.text, key=one.key, symbol=one.symbol)

    def _fresh(self, time_ns: int) -> bool:
        return self._recorder.now() - time_ns < _FRESH_NS

    def _since(self) -> int:
        """From when on fills are looked for; our clock may have been put back since the last time."""
        return max(min(self.scanned_ns, self._recorder.now()) - int(self._policy.look_back * 1e9), 0)

    # -- fills ----------------------------------------------------------------------------------------
    def _symbols(self) -> list[str]:
        since = self._since()
        found = set(self._recorder.journal.read.symbols(since)) | self._holdings.symbols()
        found |= {order.intent.symbol for order in self._recorder.book.alive()}
        return sorted(found)

    async def _fills(self, result: Reconciliation) -> None:
        for symbol in self._symbols():
            if not await self._scan(symbol, result):
                result.complete = False

    async def _scan(self, symbol: str, result: Reconciliation) -> bool:
        fills = await self._sender.fills(symbol, self._since())
        if fills is None:
            return False
        complete = True
        for fill in fills:
            order = self._recorder.find(symbol, client_id=fill.client_id, venue_id=fill.venue_id)
            if self._recorder.book.knows(fill.key):
                continue
            if not await self._adopter.fill(fill):
                complete = False
                continue
            result.fills += 1
            text = f"{symbol} {fill.trade_id}: {fill.side} {fill.quantity} at {fill.price}"
            one = Discrepancy(Discrepant.MISSED_FILL, text, order.key if order else "", symbol)
            self._found(result, one, fresh=self._fresh(fill.time_ns))
        return complete

    # -- holdings -------------------------------------------------------------------------------------
    async def _held(self, result: Reconciliation, began_ns: int) -> None:
        looks, differences = 0, []
        for _ in range(_TRIES):
            version = self._holdings.version
            snapshot = await self._snapshot()
            if snapshot is None:
                result.complete = False
                return
            differences = self._holdings.differences(snapshot)
            if not differences:
                break
            for symbol in self._concerned(differences):
                await self._scan(symbol, result)
            if self._holdings.version == version:
                looks += 1
            if looks >= self._policy.looks:
                break
            await asyncio.sleep(self._policy.ask_after[0])
        else:
            return  # too much goes on to tell; the base stays as it is
        kind = Discrepant.BALANCE_DIFFERS if self._holdings.spot else Discrepant.POSITION_DIFFERS
        for one in differences:
            text = f"{one.what}: the venue holds {one.found}, expected were {one.expected}"
            result.found.append(Discrepancy(kind, text, "", one.what))
            self._recorder.incident(kind, text, symbol=one.what)
        self._note(result, snapshot, began_ns)

    def _note(self, result: Reconciliation, snapshot: Snapshot, began_ns: int) -> None:
        """A new base; nothing may be awaited between the comparison and this."""
        if result.complete:
            self.scanned_ns = began_ns
        self._holdings.rebase(snapshot)
        data: dict[str, Any] = {
            "at": snapshot.time_ns, "scanned": self.scanned_ns, "why": result.why,
            "complete": result.complete, "found": result.counts(),
        }  # fmt: skip
        self._recorder.note("reconciled", data, snapshot)

    async def _snapshot(self) -> Snapshot | None:
        gateway = self._sender.gateway
        try:
            balances = await self._sender.call(gateway.balances())
            positions = await self._sender.call(gateway.positions())
        except GatewayError as error:
            logger.warning("cannot ask what is held: %s", error)
            return None
        kept = tuple(one for one in balances.values() if one.total)
        return Snapshot(self._recorder.now(), kept, tuple(positions))

    def _concerned(self, differences: list[Difference]) -> list[str]:
        """Symbols whose fills may explain the differences."""
        if not self._holdings.spot:
            return [one.what for one in differences]
        return self._symbols()
