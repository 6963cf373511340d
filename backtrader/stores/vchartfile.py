"""The folder in which Visual Chart keeps its files."""

from __future__ import annotations

import os.path
from typing import Any

from .base import Store

_KEY = r"SOFTWARE\VCG\Visual Chart 6\Config"


class VChartFile(Store):
    """Knows the folder: ``path``, or on Windows where the program was installed.

    ``DataCls`` is set by the module of the feed.
    """

    params: Any = (("path", None),)

    def __init__(self) -> None:
        self._path = self.p.path or _installed() or ""

    def get_datapath(self) -> str:
        """The folder; an empty text if it is not known."""
        return self._path


def _installed() -> str | None:
    """The folder of the program's data as Windows knows it."""
    try:
        import winreg
    except ImportError:
        return None
    registry: Any = winreg
    for hive in (registry.HKEY_CURRENT_USER, registry.HKEY_LOCAL_MACHINE):
        try:
            with registry.OpenKey(hive, _KEY) as key:
                folder = str(registry.QueryValueEx(key, "Directory")[0])
        except OSError:
            continue
        return os.path.join(folder, "Data")
    return None
