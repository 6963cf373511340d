"""Binary files of Visual Chart, given by their path."""

from __future__ import annotations

import datetime as _dt
import os.path
import struct
from typing import Any

from ..errors import DataError
from ..lines.timeframe import TimeFrame
from .base import DataBase
from .factory import FeedBase
from .vchartbars import DAILY, INTRADAY, BinaryBars

_FRAMES = {".fd": TimeFrame.Days, ".min": TimeFrame.Minutes}


class VChartData(BinaryBars):
    """Reads ``.fd`` (days) and ``.min`` (within a day); without one of them the timeframe tells which."""

    ext = ""  # what is put behind the given name
    barsize = dtsize = 0
    barfmt = ""

    _daily_time = _dt.time.min  # compat: not the session's end

    def start(self) -> None:
        """Open the file."""
        super().start()
        self._path = str(self.p.dataname)
        self._layout = self._choose_layout()
        self.barsize, self.barfmt = self._layout.size, self._layout.format.lstrip("<")
        self.dtsize = len(self.barfmt) - len("ffffII")
        self._number = 0
        if self.f is None:
            self.f = open(self._path, "rb")  # noqa: SIM115  closed when the feed stops

    def _choose_layout(self) -> struct.Struct:
        """By the name of the file, which is completed if it does not tell."""
        kind = os.path.splitext(self._path)[1]
        if kind in _FRAMES:
            # compat: only the parameter follows the file, the feed keeps the timeframe it was given
            self.p.timeframe = _FRAMES[kind]
        else:
            kind = self.ext = ".fd" if self.p.timeframe >= TimeFrame.Days else ".min"
            self._path += kind
        return DAILY if kind == ".fd" else INTRADAY

    def _cut_off(self, raw: bytes) -> None:
        raise DataError(
            f"{self._path}, bar {self._number + 1}: {len(raw)} bytes are left, a bar has {self._layout.size}"
        )


class VChartFeed(FeedBase):
    """Makes `VChartData` for a ticker in the folders of Visual Chart below ``basepath``."""

    DataCls = VChartData

    params: Any = (("basepath", ""), *DataBase.params._gettuple())

    def _defaults(self, kwargs: dict[str, Any], dataname: Any) -> dict[str, Any]:
        values = super()._defaults(kwargs, dataname)
        values.pop("basepath", None)  # a parameter of ours, not of the feed's
        return values

    def _getdata(self, dataname: str, **kwargs: Any) -> Any:
        folders = ("RealServer", "Data", dataname[:2], dataname[2:6], dataname)
        return super()._getdata(os.path.join(self.p.basepath, *folders), **kwargs)
