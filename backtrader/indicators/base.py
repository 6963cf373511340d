"""What every indicator is: an object with lines of its own, computed from other lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..lines.iterator import IndicatorBase
from ..lines.operations import Computed
from ..lines.root import MetaLine

MetaIndicator = MetaLine


class Indicator(IndicatorBase):
    """Base of all indicators, built-in and the user's own.

    Give it ``lines`` and ``params``, and either bind the lines to expressions of other lines in
    ``__init__`` or write ``next``.
    """

    csv = False
    alias: Any
    _cacheable = True
    _indcol: dict[str, Any] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        name = cls.__name__
        if "_aliased" not in cls.__dict__ and not name.startswith("_"):
            Indicator._indcol[name] = cls

    def advance(self, size: int = 1) -> None:
        """Catch up with the data by ``size`` bars, if there is something to catch up with."""
        if len(self) < len(self._clock):
            self.lines.advance(size)

    def _computed(
        self, kernel: Any, inputs: Sequence[Any], params: Sequence[Any] = (), period: int = 1
    ) -> Computed:
        """A line filled by ``kernel`` from the ``period``-th valid bar of all our data on.

        The kernel starts where the longest line of the data is valid, not only the one it reads:
        that is when an indicator starts.
        """
        line: Computed = Computed(kernel, inputs, params)
        line.updateminperiod(self._minperiod + period - 1)
        return line

    def _moved(
        self, kernel: Any, inputs: Sequence[Any], params: Sequence[Any], lags: Sequence[int]
    ) -> Computed:
        """A line filled by ``kernel`` as soon as each input has a value ``lag`` bars ago.

        Like operators, which look at the lines they use and not at all lines of the data.
        """
        line: Computed = Computed(kernel, inputs, params)
        line.setminperiod(max(x.lines[0]._minperiod + lag for x, lag in zip(inputs, lags, strict=True)))
        return line

    def _plotinit(self) -> None:
        """Called before drawing: the last moment to derive plot options from parameters."""


class MtLinePlotterIndicator(MetaIndicator):
    """Gives every `LinePlotterIndicator` a class with a line of the name asked for."""

    def doprenew(cls, *args: Any, **kwargs: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        """The class whose line has the name ``name``."""
        name = kwargs.pop("name")
        space = {"lines": (name,), "__module__": cls.__module__, "__doc__": cls.__doc__, "_aliased": True}
        return type(cls)(cls.__name__, (cls,), space), args, kwargs


class LinePlotterIndicator(Indicator, metaclass=MtLinePlotterIndicator):
    """A line made visible: ``LinePlotterIndicator(line, name='what it is')`` draws it under that name."""

    def __init__(self) -> None:
        super().__init__()
        self.lines[0] = self.data.lines[0](0)
        self.owner = getattr(self.data._owner, "_clock", None)


__all__ = ["Indicator", "LinePlotterIndicator", "MetaIndicator", "MtLinePlotterIndicator"]
