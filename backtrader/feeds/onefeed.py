"""What feeds made of one other feed have in common."""

from __future__ import annotations

from typing import Any

from .base import AbstractDataBase


class OneFeed(AbstractDataBase):
    """Reads the bars of the feed given as ``dataname``.

    That feed need not be known to Cerebro: it is started and stopped here.  If it is one of the
    run's feeds, its bars are read beside the run and must be there first.
    """

    _source: Any = None
    _own_source = False

    def __init__(self) -> None:
        source = self.p.dataname
        if not isinstance(source, AbstractDataBase):
            raise ValueError(f"{type(self).__name__} needs another feed as dataname, not {source!r}")
        self._dataname = source._dataname
        self._name = self._name or source._name

    def start(self) -> None:
        """Start the feed that is read."""
        super().start()
        source = self.p.dataname
        feeds = getattr(self._env, "datas", ())
        self._own_source = all(source is not feed for feed in feeds)
        if not self._own_source:
            if any(feed is self for feed in feeds) and _place(source, feeds) > _place(self, feeds):
                raise ValueError(
                    f"{type(self).__name__} {self._name!r} was added before the feed that it reads: swap them"
                )
            source = source.clone()
        self._source = source
        source.setenvironment(self._env)
        source._start()

    def stop(self) -> None:
        """Stop the feed that is read, if nobody else does."""
        super().stop()
        if self._own_source:
            self._source.stop()

    def preload(self) -> None:
        """Load the feed that is read, then what is made of it."""
        self._source.preload()
        super().preload()

    def islive(self) -> bool:
        """As live as the feed that is read."""
        return bool(self.p.dataname.islive())

    def haslivedata(self) -> bool:
        """Whether the feed that is read waits for bars right now."""
        return self._source is not None and bool(self._source.haslivedata())

    def do_qcheck(self, onoff: Any, qlapse: float) -> None:
        """The feed that is read does the waiting."""
        super().do_qcheck(onoff, qlapse)
        if self._source is not None:
            self._source.do_qcheck(onoff, qlapse)

    def _gettz(self) -> Any:
        return super()._gettz() or self.p.dataname._gettz()

    def _gettzinput(self) -> Any:
        return None  # the other feed has converted its input

    def _write(self, bar: Any) -> None:
        for line, value in zip(self.lines.itersize(), bar, strict=False):
            line[0] = value


def _place(feed: Any, feeds: Any) -> int:
    return next(i for i, known in enumerate(feeds) if known is feed)
