"""The tag with a line's last value."""

from __future__ import annotations

from typing import Any

from ..utils.optional import require

require("matplotlib", extra="plot", why="backtrader.plot")

from matplotlib.text import Text  # noqa: E402

__all__ = ["Tag"]


class Tag(Text):  # type: ignore[misc]
    """A text that is only drawn while its height is in view, not over the panes above and below."""

    def _in_view(self) -> bool:
        low, high = sorted(self.axes.get_ylim())
        return bool(low <= self.get_position()[1] <= high)

    def draw(self, renderer: Any) -> None:
        """Draw it, if it is in view."""
        if self._in_view():
            super().draw(renderer)

    def get_tightbbox(self, renderer: Any = None) -> Any:
        """The room it takes, if it is in view."""
        return super().get_tightbbox(renderer) if self._in_view() else None
