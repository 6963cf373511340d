"""What feeds made of other feeds have in common."""

from __future__ import annotations

from typing import Any


class Lineup:
    """Feeds that take turns; ``_d`` is the one whose turn it is, None when all have ended."""

    lines: Any
    p: Any
    _env: Any

    _d: Any = None
    _coming: list[Any]

    def __init__(self, *args: Any) -> None:
        self._members = list(args)
        if args:  # also where other values were asked for: bars cannot be of another kind
            self.p.timeframe, self.p.compression = args[0]._timeframe, args[0]._compression

    def islive(self) -> bool:
        """The feeds are read as the run goes on, bar by bar."""
        return True

    def start(self) -> None:
        """Start all feeds; the first one has its turn."""
        super().start()  # type: ignore[misc]
        for data in self._members:
            data.setenvironment(self._env)
            data._start()
        self._coming = list(self._members)
        self._take_turn()

    def stop(self) -> None:
        """Stop all feeds."""
        super().stop()  # type: ignore[misc]
        for data in self._members:
            data.stop()

    def do_qcheck(self, onoff: Any, qlapse: float) -> None:
        """The feed whose turn it is does the waiting."""
        super().do_qcheck(onoff, qlapse)  # type: ignore[misc]
        if self._d is not None:
            self._d.do_qcheck(onoff, qlapse)

    def haslivedata(self) -> bool:
        """Whether the feed whose turn it is waits for bars right now."""
        return self._d is not None and bool(self._d.haslivedata())

    def _gettz(self) -> Any:
        return self._members[0]._gettz() if self._members else super()._gettz()  # type: ignore[misc]

    def _take_turn(self) -> None:
        self._d = self._coming.pop(0) if self._coming else None

    def _show(self, data: Any) -> None:
        """The bar of another feed as ours."""
        for line, theirs in zip(self.lines, data.lines, strict=False):
            line[0] = theirs[0]
