"""CSV as Sierra Chart exports it."""

from __future__ import annotations

from typing import Any

from .csvgeneric import GenericCSVData


class SierraChartCSVData(GenericCSVData):
    """The generic layout with days written as ``2020/01/02``."""

    params: Any = (("dtformat", "%Y/%m/%d"),)
