"""The rest of a text stream as blocks of bytes that end where a line ends."""

from __future__ import annotations

import io
import os
from typing import Any

_BLOCK = 1 << 23  # bytes or characters
_PACKED = 4  # how much larger than its compressed file a text is taken to be
_PLAIN = frozenset({"utf-8", "ascii", "us-ascii"})


class ByteBlocks:
    """Reads blocks; the last one can be given back, to be read as text instead.

    A plain file is read as bytes at once, any other stream as text.
    """

    def __init__(self, stream: Any, path: str = "") -> None:
        self._stream, self._path = stream, path
        self._text = ""
        self._start = self._before = self._position()

    def _position(self) -> int | None:
        """Where a plain file stands; None if this is none."""
        stream = self._stream
        if type(stream) is not io.TextIOWrapper or not isinstance(stream.buffer, io.BufferedReader):
            return None
        if not isinstance(stream.buffer.raw, io.FileIO) or stream.encoding.lower() not in _PLAIN:
            return None
        try:
            return stream.tell()
        except OSError:  # no file that has positions, or one that was iterated over
            return None

    def size(self) -> int:
        """How many bytes are left, roughly."""
        stream = self._stream
        if self._start is not None:
            return os.fstat(stream.fileno()).st_size - self._start
        if isinstance(stream, io.StringIO):
            here = stream.tell()
            end = stream.seek(0, os.SEEK_END)
            stream.seek(here)
            return end - here
        try:
            return os.path.getsize(self._path) * _PACKED
        except OSError:
            return 0

    def read(self) -> bytes:
        """The next block, ending with a line's end; empty at the end, or where the text is no plain one."""
        return self._read_text() if self._start is None else self._read_bytes(self._start)

    def _read_bytes(self, start: int) -> bytes:
        self._stream.seek(start)
        source = self._stream.buffer
        block: bytes = source.read(_BLOCK)
        if len(block) == _BLOCK:
            block += source.readline()
        self._start, self._before = start + len(block), start
        if block and not block.endswith(b"\n"):
            block += b"\n"
        if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
            return b""  # lines that end in another way
        return block

    def _read_text(self) -> bytes:
        self._text = self._stream.read(_BLOCK)
        if len(self._text) == _BLOCK:
            self._text += self._stream.readline()
        text = self._text
        if not text.isascii() or "\r" in text:
            return b""
        return (text if not text or text.endswith("\n") else text + "\n").encode("ascii")

    def give_back(self) -> list[str]:
        """Undo the last `read`: the stream stands before it again, or else these lines come first."""
        if self._start is not None:
            self._start = self._before
            self._stream.seek(self._start)
            return []
        lines = self._text.split("\n")
        last = lines.pop()
        return [line + "\n" for line in lines] + ([last] if last else [])
