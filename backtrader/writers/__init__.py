"""Writers: a run told as text, a row for each bar if asked for and a report at the end."""

from __future__ import annotations

from .base import WriterBase
from .file import WriterFile, WriterStringIO

__all__ = ["WriterBase", "WriterFile", "WriterStringIO"]
