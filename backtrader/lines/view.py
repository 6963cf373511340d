"""Read-only views of memory: what a line or a ring holds, without a copy."""

from __future__ import annotations

from array import array as _array
from collections.abc import Callable, Iterator
from typing import Any

from ..errors import StaleViewError

# what a memoryview can read item by item; anything else is left to numpy
_READABLE = frozenset("bBhHiIlLqQfd")


class DataView:
    """Memory that can be looked at and not be changed: indexed, sliced, handed to numpy, never copied.

    ``array`` is anything that shares its memory: an ``array.array``, a memoryview, a numpy array.
    """

    __slots__ = ("_memory",)

    def __init__(self, array: Any) -> None:
        self._memory: Any = _read_only(array)

    def _values(self) -> Any:
        """The memory; a view that can go stale looks whether it is."""
        return self._memory

    @property
    def shape(self) -> tuple[int, ...]:
        """How many values there are, in each direction."""
        return tuple(self._values().shape)

    @property
    def size(self) -> int:
        """How many values there are in all."""
        count = 1
        for length in self.shape:
            count *= length
        return count

    @property
    def dtype(self) -> Any:
        """The numpy type of a value."""
        import numpy as np

        values = self._values()
        return np.dtype(values.format) if isinstance(values, memoryview) else values.dtype

    def __len__(self) -> int:
        return len(self._values())

    def __getitem__(self, key: Any) -> Any:
        found = self._values()[key]
        return DataView(found) if hasattr(found, "ndim") and found.ndim else found

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        import numpy as np

        values = np.asarray(self._values())
        if dtype is not None and np.dtype(dtype) != values.dtype:
            if copy is False:
                raise ValueError(
                    f"a view of {values.dtype} cannot be had as {np.dtype(dtype)} without a copy"
                )
            return values.astype(dtype)
        return values.copy() if copy else values

    def tolist(self) -> list[Any]:
        """The values as a list."""
        return list(self._values().tolist())

    def copy(self) -> DataView:
        """The values of now in memory of their own, to be kept."""
        values = self._values()
        return DataView(_array(values.format, values) if isinstance(values, memoryview) else values.copy())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._values().tolist()!r})"


class MovingView(DataView):
    """A view of memory that moves on: ``fetch`` gives the memory, or raises once it has moved.

    Nothing is held between two uses, so that the memory stays free to grow.
    """

    __slots__ = ("_fetch",)

    def __init__(self, fetch: Callable[[], Any]) -> None:
        self._fetch = fetch

    def _values(self) -> Any:
        return self._fetch()

    def __repr__(self) -> str:
        try:
            return super().__repr__()
        except StaleViewError as error:
            return f"<{type(self).__name__}: {error}>"


def line_view(line: Any, length: int | None = None) -> MovingView:
    """The last ``length`` values that ``line`` has shown so far (all that are kept), until it moves on."""
    clock = line._now
    now = clock.idx + clock.base  # a bar's number stays when bounded memory drops those before it
    first = clock.base if clock.filler is None else clock.filler.first_of(line)
    if length is not None:
        first = max(first, now + 1 - _checked(length))

    def fetch() -> memoryview:
        if line._now is not clock or clock.idx + clock.base != now:
            raise StaleViewError(
                f"this view shows bar {now + 1} and the ones before it, and the line has moved on; "
                "take a view on every bar, or keep a copy()"
            )
        return memoryview(line.array)[first - clock.base : clock.idx + 1].toreadonly()

    return MovingView(fetch)


def _checked(length: int) -> int:
    if length < 0:
        raise ValueError(f"get_view: length must not be negative, and is {length}")
    return length


def _read_only(array: Any) -> Any:
    if isinstance(array, DataView):
        return array._values()
    try:
        memory = memoryview(array)
    except (TypeError, ValueError):
        memory = None
    if memory is not None and memory.ndim == 1 and memory.format in _READABLE:
        return memory.toreadonly()
    if memory is None and not hasattr(array, "__array_interface__"):
        raise TypeError(
            "a view needs memory it can share (array.array, memoryview, numpy array), "
            f"not {type(array).__name__}"
        )
    import numpy as np

    values = np.asarray(array).view()
    values.flags.writeable = False
    return values


__all__ = ["DataView", "MovingView", "line_view"]
