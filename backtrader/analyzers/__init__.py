"""What is read off a run: results per trade, per period, per run."""

from __future__ import annotations

from .annualreturn import AnnualReturn
from .base import Analyzer, TimeFrameAnalyzerBase
from .drawdown import DrawDown, TimeDrawDown
from .returns import Returns
from .sharpe import SharpeRatio, SharpeRatio_A
from .sqn import SQN
from .timereturn import TimeReturn
from .tradeanalyzer import TradeAnalyzer
