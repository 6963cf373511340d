"""Timeframes: the units that bars are counted in, from ticks to years."""

from __future__ import annotations

__all__ = ["TimeFrame"]


class TimeFrame:
    """Numbers and names of the units of time; a larger number is a longer unit."""

    Ticks, MicroSeconds, Seconds, Minutes, Days, Weeks, Months, Years, NoTimeFrame = range(1, 10)

    Names = [
        "",
        "Ticks",
        "MicroSeconds",
        "Seconds",
        "Minutes",
        "Days",
        "Weeks",
        "Months",
        "Years",
        "NoTimeFrame",
    ]
    names = Names

    @classmethod
    def getname(cls, tframe: int, compression: int | None = None) -> str:
        """The name for so many units: one ``'Day'``, several ``'Days'``; the unit's own if not said."""
        name = cls.Names[tframe]
        single = compression is not None and compression <= 1
        # compat: "no timeframe" is no plural
        return name[:-1] if single and tframe != cls.NoTimeFrame else name

    @classmethod
    def TFrame(cls, name: str) -> int:
        """The number of a name."""
        return int(getattr(cls, name))

    @classmethod
    def TName(cls, tframe: int) -> str:
        """The name of a number."""
        return cls.Names[tframe]
