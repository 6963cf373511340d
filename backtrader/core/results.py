"""What an optimisation run hands back instead of the whole strategy."""

from __future__ import annotations

from typing import Any


class OptReturn:
    """Parameters and analyzers of one finished combination, small enough to travel between processes."""

    def __init__(self, params: Any, **kwargs: Any) -> None:
        self.p = self.params = params
        for name, value in kwargs.items():
            setattr(self, name, value)
