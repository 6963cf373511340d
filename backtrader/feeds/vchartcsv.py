"""Text files of Visual Chart."""

from __future__ import annotations

import datetime as _dt
from typing import Any

from ..lines.timeframe import TimeFrame
from ..utils.dateintern import date2num
from . import csvcolumns
from .csvbase import CSVDataBase
from .factory import CSVFeedBase

_PRICES = ("open", "high", "low", "close", "volume", "openinterest")
_FRAME, _DATE, _TIME, _FIRST_PRICE = 1, 2, 3, 4


class VChartCSVData(CSVDataBase):
    """``name,frame,YYYYMMDD,HHMMSS,open,high,low,close,volume,openinterest``.

    The frame (I, D, W or M) becomes the feed's timeframe; its last row decides.
    """

    vctframes = {
        "I": TimeFrame.Minutes,
        "D": TimeFrame.Days,
        "W": TimeFrame.Weeks,
        "M": TimeFrame.Months,
    }

    def _loadline(self, linetokens: list[str]) -> bool:
        self._timeframe = self.vctframes[linetokens[_FRAME]]
        day = _day(linetokens[_DATE])
        if self._timeframe == TimeFrame.Minutes:
            time = _time(linetokens[_TIME])
        else:
            time = self.p.sessionend.replace(microsecond=0)  # compat: whole seconds only
        self.lines.datetime[0] = date2num(_dt.datetime.combine(day, time))
        for column, name in enumerate(_PRICES, _FIRST_PRICE):
            getattr(self.lines, name)[0] = float(linetokens[column])
        return True

    def _bad_field(self, tokens: list[str]) -> str:
        readers: list[tuple[int, str, Any]] = [(_FRAME, "frame", self._frame), (_DATE, "date", _day)]
        if tokens[_FRAME:_DATE] == ["I"]:
            readers.append((_TIME, "time", _time))
        readers.extend((column, name, float) for column, name in enumerate(_PRICES, _FIRST_PRICE))
        return csvcolumns.first_unreadable(tokens, readers)

    def _frame(self, text: str) -> int:
        if text not in self.vctframes:
            raise ValueError(f"one of {', '.join(self.vctframes)} is expected")
        return self.vctframes[text]


def _day(text: str) -> _dt.date:
    return _dt.date(int(text[0:4]), int(text[4:6]), int(text[6:8]))


def _time(text: str) -> _dt.time:
    """compat: always read as HHMMSS from the right, so that 0930 is nine and a half minutes."""
    minutes, second = divmod(int(text), 100)
    hour, minute = divmod(minutes, 100)
    return _dt.time(hour, minute, second)


class VChartCSV(CSVFeedBase):
    """Makes `VChartCSVData`."""

    DataCls = VChartCSVData
