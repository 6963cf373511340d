"""The bars of another feed that pass a test."""

from __future__ import annotations

from typing import Any

from .onefeed import OneFeed


class DataFilter(OneFeed):
    """Shows those bars of the feed ``dataname`` for which ``funcfilter(feed)`` is true."""

    params: Any = (("funcfilter", None),)

    def __init__(self) -> None:
        super().__init__()
        if not callable(self.p.funcfilter):
            raise ValueError(
                f"DataFilter needs funcfilter, a function of the feed, not {self.p.funcfilter!r}"
            )

    def preload(self) -> None:
        """Load the feed that is read and keep the bars that pass."""
        super().preload()

    def _load(self) -> Any:
        source, passes = self._source, self.p.funcfilter
        while answer := source.next():
            if passes(source):
                self._write([line[0] for line in source.lines.itersize()])
                return True
        return answer
