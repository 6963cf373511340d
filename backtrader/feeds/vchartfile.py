"""Binary files of Visual Chart, given by their ticker."""

from __future__ import annotations

import os.path
from typing import Any

from ..errors import DataError
from ..lines.timeframe import TimeFrame
from ..stores.vchartfile import VChartFile as _Folder
from ..utils.dateintern import date2num
from . import vchartbars
from .base import DataBase


class VChartFile(DataBase):
    """Reads the file of a ticker in the folder that the store `backtrader.stores.VChartFile` knows."""

    f: Any = None
    _number = 0

    def start(self) -> None:
        """Open the file."""
        super().start()
        if self._store is None:
            self._store = _Folder()
        self._store.start(data=self)
        days = self.p.timeframe >= TimeFrame.Days
        if not days and self.p.timeframe < TimeFrame.Minutes:
            raise DataError(
                f"{self.p.dataname}: files of ticks (.tck) cannot be read; TimeFrame.Minutes reads "
                "the .min file"
            )
        self._layout = vchartbars.DAILY if days else vchartbars.INTRADAY
        self._number = 0
        self._path = self._place(".fd" if days else ".min")
        if self.f is None:
            self.f = self._open()

    def _place(self, extension: str) -> str:
        code = self.p.dataname
        return os.path.join(self._store.get_datapath(), f"0{code[:3]}", f"010{code}{extension}")

    def _open(self) -> Any:
        try:
            return open(self._path, "rb")
        except OSError as error:
            raise DataError(
                f"{self.p.dataname}: {self._path} cannot be opened ({error.strerror}); "
                "bt.stores.VChartFile(path=...) says where the files are"
            ) from error

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
        if len(raw) < self._layout.size:  # the end, or a bar that the program is writing just now
            self._close()
            return False
        self._number += 1
        record = self._layout.unpack(raw)
        try:
            moment = vchartbars.moment_of(record, self.p.sessionend)
        except ValueError as error:
            raise vchartbars.bad_moment(record, self._path, self._number, error) from error
        self.lines.datetime[0] = date2num(moment)
        vchartbars.write_prices(record, self.lines)
        return True


_Folder.DataCls = VChartFile
