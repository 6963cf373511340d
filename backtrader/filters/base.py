"""Filters stand between what a feed loads and what the system sees.

A filter is any callable that takes the feed, whose bar ``[0]`` was just loaded.  It returns False
to let the bar pass, True if it has taken the bar away (``data.backwards()``); more than one bar is
handed on through the feed's bar stack.  Optional methods make it part of the feed's life:
``last(data)`` is called when the input has ended, ``check(data, _forcedata=None)`` when time has
passed without a bar, ``begin_again()`` when a run starts.
"""

from __future__ import annotations

from typing import Any

from ..utils.construct import ParamsBase


class Filter(ParamsBase):
    """Base for filters with parameters: ``nextstart`` sees the first bar, ``next`` every bar.

    compat: what ``next`` returns is not looked at, the bar always passes; a filter that takes bars
    away overrides ``__call__``.
    """

    _firsttime = True

    def __init__(self, data: Any) -> None:
        pass

    def __call__(self, data: Any) -> None:
        if self._firsttime:
            self.nextstart(data)
            self._firsttime = False
        self.next(data)

    def begin_again(self) -> None:
        """A run starts: the next bar is the first one."""
        self._firsttime = True

    def nextstart(self, data: Any) -> None:
        """Called once, with the first bar, before ``next`` gets that bar."""

    def next(self, data: Any) -> None:
        """Called with every bar."""


class SimpleFilterWrapper:
    """Makes a filter of a yes-or-no question: a bar for which the answer is true is removed."""

    def __init__(self, data: Any, ffilter: Any, *args: Any, **kwargs: Any) -> None:
        self.ffilter, self.args, self.kwargs = ffilter, args, kwargs
        if isinstance(ffilter, type):
            make: Any = ffilter
            self.ffilter, self.args, self.kwargs = make(data, *args, **kwargs), (), {}

    def __call__(self, data: Any, *args: Any, **kwargs: Any) -> bool:
        if not self.ffilter(data, *self.args, **self.kwargs):
            return False
        data.backwards()
        return True
