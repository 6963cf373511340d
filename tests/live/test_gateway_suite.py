"""Every gateway, the same suite."""

from __future__ import annotations

from decimal import Decimal

import pytest

from real_trade.gateways.binance import SPOT, TABLE, USDM, BinanceSpot, BinanceUsdm
from real_trade.gateways.capability import Capability
from real_trade.gateways.paper import PaperGateway
from real_trade.gateways.testing import GatewaySuite, Stages, expected_of
from tests.live import stages as here

DERIVATIVES = {Capability.REDUCE_ONLY, Capability.POSITIONS}


class TestPaperSpot(GatewaySuite):
    capabilities = PaperGateway.capabilities - DERIVATIVES

    @pytest.fixture
    def stages(self) -> Stages:
        return here.paper_spot


class TestPaperPerpetual(GatewaySuite):
    capabilities = PaperGateway.capabilities

    @pytest.fixture
    def stages(self) -> Stages:
        return here.paper_perpetual


class TestBinanceSpot(GatewaySuite):
    capabilities = BinanceSpot.capabilities
    rules = tuple(expected_of(TABLE, SPOT))

    @pytest.fixture
    def stages(self) -> Stages:
        return here.binance_spot


class TestBinanceUsdm(GatewaySuite):
    capabilities = BinanceUsdm.capabilities
    rules = tuple(expected_of(TABLE, USDM))

    @pytest.fixture
    def stages(self) -> Stages:
        return here.binance_usdm


def test_a_case_that_does_not_apply_is_not_there() -> None:
    assert TestPaperSpot.test_reduce_only_closes is None
    assert TestPaperPerpetual.test_reduce_only_closes is not None
    assert TestPaperPerpetual.test_a_spot_account_has_no_positions is None
    assert TestPaperSpot.test_a_spot_account_has_no_positions is not None


def test_the_suite_has_sixty_cases() -> None:
    cases = [
        name for name in dir(TestBinanceUsdm) if name.startswith("test_") and getattr(TestBinanceUsdm, name)
    ]
    assert len(cases) >= 60


def test_what_a_class_can_do_is_what_its_object_can_do() -> None:
    spot = here.PaperStage("spot").gateway
    assert spot.capabilities == TestPaperSpot.capabilities
    assert isinstance(spot.ledger.maker_fee, Decimal)
