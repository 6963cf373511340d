"""Binary files of Visual Chart, given by their path."""

from __future__ import annotations

import datetime as _dt
import os.path
import struct
from typing import Any

from ..lines.timeframe import TimeFrame
from ..utils.dateintern import date2num
from . import vchartbars
from .base import DataBase
from .factory import FeedBase

_FRAMES = {".fd": TimeFrame.Days, ".min": TimeFrame.Minutes}


class VChartData(DataBase):
    """Reads ``.fd`` (days) and ``.min`` (within a day); without one of them the timeframe tells which."""

    f: Any = None
    ext = ""  # what is put behind the given name
    barsize = dtsize = 0
    barfmt = ""
    _number = 0

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
        return vchartbars.DAILY if kind == ".fd" else vchartbars.INTRADAY

    def stop(self) -> None:
        """Close the file."""
        super().stop()
        self._close()

    def _close(self) -> None:
        if self.f is not None:
            self.f.close()
            self.f = None

    def _load(self) -> bool:
        raw = self.f.read(self._layout.size) if self.f is not None else b""
        if not raw:
            self._close()  # a feed that is loaded can be sent to another process, an open file cannot
            return False
        self._number += 1
        record = vchartbars.unpack(self._layout, raw, self._path, self._number)
        try:
            moment = vchartbars.moment_of(record, _dt.time.min)  # compat: days begin at midnight here
        except ValueError as error:
            raise vchartbars.bad_moment(record, self._path, self._number, error) from error
        self.lines.datetime[0] = date2num(moment)
        vchartbars.write_prices(record, self.lines)
        return True


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
