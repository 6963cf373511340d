"""A ring of fixed size: the newest values, the oldest of which make room."""

from __future__ import annotations

import operator
from array import array
from collections.abc import Iterable, Iterator
from typing import Any

from ..errors import StaleViewError
from .view import MovingView

_CODES: dict[Any, str] = {float: "d", int: "q"}


class CyclicBuffer:
    """The last ``capacity`` values: index 0 is the oldest, -1 the newest.

    ``dtype`` is what the values are: ``float``, ``int``, anything numpy takes for a type; None holds
    any object. Every value is written twice, ``capacity`` slots apart, so that what is in the ring
    always lies in one piece: reading needs no wrap-around and a view no copy.
    """

    __slots__ = ("_memory", "_capacity", "_slot", "_length", "_token", "dtype")

    def __init__(self, capacity: int, dtype: Any = None) -> None:
        self._capacity = _positive(capacity)
        self.dtype = dtype
        self._memory: Any
        self._slot: int
        self._length: int
        self._token: Any  # what stands for the present contents; None after a change
        self.clear()

    @property
    def capacity(self) -> int:
        """How many values there is room for."""
        return self._capacity

    @property
    def full(self) -> bool:
        """Whether the next value takes the place of the oldest."""
        return self._length == self._capacity

    def __len__(self) -> int:
        return self._length

    # -- writing -----------------------------------------------------------------------------
    def append(self, value: Any) -> None:
        """Add a value; in a full ring the oldest is overwritten."""
        slot = self._slot
        memory, capacity = self._memory, self._capacity
        memory[slot] = memory[slot + capacity] = value
        slot += 1
        self._slot = slot if slot < capacity else 0
        if self._length < capacity:
            self._length += 1
        self._token = None

    def extend(self, values: Iterable[Any]) -> None:
        """Add values one after the other."""
        for value in values:
            self.append(value)

    def clear(self) -> None:
        """Forget all values."""
        self._memory = _memory(self.dtype, 2 * self._capacity)
        self._slot = self._length = 0
        self._token = None

    # -- reading -----------------------------------------------------------------------------
    def _end(self) -> int:
        """Where the values end in the half in which they are in one piece."""
        return self._slot + self._capacity if self._slot < self._length else self._slot

    def __getitem__(self, index: Any) -> Any:
        length = self._length
        slot = self._slot
        end = slot + self._capacity if slot < length else slot
        try:
            if 0 <= index < length:
                return self._memory[end - length + index]
            if -length <= index < 0:
                return self._memory[end + index]
        except TypeError:
            if isinstance(index, slice):
                return self._memory[end - length : end][index]
            return self[operator.index(index)]
        raise IndexError(f"index {index} is outside of a ring with {length} values")

    def __iter__(self) -> Iterator[Any]:
        end = self._end()
        return iter(self._memory[end - self._length : end])

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self)!r}, capacity={self._capacity})"

    def to_array(self) -> Any:
        """The values as a numpy array, oldest first; the same array until the next change."""
        token = self._now()
        if not token:
            token.append(self._copy())
        return token[0]

    def _copy(self) -> Any:
        import numpy as np

        end = self._end()
        values = self._memory[end - self._length : end]
        if isinstance(values, list):
            made = np.empty(len(values), dtype=object)
            made[:] = values
        elif isinstance(values, array):
            made = np.frombuffer(values, dtype=values.typecode).copy()
        else:
            made = values.copy()
        made.flags.writeable = False
        return made

    def get_view(self, length: int | None = None) -> MovingView:
        """A view of the last ``length`` values, all by default; it raises once the ring has changed."""
        if isinstance(self._memory, list):
            raise TypeError("a ring of objects has no memory to view: give it a dtype, or use to_array()")
        token, end = self._now(), self._end()
        start = end - self._length if length is None else max(end - self._length, end - length)

        def fetch() -> memoryview:
            if self._token is not token:
                raise StaleViewError("the ring has changed since this view was taken; keep a copy() instead")
            return memoryview(self._memory)[start:end].toreadonly()

        return MovingView(fetch)

    def _now(self) -> Any:
        """What stands for the present contents: another object after every change."""
        if self._token is None:
            self._token = []
        return self._token


def _positive(capacity: Any) -> int:
    size = operator.index(capacity)
    if size < 1:
        raise ValueError(f"CyclicBuffer: capacity must be at least 1, and is {size}")
    return size


def _memory(dtype: Any, size: int) -> Any:
    """Room for ``size`` values: a list for objects, an array for numbers."""
    if dtype is None or dtype is object:
        return [None] * size
    code = _CODES.get(dtype)
    if code is None:
        import numpy as np

        kind = np.dtype(dtype)
        if kind.isnative and kind.kind in "iuf" and kind.char in "bBhHiIlLqQfd":
            code = kind.char
        else:
            return np.zeros(size, dtype=kind)
    return array(code, bytes(array(code).itemsize * size))


__all__ = ["CyclicBuffer"]
