"""The venue's clock is not judged by one answer that was slow to come."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest

from real_trade.config import Secret
from real_trade.gateways.binance.client import Client


def measured(waits: list[tuple[float, float]]) -> tuple[float, int]:
    """The offset found, and after how many questions; each takes so long there and so long back."""
    client = Client("spot", Secret("k"), Secret("s"))
    client.exchange = SimpleNamespace(options={})
    asked = iter(waits)

    async def act(name: str, params: Any = None) -> dict[str, Any]:
        there, back = next(asked)
        await asyncio.sleep(there)
        answer = {"serverTime": int(time.time() * 1000)}
        await asyncio.sleep(back)
        return answer

    client.act = act  # type: ignore[method-assign, assignment]
    offset = asyncio.run(client.measure_clock())
    assert client.offset == offset
    assert client.exchange.options["timeDifference"] == round(-offset * 1000)
    return offset, len(waits) - len(list(asked))


def test_an_answer_at_once_is_enough() -> None:
    offset, count = measured([(0.0, 0.0)] * 3)
    assert abs(offset) < 0.1 and count == 1


@pytest.mark.parametrize("slow", [(0.8, 0.0), (0.0, 0.8)])
def test_a_slow_answer_is_asked_for_again_and_the_quickest_counts(slow: tuple[float, float]) -> None:
    offset, count = measured([slow, (0.0, 0.01), (0.0, 0.0)])
    assert abs(offset) < 0.1 and count == 2
    offset, count = measured([slow, (0.3, 0.2), slow])
    assert abs(offset) < 0.15 and count == 3
