"""What is held of one instrument: a size and the average price it was entered at."""

from __future__ import annotations

from typing import Any

__all__ = ["Position", "combine"]


def combine(size: float, price: float, delta: float, at: float) -> tuple[float, float, float, float]:
    """What a fill of ``delta`` at price ``at`` makes of a holding: (size, price, opened, closed).

    The average price moves when the holding grows, stays when it shrinks, starts anew when it
    changes side and is 0.0 when nothing is left.
    """
    new = size + delta
    if not new:
        return new, 0.0, 0, delta
    if not size:
        return new, at, delta, 0
    grows, stays = (delta > 0, new > 0) if size > 0 else (delta < 0, new < 0)
    if grows:
        return new, (price * size + delta * at) / new, delta, 0
    if stays:
        return new, price, 0, delta
    return new, at, new, -size


class Position:
    """A holding: true while its size is not zero, ``len`` is the absolute size.

    ``upopened`` and ``upclosed`` are the parts of the last update, ``price_orig`` the price before
    it, ``adjbase`` the price that futures were last marked at.
    """

    __slots__ = (
        "size",
        "price",
        "price_orig",
        "adjbase",
        "upopened",
        "upclosed",
        "updt",
        "_when",
        "__dict__",
    )

    size: float
    price: float
    price_orig: float
    adjbase: Any
    upopened: float
    upclosed: float

    def __init__(self, size: float = 0, price: float = 0.0) -> None:
        self.size = size
        self.price = self.price_orig = price if size else 0.0
        self.adjbase = None
        self.upopened = 0
        self.upclosed = 0
        self.updt = None
        self._when: Any = None

    @property
    def datetime(self) -> Any:
        """Date and time of the last update; may be set to a (feed, number) pair, to be read when asked."""
        when = self._when
        if type(when) is tuple:
            when = self._when = when[0].num2date(when[1])
        return when

    @datetime.setter
    def datetime(self, when: Any) -> None:
        self._when = when

    def __bool__(self) -> bool:
        return self.size != 0

    def __len__(self) -> int:
        return abs(self.size)  # type: ignore[return-value]

    def __str__(self) -> str:
        rows = (
            ("Size", self.size), ("Price", self.price), ("Price orig", self.price_orig),
            ("Closed", self.upclosed), ("Opened", self.upopened), ("Adjbase", self.adjbase),
        )  # fmt: skip
        return "\n".join(
            ["--- Position Begin", *(f"- {name}: {value}" for name, value in rows), "--- Position End"]
        )

    def __reduce__(self) -> Any:
        state = {name: getattr(self, name) for name in self.__slots__ if name not in ("__dict__", "_when")}
        return _rebuild, (type(self), self.__dict__ | state | {"_when": self.datetime})

    def clone(self) -> Position:
        """A new position of the same size and price."""
        return Position(self.size, self.price)

    def update(self, size: float, price: float, dt: Any = None) -> tuple[float, float, float, float]:
        """Take in a fill; the new size and price and what it opened and closed."""
        self._when = dt
        self.price_orig = self.price
        self.size, self.price, self.upopened, self.upclosed = done = combine(
            self.size, self.price, size, price
        )
        return done

    def pseudoupdate(self, size: float, price: float) -> tuple[float, float, float, float]:
        """What `update` would return, with nothing changed."""
        return combine(self.size, self.price, size, price)

    def set(self, size: float, price: float) -> tuple[float, float, float, float]:
        """Take over a size and price known from elsewhere, as if filled at once."""
        held = self.size
        if not held:
            self.upopened, self.upclosed = held, 0  # compat: taking over on a flat position opens nothing
        elif not size or (held > 0) != (size > 0):
            self.upopened, self.upclosed = size, held
        elif abs(size) < abs(held):
            self.upopened, self.upclosed = 0, held - size
        else:
            self.upopened, self.upclosed = size - held, 0
        self.size = size
        self.price_orig = self.price
        self.price = price if size else 0.0
        return self.size, self.price, self.upopened, self.upclosed

    def fix(self, size: float, price: float) -> bool:
        """Overwrite size and price; whether the size was already right."""
        same = self.size == size
        self.size = size
        self.price = price
        return same


def _rebuild(cls: type[Position], state: dict[str, Any]) -> Position:
    position = cls.__new__(cls)
    for name, value in state.items():
        setattr(position, name, value)
    return position
