"""Where all moving averages are found by name, and what they have in common."""

from __future__ import annotations

from typing import Any

from .base import Indicator, MetaIndicator


class MovingAverage:
    """The moving averages by all of their names: ``MovAv.SMA``, ``MovAv.Exponential`` and so on.

    A class derived from `MovingAverageBase` registers itself, unless it has ``_notregister = True``.
    """

    _movavs: list[Any] = []

    SMA: Any
    EMA: Any
    HMA: Any
    WMA: Any
    Simple: Any
    Exponential: Any
    Smoothed: Any
    Weighted: Any

    @classmethod
    def register(cls, regcls: Any) -> None:
        """Make ``regcls`` known by its name, and by what is left of it without ``MovingAverage``."""
        if getattr(regcls, "_notregister", False):
            return
        cls._movavs.append(regcls)
        name = regcls.__name__
        setattr(cls, name, regcls)
        short = name.removesuffix("MovingAverage")
        if short == name:
            short = name.removeprefix("MovingAverage")
        if short and short != name:
            setattr(cls, short, regcls)


class MovAv(MovingAverage):
    """Short name of `MovingAverage`."""


MetaMovAvBase = MetaIndicator


class MovingAverageBase(Indicator):
    """Base of moving averages: a ``period`` and a place in the chart of the data."""

    params: Any = (("period", 30),)
    plotinfo: Any = dict(subplot=False)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        MovingAverage.register(cls)


MovingAverage.register(MovingAverageBase)

__all__ = ["MetaMovAvBase", "MovAv", "MovingAverage", "MovingAverageBase"]
