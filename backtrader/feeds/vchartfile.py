"""Binary files of Visual Chart, given by their ticker."""

from __future__ import annotations

import os.path
from typing import Any

from ..errors import DataError
from ..lines.timeframe import TimeFrame
from ..stores.vchartfile import VChartFile as _Folder
from .vchartbars import DAILY, INTRADAY, BinaryBars


class VChartFile(BinaryBars):
    """Reads the file of a ticker in the folder that the store `backtrader.stores.VChartFile` knows.

    A last bar that is not complete is left out: the program may be writing it just now.
    """

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
        self._layout = DAILY if days else INTRADAY
        self._daily_time = self.p.sessionend
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


_Folder.DataCls = VChartFile
