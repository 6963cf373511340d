"""What a strategy looks for when it asks in which machine it runs."""

from __future__ import annotations

from ..lines.events import EventScope


class Environment(EventScope):
    """Marks the object that runs strategies.

    A strategy finds it on the construction stack, so it need not know Cerebro, which stands above it.
    """
