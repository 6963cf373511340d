"""How long an order waits before it leaves, journal included, and how long a reconciliation takes.

    python -m benchmarks.bench_oms [--orders 1000] [--folder WHERE] [--record]

A rehearsal venue runs in a process of its own; the gateway to it is the real one, through ccxt and TLS.
*Decision to wire* is from the call of `OrderManager.place` until the last byte of the request was given to
the operating system: rules, journal (on disk), signature, HTTP.  Beside it, in turns in the same seconds
and folder: a bare write of 4 kB made durable, which is what no journal can do without.

*Reconcile* compares 1,000 open orders with the venue's after a start.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from real_trade.gateways.binance import BinanceSpot
from real_trade.model import OrderIntent, OrderKind, Side
from real_trade.oms import Limits, OrderManager
from real_trade.sim import STANDARD, Venue
from real_trade.sim.remote import RemoteVenue
from real_trade.storage import Journal

KEY, SECRET = "rehearsal-key", "rehearsal-secret"
MEDIAN_MS, OVER_DISK_MS, RECONCILE_S = 3.0, 5.0, 2.0
OPEN = 1000
RESULTS = Path(__file__).parent / "results"


class Wire:
    """Hears when a request was handed to the operating system."""

    def __init__(self, link: Any) -> None:
        self._link = link
        self.sent = 0.0

    def transport(self) -> Mapping[str, Any]:
        """What the ccxt client is given, with an ear in its session."""
        import aiohttp

        settings = dict(self._link.client_settings())
        trace = aiohttp.TraceConfig()
        trace.on_request_chunk_sent.append(self._heard)
        settings["session"].trace_configs.append(trace)
        trace.freeze()
        return settings

    async def _heard(self, *_: Any) -> None:
        self.sent = time.perf_counter()


class Disk:
    """A bare write that is made durable, as a yardstick."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT)
        self._at = 0

    def write(self) -> float:
        """Seconds that it took."""
        begun = time.perf_counter()
        os.pwrite(self._file, b"x" * 4096, self._at)
        os.fdatasync(self._file)
        self._at += 4096
        return time.perf_counter() - begun


def intent(number: int) -> OrderIntent:
    """A purchase far below the market."""
    price = Decimal(50000 - number % 1000)
    return OrderIntent("", "BTC/USDT", Side.BUY, OrderKind.LIMIT, Decimal("0.001"), price)


async def manager_on(wire: Wire, url: Path, trace: Callable[[str], None]) -> OrderManager:
    """A started order management."""
    gateway = BinanceSpot(KEY, SECRET, transport=wire.transport)
    journal = Journal.open(url, gateway.venue, gateway.account, trace=trace)
    limits = Limits(notional=Decimal(10**6), orders_per_second=None, orders_per_minute=None)
    manager = OrderManager(gateway, journal, limits=limits)
    # the venue tells of limits, and has been told not to mind them
    manager.limiter.heard = lambda uses: None  # type: ignore[method-assign]
    await manager.start()
    return manager


async def orders(manager: OrderManager, wire: Wire, disk: Disk, count: int) -> dict[str, list[float]]:
    """Milliseconds from decision to wire, of a bare write, and of the whole until the answer."""
    found: dict[str, list[float]] = {"wire": [], "disk": [], "answer": []}
    for number in range(count + 20):
        begun = time.perf_counter()
        order = await manager.place(intent(number))
        ended = time.perf_counter()
        assert order.name == "Accepted", order.reason
        await asyncio.sleep(0.003)
        bare = await asyncio.to_thread(disk.write)
        if number >= 20:  # the first ones fill caches and connections
            for name, seconds in (("wire", wire.sent - begun), ("disk", bare), ("answer", ended - begun)):
                found[name].append(seconds * 1000)
        await manager.cancel(order.key)
        await asyncio.sleep(0.003)
    return found


async def reconcile(url: Path) -> list[float]:
    """Seconds of the reconciliation at a start with many open orders, and of three more."""
    listings = tuple(replace(one, max_open_orders=OPEN * 2) for one in STANDARD)
    async with Venue(listings=listings, limit_scale=0, speed=1.0) as venue:
        manager = await manager_on(Wire(venue), url, lambda step: None)
        for number in range(OPEN):
            await manager.place(intent(number))
        await manager.stop()
        manager = await manager_on(Wire(venue), url, lambda step: None)
        assert manager.reconciler.last is not None
        seconds = [manager.reconciler.last.seconds]
        for _ in range(3):
            result = await manager.reconcile()
            seconds.append(result.seconds)
            assert (result.complete, result.orders) == (True, OPEN), result
        await manager.stop()
    return seconds


def of(values: list[float]) -> dict[str, float]:
    """Median, 99th percentile, worst."""
    ranked = sorted(values)
    return {
        "median": round(statistics.median(ranked), 3),
        "p99": round(ranked[int(len(ranked) * 0.99)], 3),
        "worst": round(ranked[-1], 3),
    }


async def measure(count: int, folder: Path) -> dict[str, Any]:
    """All figures."""
    steps: list[tuple[str, float]] = []
    with RemoteVenue("--data", "BTC/USDT=flat", "--no-limits") as venue:
        wire = Wire(venue.link)
        trace = lambda step: steps.append((step, time.perf_counter()))  # noqa: E731
        manager = await manager_on(wire, folder / "orders.db", trace)
        gc.freeze()
        found = await orders(manager, wire, Disk(folder / "disk.bin"), count)
        await manager.stop()
    seconds = await reconcile(folder / "open.db")
    pairs = pairwise(steps)
    written = [after - before for (_, before), (name, after) in pairs if name == "committed"]
    return {
        "orders": count,
        "decision_to_wire_ms": of(found["wire"]),
        "decision_to_answer_ms": of(found["answer"]),
        "disk_ms": of(found["disk"]),
        "commit_ms": of([1000 * one for one in written]),
        "reconcile_1000_open_s": [round(one, 3) for one in seconds],
    }


def verdicts(figures: Mapping[str, Any]) -> list[tuple[str, bool]]:
    """Each target, and whether it is met."""
    wire, disk = figures["decision_to_wire_ms"], figures["disk_ms"]
    allowed = disk["p99"] + OVER_DISK_MS
    slowest = max(figures["reconcile_1000_open_s"])
    tail = f"p99 {wire['p99']} ms <= {allowed:.3f} ms (that of the disk + {OVER_DISK_MS:g})"
    return [
        (f"decision to wire, median {wire['median']} ms < {MEDIAN_MS:g} ms", wire["median"] < MEDIAN_MS),
        (f"decision to wire, {tail}", wire["p99"] <= allowed),
        (f"reconcile {OPEN} open orders, slowest {slowest} s < {RECONCILE_S:g} s", slowest < RECONCILE_S),
    ]  # fmt: skip


def main() -> int:
    """Measure, print, and say what is met; the exit status is 1 if something is not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--folder", type=Path, help="where the journal is written: the disk that is measured")
    parser.add_argument("--record", action="store_true", help="keep the figures in results/oms-<date>.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        figures = asyncio.run(measure(options.orders, Path(name)))
    for name, value in figures.items():
        print(f"{name:24} {value}")
    met = verdicts(figures)
    for sentence, good in met:
        print(("met     " if good else "NOT met ") + sentence)
    if options.record:
        name = f"oms-{time.strftime('%Y-%m-%d')}.json"
        (RESULTS / name).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0 if all(good for _, good in met) else 1


if __name__ == "__main__":
    sys.exit(main())
