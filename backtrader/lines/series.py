"""A bundle of lines with names: what feeds, indicators, observers and strategies are made of."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from ..utils.params import AutoInfoClass, nearest
from .clock import NAN, Clock
from .declare import Lines, _line_names
from .events import NewValueEvent
from .line import LineBuffer, go_live
from .names import give_names
from .operators import install_operators
from .root import LineMultiple, LineRoot, makers

_OF_LINES = frozenset(
    (
        "get",
        "getlinealiases",
        "fullsize",
        "extrasize",
        "itersize",
        "_getlinealias",
        "_getlines",
        "_getlinesextra",
    )
)
_NUMBERED_NAMES = "data", "line"
_NUMBERED = re.compile(r"line_?(\d*)$")


def _parent(cls: type, name: str, default: Any) -> Any:
    """What the bases say about ``name``, leaving out what the class body itself wrote."""
    for base in cls.__mro__[1:]:
        if name in base.__dict__:
            return base.__dict__[name]
    return default


class LineSeries(LineMultiple):
    """Lines by name and index, with the options that say how to draw them."""

    plotinfo: Any = AutoInfoClass._derive(
        "plotinfo", (("plot", True), ("plotmaster", None), ("legendloc", None))
    )
    plotlines: Any = AutoInfoClass
    linealias: Any = AutoInfoClass
    lines: Any = Lines
    params: Any
    p: Any
    csv = True
    _aliased = False

    _now: Clock
    _line0: LineBuffer

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = cls.__dict__
        name = cls.__name__
        bases: tuple[Any, ...] = cls.__bases__[1:]
        declared = own.get("lines", ())
        inherited = _parent(cls, "lines", Lines)
        others = [
            base.lines for base in bases if isinstance(getattr(base, "lines", None), (type, tuple, list))
        ]
        cls.lines = inherited._derive(
            name, declared, own.get("extralines", 0), others, own.get("linesoverride", False)
        )
        others = [base.plotinfo for base in bases if hasattr(base, "plotinfo")]
        cls.plotinfo = _parent(cls, "plotinfo", AutoInfoClass)._derive(name, own.get("plotinfo", ()), others)
        others = [base.linealias for base in bases if hasattr(base, "linealias")]
        cls.linealias = _parent(cls, "linealias", AutoInfoClass)._derive(
            name, own.get("linealias", ()), others
        )
        drawn: dict[str, Any] = {line: {} for line in _line_names(declared)}
        drawn.update(own.get("plotlines", {}))
        others = [base.plotlines for base in bases if hasattr(base, "plotlines")]
        cls.plotlines = _parent(cls, "plotlines", AutoInfoClass)._derive(name, drawn, others, recurse=True)
        give_names(cls, cls.lines._names)
        if "alias" in own:
            cls._make_aliases(own["alias"])

    @classmethod
    def _make_aliases(cls, aliases: Any) -> None:
        """A real subclass in the defining module for every other name of the class."""
        module = sys.modules[cls.__module__]
        meta: Any = type(cls)
        for item in (aliases,) if isinstance(aliases, str) else aliases:
            name, plotname = (item, "") if isinstance(item, str) else item
            space: dict[str, Any] = {"__module__": cls.__module__, "__doc__": cls.__doc__, "_aliased": True}
            if plotname:
                space["plotinfo"] = {"plotname": plotname}
            setattr(module, name, meta(name, (cls,), space))

    # -- construction ------------------------------------------------------------------------
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self._make_lines(Clock(feed=self), kwargs)
        return args, kwargs

    def _make_lines(self, clock: Clock, kwargs: dict[str, Any], initlines: Any = None) -> None:
        """Lines on ``clock`` and plot options out of the keywords."""
        declared = self.plotinfo._pairs
        given = {key: kwargs.pop(key) for key in list(kwargs) if key in declared} if kwargs else {}
        own = self.__dict__
        own["plotinfo"] = type(self).plotinfo(**given)
        own["plotlines"] = type(self).plotlines()
        lines = own["lines"] = own["l"] = type(self).lines(initlines, clock)
        clock.attach(self)
        own["_eval"] = clock
        for line in lines.lines:
            line._owner = self
            if line._source is None:
                line._source = self
        if lines.lines:
            own["_line0"] = lines.lines[0]
        if len(lines.lines) > len(_numbered):
            _number(len(lines.lines))
        for name, aliases in type(self).linealias._getitems():
            for alias in (aliases,) if isinstance(aliases, str) else aliases:
                own[alias] = getattr(lines, name)

    def _evaluate(self) -> Any:
        """Called by one of our lines when it is read first in a batch run.

        Lines that must be asked again next time, because the run goes on, are returned with their
        memory for now; nothing of that kind here.
        """

    # -- access ------------------------------------------------------------------------------
    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...  # not at run time: see names.py

    def _late(self, name: str) -> Any:
        """The line or method of the lines behind a name that was asked for first, see `LateName`."""
        lines = self.__dict__.get("lines")
        if lines is None:
            return None
        found = lines.__dict__.get(name)
        if found is None and name in _OF_LINES:
            return getattr(lines, name)
        if found is None and (match := _NUMBERED.match(name)):
            index = int(match.group(1) or 0)
            return lines.lines[index] if index < len(lines.lines) else None
        return found

    def _meant(self, name: str) -> str:
        """For an error: what somebody may have meant who asked for an attribute that is not there."""
        aliases = [a for given in type(self).linealias._getdefaults() for a in _line_names(given)]
        names = [*type(self).lines._names, *aliases]
        others = [
            known for known in dir(self) if known not in names and not known.startswith(_NUMBERED_NAMES)
        ]
        return f"{type(self).__name__} has no line or attribute {name!r}; " + nearest(
            name, names, others=others
        )

    @property
    def array(self) -> Any:
        """The buffer of the first line."""
        return self._line0.array

    def _go_live(self) -> None:
        self._live = go_live(self, self._line0)

    def __getitem__(self, key: int) -> float:
        live = self._live
        if live:
            return live[0][live[1].idx + key]  # type: ignore[no-any-return]
        if live is None and self._opstage == 2:
            self._go_live()
        return self._line0.array[self._now.idx + key]  # type: ignore[no-any-return]

    def __setitem__(self, key: Any, value: Any) -> None:
        setattr(self.lines, self.lines._getlinealias(key), value)

    def __len__(self) -> int:
        clock = self._now
        return clock.idx + clock.base + 1

    def _getline(self, line: Any, minusall: bool = False) -> Any:
        if isinstance(line, str):
            return getattr(self.lines, line)
        if line == -1:
            return None if minusall else self.lines[0]
        return self.lines[line]

    def __call__(self, ago: Any = None, line: Any = -1) -> Any:
        """A delayed line for an integer; without one a coupler to the owner's (or given) clock."""
        if ago is None or isinstance(ago, LineRoot):
            chosen = self._getline(line, minusall=True)
            return makers.coupler(self if chosen is None else chosen, ago, _ownerskip=self)
        return makers.delay(self._getline(line), ago, _ownerskip=self)

    # -- moving ------------------------------------------------------------------------------
    def forward(self, value: float = NAN, size: int = 1) -> None:
        """Add bars and move on to the last of them."""
        self._now.forward(value, size)

    def backwards(self, size: int = 1, force: bool = False) -> None:
        """Remove the last bars."""
        self._now.backwards(size)

    def rewind(self, size: int = 1) -> None:
        """Step back."""
        self._now.idx -= size

    def advance(self, size: int = 1) -> None:
        """Step on over bars that are there already."""
        self._now.idx += size

    def extend(self, value: float = NAN, size: int = 0) -> None:
        """Add slots beyond the last bar."""
        self._now.extend(value, size)

    def home(self) -> None:
        """Back to before the first bar."""
        self._now.idx = -1

    def reset(self) -> None:
        """Forget all values."""
        self.lines.reset()

    def buflen(self) -> int:
        """Bars loaded, whether seen yet or not."""
        return int(self.lines.buflen())

    def size(self) -> int:
        """How many named lines there are."""
        return int(self.lines.size())

    def get_view(self, length: int | None = None) -> Any:
        """A view of the first line, see `LineBuffer.get_view`."""
        return self._line0.get_view(length)

    # -- drawing -----------------------------------------------------------------------------
    def _plotlabel(self) -> Any:
        return self.params._getvalues()

    def plotlabel(self) -> str:
        """The name of this object in a legend, with its parameters."""
        label = self.plotinfo.plotname or type(self).__name__
        values = self._plotlabel()
        if not values:
            return str(label)
        shown = (value.__name__ if isinstance(value, type) else str(value) for value in values)
        return f"{label} ({', '.join(shown)})"


install_operators(LineSeries, now="self._line0.array[self._now.idx]")
give_names(LineSeries, ("line", *_OF_LINES))

_numbered: list[int] = []


def _number(count: int) -> None:
    """Give names to so many lines by their numbers."""
    for index in range(len(_numbered), count):
        give_names(LineSeries, (f"line{index}", f"line_{index}"))
        _numbered.append(index)


class LineSeriesStub(LineSeries):
    """A single line where a bundle is expected: it shares the line, it owns nothing."""

    extralines = 1

    def __init__(self, line: LineBuffer, slave: bool = False) -> None:
        pass

    def _take_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        line = args[0]
        owner, source = line._owner, line._source
        self._make_lines(line._now, kwargs, initlines=[line])
        line._owner, line._source = owner, source
        self.owner = owner
        self._owner = self._find_owner() if kwargs.get("slave") else owner
        self._eval = line._eval
        self._minperiod = line._minperiod
        self._opstage = line._opstage
        return args, kwargs

    def get_new_value_event(self) -> NewValueEvent:
        """The event of the line itself."""
        return self._line0.get_new_value_event()

    # the line belongs to somebody else, who moves it
    def forward(self, value: float = NAN, size: int = 1) -> None:
        """Nothing: the line's owner moves it."""

    def backwards(self, size: int = 1, force: bool = False) -> None:
        """Nothing: the line's owner moves it."""

    def rewind(self, size: int = 1) -> None:
        """Nothing: the line's owner moves it."""

    def advance(self, size: int = 1) -> None:
        """Nothing: the line's owner moves it."""

    def extend(self, value: float = NAN, size: int = 0) -> None:
        """Nothing: the line's owner moves it."""

    def home(self) -> None:
        """Nothing: the line's owner moves it."""

    def reset(self) -> None:
        """Nothing: the line's owner moves it."""

    def qbuffer(self, savemem: int = 0) -> None:
        """Nothing: the line's owner arranges its memory."""

    def minbuffer(self, size: int) -> None:
        """Nothing: the line's owner arranges its memory."""


def LineSeriesMaker(arg: Any, slave: bool = False) -> Any:
    """``arg`` itself if it is a bundle, else a bundle around the line."""
    if isinstance(arg, LineSeries):
        return arg
    return LineSeriesStub(arg, slave=slave)
