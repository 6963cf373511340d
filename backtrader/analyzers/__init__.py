"""What is read off a run: results per trade, per period, per run."""

from __future__ import annotations

from .annualreturn import AnnualReturn
from .base import Analyzer, MetaAnalyzer, MetaTimeFrameAnalyzerBase, TimeFrameAnalyzerBase
from .calmar import Calmar
from .drawdown import DrawDown, TimeDrawDown
from .leverage import GrossLeverage
from .logreturnsrolling import LogReturnsRolling
from .periodstats import PeriodStats
from .positions import PositionsValue
from .pyfolio import PyFolio
from .returns import Returns
from .sharpe import SharpeRatio, SharpeRatio_A
from .sqn import SQN
from .timereturn import TimeReturn
from .tradeanalyzer import TradeAnalyzer
from .transactions import Transactions
from .vwr import VWR, VariabilityWeightedReturn

__all__ = [
    "SQN",
    "Analyzer",
    "AnnualReturn",
    "Calmar",
    "DrawDown",
    "GrossLeverage",
    "LogReturnsRolling",
    "MetaAnalyzer",
    "MetaTimeFrameAnalyzerBase",
    "PeriodStats",
    "PositionsValue",
    "PyFolio",
    "Returns",
    "SharpeRatio",
    "SharpeRatio_A",
    "TimeDrawDown",
    "TimeFrameAnalyzerBase",
    "TimeReturn",
    "TradeAnalyzer",
    "Transactions",
    "VWR",
    "VariabilityWeightedReturn",
]
