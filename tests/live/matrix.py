"""The fault matrix: each thing we do, each thing that goes wrong, before and after the venue acted.

    python -m tests.live.matrix                 # all cells
    python -m tests.live.matrix --sample 60 --seed 3
    python -m tests.live.matrix --only "spot/market/drop/after"

After each cell the venue, the journal and the view of the order management are the same, no order was
accepted twice and no fill is missing.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from real_trade.errors import GatewayError, Halted
from real_trade.model import OrderKind, Side, TimeInForce
from tests.live.rehearsed import SWIFT, Rehearsal, rehearsal
from tests.live.soak import record

D = Decimal
REST = 58000  # a price at which a purchase rests; the market is at 60000
CHANGING = ["place", "batch", "cancel", "amend", "replace"]

Act = Callable[[Rehearsal, Callable[[], None]], Awaitable[Any]]


# -- what we do: each prepares, arms the fault, acts ----------------------------------------------------
async def place_limit(on: Rehearsal, arm: Callable[[], None]) -> None:
    arm()
    await on.manager.place(on.order(price=REST))


async def place_market(on: Rehearsal, arm: Callable[[], None]) -> None:
    arm()
    await on.manager.place(on.order())


async def place_ioc(on: Rehearsal, arm: Callable[[], None]) -> None:
    arm()  # more than the house offers at that price: filled in part, the rest expires
    await on.manager.place(on.order(quantity="3", price=60010, time_in_force=TimeInForce.IOC))


async def place_post_only(on: Rehearsal, arm: Callable[[], None]) -> None:
    arm()
    await on.manager.place(on.order(Side.SELL, price=62000, post_only=True))


async def place_stop(on: Rehearsal, arm: Callable[[], None]) -> None:
    arm()
    await on.manager.place(on.order(kind=OrderKind.STOP_LIMIT, stop_price=D(62000), price=62010))


async def stop_triggers(on: Rehearsal, arm: Callable[[], None]) -> None:
    await on.manager.place(on.order(kind=OrderKind.STOP_LIMIT, stop_price=D(60500), price=61000))
    arm()
    on.venue.move(on.symbol, "60600")
    await on.venue.settle()


async def place_several(on: Rehearsal, arm: Callable[[], None]) -> None:
    arm()
    await on.manager.place_batch([on.order(price=REST), on.order(price=REST - 10), on.order()])


async def cancel(on: Rehearsal, arm: Callable[[], None]) -> None:
    order = await on.manager.place(on.order(price=REST))
    arm()
    await on.manager.cancel(order.key)


async def cancel_partly_filled(on: Rehearsal, arm: Callable[[], None]) -> None:
    order = await on.manager.place(on.order(price=REST))
    on.venue.fill(_at(on, order.key), "0.01")
    arm()
    await on.manager.cancel(order.key)


async def cancel_filled(on: Rehearsal, arm: Callable[[], None]) -> None:
    order = await on.manager.place(on.order(price=REST))
    # we hear of the fill only after we have asked for the end
    on.venue.faults.add({"when": "event", "what": "late", "seconds": 0.3, "times": 0})
    arm()
    on.venue.fill(_at(on, order.key))
    await on.manager.cancel(order.key)


async def cancel_all(on: Rehearsal, arm: Callable[[], None]) -> None:
    for step in range(3):
        await on.manager.place(on.order(price=REST - step))
    arm()
    await on.manager.cancel_all()


async def amend_price(on: Rehearsal, arm: Callable[[], None]) -> None:
    order = await on.manager.place(on.order(price=REST))
    arm()
    await on.manager.amend(order.key, price=D(REST - 100))


async def amend_partly_filled(on: Rehearsal, arm: Callable[[], None]) -> None:
    order = await on.manager.place(on.order(price=REST))
    on.venue.fill(_at(on, order.key), "0.01")
    await asyncio.sleep(0.03)
    arm()
    await on.manager.amend(order.key, quantity=D("0.03"), price=D(REST - 100))


async def amend_by_the_venue(on: Rehearsal, arm: Callable[[], None]) -> None:
    on.manager.policy = replace(on.manager.policy, venue_replaces=True)
    await amend_price(on, arm)


async def place_and_cancel(on: Rehearsal, arm: Callable[[], None]) -> None:
    arm()
    placing = asyncio.ensure_future(on.manager.place(on.order(price=REST)))
    while not any(on.manager.sender.busy(order.key) for order in on.manager.open_orders()):
        await asyncio.sleep(0)
    await asyncio.gather(placing, on.manager.cancel_all(), return_exceptions=True)


async def change_and_cancel(on: Rehearsal, arm: Callable[[], None]) -> None:
    order = await on.manager.place(on.order(price=REST))
    arm()
    changing = asyncio.ensure_future(on.manager.amend(order.key, price=D(REST - 100)))
    await asyncio.sleep(0)
    await asyncio.gather(changing, on.manager.cancel(order.key), return_exceptions=True)


async def change_twice(on: Rehearsal, arm: Callable[[], None]) -> None:
    order = await on.manager.place(on.order(price=REST))
    arm()
    changes = (on.manager.amend(order.key, price=D(REST - step)) for step in (100, 200))
    await asyncio.gather(*changes, return_exceptions=True)


async def meet_own_order(on: Rehearsal, arm: Callable[[], None]) -> None:
    # the better price is our own: the venue lets the older one expire instead of trading with itself
    await on.manager.place(on.order(Side.SELL, quantity="0.01", price=60001))
    arm()
    await on.manager.place(on.order(quantity="0.01", price=60001, time_in_force=TimeInForce.IOC))


async def place_after_sleep(on: Rehearsal, arm: Callable[[], None]) -> None:
    order = await on.manager.place(on.order(quantity="0.01", price=REST))
    on.venue.faults.add({"when": "event", "what": "skip", "times": 2})
    on.manager._awake -= 3600  # nobody was awake, nothing was heard
    on.venue.fill(_at(on, order.key))
    refused = await on.manager.place(on.order(quantity="0.01", price=REST))
    assert "asleep" in refused.reason, refused
    for _ in range(100):
        if on.manager.ready:
            break
        await asyncio.sleep(0.02)
    seen = on.manager.order(order.key)
    assert seen is not None and seen.filled == D("0.01"), "an order was given before the fill was known"
    arm()
    await on.manager.place(on.order(quantity="0.01", price=REST))


async def standing_is_filled(on: Rehearsal, arm: Callable[[], None]) -> None:
    orders = [await on.manager.place(on.order(price=REST - step)) for step in range(2)]
    arm()
    on.venue.fill(_at(on, orders[0].key), "0.01")
    on.venue.fill(_at(on, orders[1].key))
    await on.venue.settle()


def _at(on: Rehearsal, key: str) -> Any:
    order = on.venue.order(key)
    assert order is not None
    return order.child or order


ACTIONS: dict[str, Act] = {
    one.__name__: one
    for one in (
        place_limit, place_market, place_ioc, place_post_only, place_stop, stop_triggers, place_several, cancel,
        cancel_partly_filled, cancel_filled, cancel_all, amend_price, amend_partly_filled, amend_by_the_venue,
        place_and_cancel, standing_is_filled, change_and_cancel, change_twice, meet_own_order, place_after_sleep,
    )
}  # fmt: skip
#: Nothing is requested in these: only what the venue pushes can go wrong, and the venue itself.
UNASKED = {"stop_triggers", "standing_is_filled"}

# -- what goes wrong ------------------------------------------------------------------------------------
REQUEST: dict[str, list[dict[str, Any]]] = {
    "drop": [{"what": "drop"}],
    "freeze": [{"what": "freeze"}],
    # answered too late, or arriving late, and young enough for the venue
    "delay": [{"what": "delay", "seconds": 0.5}],
    # older than the venue takes it when it arrives
    "long_delay": [{"what": "delay", "seconds": 1.3}],
    "http_500": [{"what": "status", "status": 500, "code": -1000, "message": "An unknown error occurred."}],
    "http_503": [
        {"what": "status", "status": 503, "code": -1001, "message": "Internal error; unable to process."}
    ],
    "http_504": [
        {"what": "status", "status": 504, "code": -1007, "message": "Timeout waiting for response."}
    ],
    "no_json": [{"what": "status", "status": 502}],
    "rate_limit": [{"what": "rate_limit", "seconds": 0.1}],
    "ban": [{"what": "ban", "seconds": 1}],
    "maintenance": [{"what": "maintenance"}],
    # and nothing is heard on the stream
    "drop_unheard": [{"what": "drop"}, {"when": "event", "what": "skip", "times": 0, "for": 0.6}],
    # and the venue does not find it at first
    "drop_not_found": [
        {"what": "drop"},
        {"when": "event", "what": "skip", "times": 0, "for": 0.6},
        {"when": "query", "what": "not_found", "times": 3, "side": "before"},
    ],
    # the request, and the first one after it: a repetition, a question, the next order
    "drop_two": [{"what": "drop", "when": [*CHANGING, "query"], "times": 2}],
    "drop_all": [
        {"what": "drop", "when": [*CHANGING, "query", "open_orders", "fills"], "times": 0, "for": 0.6}
    ],
    "restart": [{"what": "restart", "seconds": 0.3}],
    "kick": [{"what": "kick"}],
    "clock": [{"what": "clock_skew", "value": -4000}],
    "fill": [{"what": "fill"}],
    "part_fill": [{"what": "fill", "value": "0.005"}],
    "by_hand": [{"what": "cancel_order"}],
}
PUSHED: dict[str, list[dict[str, Any]]] = {
    "push_skip": [{"what": "skip", "times": 0, "for": 0.6}],
    "push_twice": [{"what": "duplicate", "times": 0}],
    "push_late": [{"what": "late", "seconds": 0.3, "times": 0}],
    "push_delay": [{"what": "delay", "seconds": 0.3, "times": 0}],
    "push_reorder": [{"what": "reorder", "times": 0}],
    "push_drop": [{"what": "drop"}],
    "push_close": [{"what": "close"}],
    "push_freeze": [{"what": "freeze"}],
    "end_streams": [{"what": "end_streams"}],
    "expire_keys": [{"what": "expire_keys"}],
    "push_restart": [{"what": "restart", "seconds": 0.3}],
    "push_outage": [{"what": "outage", "seconds": 0.5}],
    "somebody_else": [{"what": "order", "value": {"side": "buy", "quantity": "0.03", "price": "59000"}}],
}
SIDES = ("before", "after")


@dataclass(frozen=True, order=True)
class Cell:
    """One combination."""

    market: str
    action: str
    fault: str
    side: str

    def __str__(self) -> str:
        return f"{self.market}/{self.action}/{self.fault}/{self.side}"


def cells() -> list[Cell]:
    """All of them."""
    found = []
    for market in ("spot", "usdm"):
        for action in ACTIONS:
            if action == "amend_by_the_venue" and market != "spot":
                continue  # there an order is changed where it stands
            for faults in (REQUEST, PUSHED):
                if faults is REQUEST and action in UNASKED:
                    continue
                found += [Cell(market, action, fault, side) for fault in faults for side in SIDES]
    return found


def arm(on: Rehearsal, cell: Cell, armed: list[Any]) -> Callable[[], None]:
    """What adds the faults of a cell to the venue, and to ``armed``."""
    pushed = cell.fault in PUSHED

    def add() -> None:
        for one in (PUSHED if pushed else REQUEST)[cell.fault]:
            spec = {"when": "event" if pushed else CHANGING, "side": cell.side} | one
            lasting = spec.pop("for", None)
            if spec["what"] == "order":
                spec["value"] = {**spec["value"], "symbol": on.symbol}
            fault = on.venue.faults.add(spec)
            armed.append(fault)
            if lasting:
                asyncio.get_running_loop().call_later(lasting, _end, on, fault)

    return add


def _end(on: Rehearsal, fault: Any) -> None:
    if fault in on.venue.faults.rules:
        on.venue.faults.rules.remove(fault)


async def run_cell(cell: Cell, folder: Path, *, resend: bool = False) -> tuple[bool, list[str]]:
    """Whether the fault struck, and in what venue, journal and view differ in the end."""
    policy = replace(SWIFT, resend=resend)
    armed: list[Any] = []
    url = folder / f"{str(cell).replace('/', '-')}.db"
    async with rehearsal(cell.market, url, policy=policy) as on:
        with contextlib.suppress(GatewayError, Halted):
            await ACTIONS[cell.action](on, arm(on, cell, armed))
        await asyncio.sleep(0.7)
        struck = any(fault.fired for fault in armed)
        on.venue.faults.clear()
        on.venue.clock.skew_ms = 0
        wrong = await on.settled()
        wrong += _exposure(on, cell)
        if on.manager.halted:
            wrong.append(f"trading was halted: {on.manager.halted}")
    for path in folder.glob(url.name + "*"):
        path.unlink()
    return struck, wrong


def _exposure(on: Rehearsal, cell: Cell) -> list[str]:
    """What was bought and what still stands is not more than was wanted."""
    wanted = {
        "place_ioc": D(3), "place_several": D("0.06"), "cancel_all": D("0.06"), "amend_partly_filled": D("0.03"),
        "standing_is_filled": D("0.04"),
    }.get(cell.action, D("0.02"))  # fmt: skip
    given = [one for one in on.venue.orders("main", on.symbol) if one.ticket.origin == "client"]
    ours = [one.child or one for one in given if one.parent is None]
    total = sum((one.filled + (one.remaining if one.is_open else 0) for one in ours), D(0))
    return [f"{total} was bought or stands, {wanted} was wanted"] if total > wanted else []


async def run_all(
    chosen: Iterable[Cell], at_once: int = 6, *, resend: bool = False, loud: bool = False
) -> Result:
    """Run cells, several at a time."""
    leave, result = asyncio.Semaphore(at_once), Result()

    async def one(cell: Cell, folder: Path) -> None:
        async with leave:
            begun = time.monotonic()
            try:
                struck, wrong = await run_cell(cell, folder, resend=resend)
            except Exception as error:
                struck, wrong = True, [f"{type(error).__name__}: {error}"]
            result.count += 1
            result.struck += struck
            if not struck:
                result.missed.append(cell)
            if wrong:
                result.wrong[cell] = wrong
            if loud and (wrong or result.count % 50 == 0):
                print(f"{result.count:5} {cell} {time.monotonic() - begun:.1f} s {wrong or ''}", flush=True)

    with tempfile.TemporaryDirectory(prefix="bt-matrix-") as name:
        await asyncio.gather(*(one(cell, Path(name)) for cell in chosen))
    return result


class Result:
    """What a run of cells came to."""

    def __init__(self) -> None:
        self.count = self.struck = 0
        self.missed: list[Cell] = []
        self.wrong: dict[Cell, list[str]] = {}

    def __str__(self) -> str:
        lines = [f"{self.count} cells, the fault struck in {self.struck}, {len(self.wrong)} wrong"]
        lines += [f"  {cell}: {'; '.join(wrong)}" for cell, wrong in sorted(self.wrong.items())]
        return "\n".join(lines)


def sample(count: int, seed: int) -> list[Cell]:
    """Some cells: every action and every fault, the rest by chance."""
    chance, every = random.Random(seed), cells()
    chance.shuffle(every)
    chosen: dict[Cell, None] = {}
    seen: set[str] = set()
    for cell in every:
        if not {cell.action, cell.fault} <= seen:
            seen |= {cell.action, cell.fault}
            chosen[cell] = None
    others = [cell for cell in every if cell not in chosen]
    return [*chosen, *others[: max(count - len(chosen), 0)]]


def main() -> int:
    """Run the matrix and print the number of cells; the exit status is 1 if any is wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sample", type=int, help="so many cells only")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="cells whose name contains this")
    parser.add_argument("--resend", action="store_true", help="orders that never arrived are sent again")
    parser.add_argument("--at-once", type=int, default=6)
    parser.add_argument("--record", action="store_true", help="write the result into tests/live/soak.json")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    chosen = sample(options.sample, options.seed) if options.sample else cells()
    chosen = [cell for cell in chosen if not options.only or options.only in str(cell)]
    begun = time.monotonic()
    result = asyncio.run(run_all(chosen, options.at_once, resend=options.resend, loud=True))
    seconds = time.monotonic() - begun
    print(f"{result}\nin {seconds:.0f} s")
    for cell in result.missed:
        print(f"  did not strike: {cell}")
    if options.record:
        found = {"cells": result.count, "struck": result.struck, "seconds": round(seconds)}
        wrong = {str(cell): texts for cell, texts in result.wrong.items()}
        record("matrix, sent again" if options.resend else "matrix", found | {"wrong": wrong})
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
