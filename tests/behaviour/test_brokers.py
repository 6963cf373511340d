"""The behaviour suite of brokers, over every broker of ours."""

from __future__ import annotations

from typing import Any

from backtrader.broker import BackBroker
from backtrader.broker.testing import BrokerBehaviour


class TestBackBroker(BrokerBehaviour):
    """The simulated broker as it comes."""

    def make_broker(self, cash: float) -> Any:
        return BackBroker(cash=cash)


class TestBackBrokerEager(BrokerBehaviour):
    """The same, stepped on every bar and without the check of submissions."""

    def make_broker(self, cash: float) -> Any:
        broker = BackBroker(cash=cash, checksubmit=False)
        broker.eager = True
        return broker

    def test_a_filled_order_is_told_of_step_by_step(self) -> None:
        # nothing is submitted for a check, so there is nothing to tell of it
        made: list[Any] = []
        run = self.play({1: lambda run: made.append(run.broker.buy(run.owner, run.feeds[0], 1))})
        assert self.statuses(run, made[0]) == ["Accepted", "Completed"]


class TestBackBrokerKeeping(BrokerBehaviour):
    """A broker that notes every step, as runs do whose closes are not kept."""

    def make_broker(self, cash: float) -> Any:
        class Keeping(BackBroker):
            def start(self) -> None:
                super().start()
                self.ledger.keep_values = True

        return Keeping(cash=cash)
