"""A cross-hair that follows the mouse over all panes of a figure.

Its lines are made when the mouse first enters: a chart that is only saved has none.
"""

from __future__ import annotations

from typing import Any

__all__ = ["MultiCursor", "MultiCursor2", "Widget"]


class Widget:
    """Something that listens to a canvas and can be switched off."""

    drawon = True
    eventson = True
    _active = True

    def set_active(self, active: bool) -> None:
        """Switch it on or off."""
        self._active = active

    def get_active(self) -> bool:
        """Whether it is on."""
        return self._active

    active = property(get_active, lambda self, active: self.set_active(active), doc="Whether it is on.")

    def ignore(self, event: Any) -> bool:
        """Whether an event is not for it."""
        return not self.active


class MultiCursor(Widget):
    """Vertical lines at the mouse in all panes, a horizontal one where it is.

    Without ``vertMulti`` the vertical line is in the pane under the mouse only, with ``horizMulti``
    the horizontal one is in all of them.

    compat: ``horizShared`` and ``vertShared`` change nothing.
    """

    def __init__(
        self, canvas: Any, axes: Any, useblit: bool = True, horizOn: bool = False, vertOn: bool = True,
        horizMulti: bool = False, vertMulti: bool = True, horizShared: bool = True, vertShared: bool = False,
        **lineprops: Any,
    ) -> None:  # fmt: skip
        self.canvas, self.axes = canvas, list(axes)
        self.horizOn, self.vertOn = horizOn, vertOn
        self.horizMulti, self.vertMulti = horizMulti, vertMulti
        self.useblit = bool(useblit and canvas.supports_blit)
        self.visible = True
        self.background: Any = None
        self.needclear = False
        self.vlines: list[Any] = []
        self.hlines: list[Any] = []
        self._props = {"animated": True, **lineprops} if self.useblit else lineprops
        self.connect()

    def connect(self) -> None:
        """Start to listen."""
        self._listening = [
            self.canvas.mpl_connect("motion_notify_event", self.onmove),
            self.canvas.mpl_connect("draw_event", self.clear),
        ]

    def disconnect(self) -> None:
        """Stop to listen."""
        for one in self._listening:
            self.canvas.mpl_disconnect(one)

    def clear(self, event: Any) -> None:
        """Everything was drawn anew: keep the picture, hide the lines."""
        if self.ignore(event):
            return
        if self.useblit:
            self.background = self.canvas.copy_from_bbox(self.canvas.figure.bbox)
        for line in (*self.vlines, *self.hlines):
            line.set_visible(False)

    def onmove(self, event: Any) -> None:
        """The mouse moved."""
        if self.ignore(event) or event.inaxes is None or not self.canvas.widgetlock.available(self):
            return
        if event.inaxes not in self.axes:
            return
        self._make_lines()
        self.needclear = True
        for ax, line in zip(self.axes, self.vlines, strict=False):
            line.set_xdata((event.xdata, event.xdata))
            line.set_visible(self.visible and (self.vertMulti or ax is event.inaxes))
        for ax, line in zip(self.axes, self.hlines, strict=False):
            line.set_ydata((event.ydata, event.ydata))
            line.set_visible(self.visible and (self.horizMulti or ax is event.inaxes))
        self._update()

    def _make_lines(self) -> None:
        if self.vertOn and not self.vlines:
            for ax in self.axes:
                view = ax.get_xlim(), ax.get_ylim()
                self.vlines.append(ax.axvline(sum(view[0]) / 2, visible=False, **self._props))
                ax.set(xlim=view[0], ylim=view[1])
        if self.horizOn and not self.hlines:
            for ax in self.axes:
                view = ax.get_xlim(), ax.get_ylim()
                self.hlines.append(ax.axhline(sum(view[1]) / 2, visible=False, **self._props))
                ax.set(xlim=view[0], ylim=view[1])

    def _update(self) -> None:
        if not self.useblit:
            self.canvas.draw_idle()
            return
        if self.background is not None:
            self.canvas.restore_region(self.background)
        for line in (*self.vlines, *self.hlines):
            if line.get_visible():
                line.axes.draw_artist(line)
        self.canvas.blit()


class MultiCursor2(MultiCursor):
    """Both lines in all panes."""

    def __init__(
        self, canvas: Any, axes: Any, useblit: bool = True, horizOn: bool = False, vertOn: bool = True,
        **lineprops: Any,
    ) -> None:  # fmt: skip
        super().__init__(canvas, axes, useblit, horizOn, vertOn, True, True, **lineprops)
