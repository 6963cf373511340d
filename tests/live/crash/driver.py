"""A process that trades by a script and is killed; its orders are compared with the venue's afterwards.

It reads commands (JSON, one a line), and for each forks a child that does the trading, so that no time
goes by with imports.  The child is killed by itself at a step, or from outside after a time.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import select
import signal
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import ccxt.pro  # noqa: F401  imported before the fork, for all children

from real_trade.errors import GatewayError
from real_trade.gateways.binance import BinanceGateway
from real_trade.model import OrderIntent, OrderKind, Side, TimeInForce
from real_trade.model.ids import client_id
from real_trade.oms import OrderManager
from real_trade.sim import Link
from real_trade.storage import Journal
from tests.live.desk import quiet
from tests.live.rehearsed import FREE, HTTP, SWIFT, SYMBOL, gateway_to

D = Decimal


@dataclass(frozen=True)
class Decision:
    """Something the strategy wants; ``number`` says which, however often the process is started."""

    number: int
    what: str
    of: int = 0


def script(seed: int, count: int = 12) -> Iterator[Decision]:
    """What the strategy of this seed decides, in order."""
    chance = random.Random(seed)
    number = 0
    for _ in range(count):
        number += 1
        what = chance.choice(
            ["limit", "limit", "market", "ioc", "batch", "stop", "cancel", "cancel", "amend", "all"]
        )
        yield Decision(number, what, chance.randint(1, number))
        number += what == "batch"


def name_of(seed: int, number: int) -> str:
    """The client id of a decision: the same in every process."""
    return client_id(f"crash {seed}", "script", number)


def intent(decision: Decision, seed: int, market: str, more: int = 0) -> OrderIntent:
    """The order of a decision."""
    number, terms = (
        decision.number + more,
        {"kind": OrderKind.LIMIT, "quantity": D("0.02"), "price": D(58000 + decision.number)},
    )
    terms |= {
        "market": {"kind": OrderKind.MARKET, "price": None},
        "ioc": {"quantity": D(1), "price": D(60010), "time_in_force": TimeInForce.IOC},
        "stop": {"kind": OrderKind.STOP_LIMIT, "stop_price": D(60300), "price": D(61000)},
    }.get(decision.what, {})  # fmt: skip
    return OrderIntent(name_of(seed, number), SYMBOL[market], Side.BUY, **terms)  # type: ignore[arg-type]


class Steps:
    """Counts the steps of the process, and ends it at one."""

    def __init__(self, last: int) -> None:
        self.count, self.last = 0, last

    def __call__(self, name: str) -> None:
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def watched(gateway: BinanceGateway, steps: Steps) -> BinanceGateway:
    """The gateway, with a step before and after each request that changes something."""
    for name in ("place", "place_batch", "cancel", "amend"):
        setattr(gateway, name, _around(name, getattr(gateway, name), steps))
    return gateway


def _around(name: str, request: Any, steps: Steps) -> Any:
    async def call(*arguments: Any, **more: Any) -> Any:
        steps(f"send {name}")
        answer = await request(*arguments, **more)
        steps(f"answered {name}")
        return answer

    return call


async def trade(order: dict[str, Any]) -> None:
    """One life of the process."""
    steps = Steps(order["step"])
    market, seed = order["market"], order["seed"]
    gateway = watched(gateway_to(market, Link.read(order["link"])), steps)
    journal = Journal.open(order["db"], gateway.venue, gateway.account, trace=steps)
    policy = replace(SWIFT, resend=order["resend"], venue_replaces=bool(seed % 2))
    manager = OrderManager(gateway, journal, policy=policy, limits=FREE)
    await manager.start()
    gateway.client.exchange.timeout = HTTP * 1000
    while not manager.ready:
        await asyncio.sleep(0.02)
    for decision in script(seed):
        await decide(manager, decision, seed, market)
    if not order["final"]:
        return
    await quiet(manager, 30)
    while not (await manager.reconcile()).complete:
        await asyncio.sleep(0.05)
    await quiet(manager, 30)
    Path(order["db"] + ".steps").write_text(f"{steps.count} {manager.halted}")
    await manager.stop()


async def decide(manager: OrderManager, decision: Decision, seed: int, market: str) -> None:
    """Do what was decided; what was done in an earlier life is not done again."""
    key = name_of(seed, decision.of)
    try:
        if decision.what == "cancel" and manager.order(key):
            await manager.cancel(key)
        elif decision.what == "amend" and manager.order(key):
            await manager.amend(key, price=D(57000))
        elif decision.what == "all":
            await manager.cancel_all()
        elif decision.what == "batch":
            await manager.place_batch([intent(decision, seed, market), intent(decision, seed, market, 1)])
        elif decision.what not in ("cancel", "amend"):
            await manager.place(intent(decision, seed, market))
    except GatewayError:
        pass  # a refusal: the order is not open any more


def live(order: dict[str, Any]) -> None:
    """A child: trade, and go without any farewell."""
    status = 1
    try:
        logging.disable(logging.CRITICAL)
        asyncio.run(trade(order))
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def main() -> None:
    """Read commands, run a child for each, and say how it ended."""
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            live(order)
        print(_wait(child, order["after"], order["longest"]), flush=True)


def _wait(child: int, after: float, longest: float) -> int:
    """The child's status: negative if a signal ended it, -99 if it had to be stopped."""
    handle = os.pidfd_open(child)
    try:
        limit = after or longest
        ended = bool(select.select([handle], [], [], limit)[0])
        if not ended:
            os.kill(child, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    finally:
        os.close(handle)
    return status if ended or after else -99


if __name__ == "__main__":
    main()
