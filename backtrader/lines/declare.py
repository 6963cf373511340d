"""``lines = ('sma',)`` on a class: the bundle class with its names, made once a class."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..utils.params import nearest
from .clock import NAN, Clock
from .line import LineBuffer
from .operations import LineActions
from .root import LineMultiple, LineRoot


class LineName:
    """A line's name on the bundle class; objects hold the line itself under that name."""

    def __init__(self, line: int) -> None:
        self.line = line

    def __get__(self, obj: Any, cls: Any = None) -> Any:
        return self if obj is None else obj.lines[self.line]


class LineAlias(LineName):
    """A line's name that binds on assignment, for bundles made by hand."""

    def __set__(self, obj: Any, value: Any) -> None:
        obj._bind(self.line, value)


class Lines:
    """An ordered bundle of lines, by index and by name."""

    _names: tuple[str, ...] = ()
    _extra: int = 0
    lines: list[LineBuffer]

    def __init__(self, initlines: Any = None, clock: Clock | None = None) -> None:
        own = self.__dict__
        clock = clock if clock is not None else Clock()
        lines = [LineBuffer(clock) for _ in self._names]
        extra = [initlines[i] if initlines else LineBuffer(clock) for i in range(self._extra)]
        own["lines"] = lines + extra
        own.update(zip(self._names, lines, strict=True))

    # -- the class ---------------------------------------------------------------------------
    @classmethod
    def _derive(
        cls,
        name: str,
        declared: Iterable[Any],
        extra: int = 0,
        others: Iterable[Any] = (),
        override: bool = False,
    ) -> type[Lines]:
        """The bundle class of a subclass: inherited names first, then other bases', then its own."""
        base: type[Lines] = Lines if override else cls
        names = list(base._names)
        for other in others:
            theirs = other._names if isinstance(other, type) else _line_names(other)  # type: ignore[attr-defined]
            names.extend(n for n in theirs if n not in names)
        names.extend(n for n in _line_names(declared) if n not in names)
        space: dict[str, Any] = {n: LineName(i) for i, n in enumerate(names)}
        space.update(_names=tuple(names), _extra=base._extra + extra, __module__=cls.__module__)
        return type(f"{base.__name__}_{name}", (base,), space)

    @classmethod
    def _getlines(cls) -> tuple[str, ...]:
        return cls._names

    @classmethod
    def _getlinesextra(cls) -> int:
        return cls._extra

    @classmethod
    def getlinealiases(cls) -> tuple[str, ...]:
        """The names of the lines, in order."""
        return cls._names

    @classmethod
    def _getlinealias(cls, i: int) -> str:
        return cls._names[i] if i < len(cls._names) else ""

    def itersize(self) -> Any:
        """The named lines, without the extra ones."""
        return iter(self.lines[: self.size()])

    def __iter__(self) -> Any:
        return iter(self.lines)

    # -- access ------------------------------------------------------------------------------
    def __getitem__(self, line: Any) -> LineBuffer:
        if line.__class__ is str:
            return getattr(self, line)  # type: ignore[no-any-return]
        return self.lines[line]  # type: ignore[no-any-return]

    def __setitem__(self, line: Any, value: Any) -> None:
        self._bind(self._names.index(line) if isinstance(line, str) else line, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._names:
            self._bind(self._names.index(name), value)
        else:
            object.__setattr__(self, name, value)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...  # not at run time: see names.py

    def _meant(self, name: str) -> str:
        """For an error: what somebody may have meant who asked for a line that is not there."""
        kind = type(self).__name__.rpartition("_")[2]
        return f"{kind} has no line {name!r}; " + nearest(name, self._names)

    def _bind(self, index: int, value: Any) -> None:
        """Let line ``index`` take its values from the line ``value``."""
        if isinstance(value, LineMultiple):
            value = value.lines[0]
        if not isinstance(value, LineRoot):
            raise TypeError(
                f"line {self._getlinealias(index)!r} can only be bound to a line, not to {value!r}; "
                f"to set the value of this bar write lines.{self._getlinealias(index)}[0] = ..."
            )
        if not isinstance(value, LineActions):
            value = value(0)
        line = self.lines[index]
        if isinstance(line._source, LineActions):
            # bound before: what reads the line means its values so far
            value._read_instead(line, line._source)
        value.addbinding(line)

    def get(self, ago: int = 0, size: int = 1, line: int = 0) -> Any:
        """`LineBuffer.get` of one line."""
        return self.lines[line].get(ago, size)

    def size(self) -> int:
        """How many named lines there are."""
        return len(self.lines) - self._extra

    def fullsize(self) -> int:
        """How many lines there are, extra ones included."""
        return len(self.lines)

    def extrasize(self) -> int:
        """How many lines without a name there are."""
        return self._extra

    def __len__(self) -> int:
        return len(self.lines[0])

    def buflen(self, line: int = 0) -> int:
        """Bars loaded."""
        return self.lines[line].buflen()

    # -- moving: one clock moves all -------------------------------------------------------------
    def home(self) -> None:
        """Back to before the first bar."""
        self.lines[0].home()

    def forward(self, value: float = NAN, size: int = 1) -> None:
        """Add bars and move on to the last of them."""
        self.lines[0].forward(value, size)

    def backwards(self, size: int = 1, force: bool = False) -> None:
        """Remove the last bars."""
        self.lines[0].backwards(size)

    def rewind(self, size: int = 1) -> None:
        """Step back."""
        self.lines[0].rewind(size)

    def advance(self, size: int = 1) -> None:
        """Step on."""
        self.lines[0].advance(size)

    def extend(self, value: float = NAN, size: int = 0) -> None:
        """Add slots beyond the last bar."""
        self.lines[0].extend(value, size)

    def reset(self) -> None:
        """Forget all values."""
        for line in self.lines:
            line.reset()


def _line_names(declared: Any) -> list[str]:
    """Names from ``('a', 'b')``, ``'a'`` or ``(('a', options), ...)``."""
    items = (declared,) if isinstance(declared, str) else declared
    return [item if isinstance(item, str) else item[0] for item in items]
