"""Where the text of a feed comes from: a path, a compressed file, something that is open already."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import Any

from ..errors import DataError


def open_text(dataname: Any) -> Any:
    """A stream of text lines.

    A path that ends in ``.gz``, ``.bz2``, ``.xz`` or ``.zip`` is unpacked while it is read.  What
    has ``readline`` is taken as it is; one that gives bytes is decoded.
    """
    if hasattr(dataname, "readline"):
        return _as_text(dataname)
    if dataname is None:
        raise DataError("the feed has no source: dataname is a path or something with readline()")
    suffix = os.path.splitext(path_of(dataname))[1].lower()
    # compat: the encoding is the one of the machine
    return _OPENERS.get(suffix, open)(dataname)


def path_of(dataname: Any) -> str:
    """The file's name as far as there is one, else an empty text."""
    if hasattr(dataname, "readline"):
        dataname = getattr(dataname, "name", "")
    try:
        return str(os.fsdecode(dataname))
    except TypeError:
        return ""


def _as_text(stream: Any) -> Any:
    """The stream itself if it gives text."""
    if isinstance(stream, io.TextIOBase):
        return stream
    if isinstance(stream, io.RawIOBase):
        return io.TextIOWrapper(io.BufferedReader(stream))
    if isinstance(stream, io.BufferedIOBase) or "b" in str(getattr(stream, "mode", "")):
        return io.TextIOWrapper(stream)
    return stream


def _open_gzip(path: Any) -> Any:
    import gzip

    return gzip.open(path, "rt")


def _open_bz2(path: Any) -> Any:
    import bz2

    return bz2.open(path, "rt")


def _open_xz(path: Any) -> Any:
    import lzma

    return lzma.open(path, "rt")


def _open_zip(path: Any) -> Any:
    import zipfile

    archive = zipfile.ZipFile(path)
    names = [
        name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX/")
    ]
    if len(names) != 1:
        archive.close()
        raise DataError(f"{path_of(path)}: an archive has to hold one file, this one holds {len(names)}")
    return _OnlyMember(archive, names[0])


class _OnlyMember(io.TextIOWrapper):
    """The text of the one file in an archive, which is closed together with it."""

    def __init__(self, archive: Any, name: str) -> None:
        super().__init__(archive.open(name))
        self._archive = archive

    def close(self) -> None:
        super().close()
        self._archive.close()


_OPENERS: dict[str, Callable[[Any], Any]] = {
    ".gz": _open_gzip,
    ".bz2": _open_bz2,
    ".xz": _open_xz,
    ".zip": _open_zip,
}


def backwards(stream: Any) -> tuple[Any, int]:
    """The lines of a stream from the last to the first, as a stream, and how many there are."""
    lines = stream.readlines()
    stream.close()
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    lines.reverse()
    return io.StringIO("".join(lines)), len(lines)
