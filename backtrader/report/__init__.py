"""The interactive report: one HTML file with charts, trades and numbers of a run.

`build` makes a plain document of what is known of a run, `write` a page of it.  Both are handed plain
data and objects of a run by ``Cerebro.report``, which is what people call.
"""

from .document import build
from .page import CHOICES, render, write

__all__ = ["CHOICES", "build", "render", "write"]
