"""The feeds of a run that has resampled ones, by what can be known of them before it begins."""

from __future__ import annotations

from typing import Any

from ..feeds.clone import DataClone
from ..feeds.resampled import plain_resampler
from ..lines.clock import GROWING, WHOLE
from .moving import in_order


class Cast:
    """Feeds as they are, resampled ones with an input of their own, and resampled clones."""

    def __init__(self, cerebro: Any) -> None:
        self.datas = list(cerebro.datas)
        self.plain: list[Any] = []
        self.own: list[Any] = []
        self.clones: list[Any] = []
        self._order = {id(data): place for place, data in enumerate(in_order(cerebro))}

    def follows(self, clone: Any) -> bool:
        """Whether a clone is asked after the feed that it follows."""
        return self._order[id(clone)] > self._order[id(clone.data)]

    def sort(self) -> bool:
        """Put every feed in its place; false if one is of another kind, or none is resampled."""
        for data in self.datas:
            if data._barstack or data._barstash or data.notifs:
                return False
            resampled = data.resampling and not data.replaying and plain_resampler(data) is not None
            if data._now.mode == WHOLE and (resampled or not (data._filters or data.resampling)):
                (self.own if resampled else self.plain).append(data)
            elif resampled and _is_clone(data):
                self.clones.append(data)
            else:
                return False
        return bool(self.own or self.clones) and all(self._is_plain(clone.data) for clone in self.clones)

    def _is_plain(self, data: Any) -> bool:
        return any(data is one for one in self.plain)


def _is_clone(data: Any) -> bool:
    return type(data) is DataClone and data._now.mode == GROWING and not len(data)
