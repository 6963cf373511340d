"""The functions of TA-Lib as indicators: ``bt.talib.SMA(data, timeperiod=20)``.

Inputs are given by position, parameters by the names TA-Lib has for them, and the lines have
TA-Lib's names too::

    macd = bt.talib.MACD(self.data, fastperiod=10, matype=bt.talib.MA_Type.EMA)
    macd.macdsignal
    bt.talib.STOCH(self.data.high, self.data.low, self.data.close)
    bt.talib.STOCH(self.data)      # the same: a feed has the lines by name
    bt.talib.CDLDOJI(self.data)

The classes are made from what TA-Lib tells about itself, each when it is first used; importing
this module needs no TA-Lib.
"""

from __future__ import annotations

import warnings
from array import array
from typing import Any

from ..errors import OptionalPackageError
from ..lines.operations import same_timeline
from ..utils.optional import require
from ..utils.params import nearest
from .base import Indicator

FUNC_FLAGS_SAMESCALE = 1 << 24
FUNC_FLAGS_UNSTABLE = 1 << 27
FUNC_FLAGS_CANDLESTICK = 1 << 28

OUT_FLAGS_LINE = 1 << 0
OUT_FLAGS_DOTTED = 1 << 1
OUT_FLAGS_DASH = 1 << 2
OUT_FLAGS_HISTO = 1 << 4
OUT_FLAGS_UPPER = 1 << 11
OUT_FLAGS_LOWER = 1 << 12

_STYLES = {OUT_FLAGS_LINE: "-", OUT_FLAGS_DASH: "--", OUT_FLAGS_DOTTED: ":"}

# who writes bt.talib.X(...) is behind __init__ and three levels of construction
_USERS_LINE = 5

# compat: parabolic SAR is the one function computed from the first bar without being marked unstable
_FROM_THE_START = frozenset(("SAR",))


class _TALibIndicator(Indicator):
    """A TA-Lib function over whole lines in batch, over the last bars in a stepped run.

    How many bars that are is what TA-Lib calls the look-back of the function.  One marked
    ``_unstable`` remembers everything since the first bar and is computed from there on.

    compat: others that remember (MACD, OBV, ...) are not marked and see the look-back only, so their
    stepped values differ from batch; ``bt.talib.OBV._unstable = True`` makes them equal.
    """

    CANDLEOVER = 1.02  # the mark of a candle pattern stands 2% above ...
    CANDLEREF = 1  # ... this input, the high

    _iscandle = False
    _unstable = False
    _input_names: tuple[str, ...] = ()
    _tafunc: Any = None

    def __init__(self, *unused: Any, **unknown: Any) -> None:
        super().__init__()
        if unused or unknown:  # compat: upstream computes with the defaults and says nothing
            given = ", ".join([*map(repr, unused), *(f"{name}={value!r}" for name, value in unknown.items())])
            known = ", ".join(self.params._getkeys()) or "none"
            warnings.warn(
                f"talib.{self._taname} ignores {given}; its parameters, by name: {known}",
                stacklevel=_USERS_LINE,
            )

    def _before_init(self) -> None:
        self._inputs = self._find_inputs()
        self._arguments = self.params._getkwargs()
        self._period = self._lookback_of(self._arguments) + 1
        self._lookback = 0 if self._unstable or self._taname in _FROM_THE_START else self._period
        self._past: list[array[float]] = [array("d") for _ in self._inputs]

    def _after_init(self) -> None:
        super()._after_init()
        # compat: the look-back counts from the first bar, not from the first value of the inputs
        self.updateminperiod(self._period)

    def _find_inputs(self) -> list[Any]:
        """One line an input: the first line of each data, or the lines of one data by their names."""
        names, datas = self._input_names, self.datas
        if len(datas) == 1 < len(names) and set(names) <= set(datas[0].lines.getlinealiases()):
            return [getattr(datas[0].lines, name) for name in names]
        if len(datas) != len(names):
            raise TypeError(
                f"talib.{self._taname} takes {len(names)} input(s), {', '.join(names)}; "
                f"{len(datas)} given: lines by position, parameters by name"
            )
        return [data.lines[0] for data in datas]

    def _lookback_of(self, arguments: dict[str, Any]) -> int:
        """Bars before the first value; TA-Lib is also who judges the parameters."""
        shown = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
        try:
            bars = int(_abstract().Function(self._taname, **arguments).lookback)
        except (TypeError, ValueError) as error:
            raise type(error)(f"talib.{self._taname}({shown}): {error}") from None
        if bars < 0:
            raise ValueError(f"talib.{self._taname}({shown}): a parameter is out of TA-Lib's range")
        return bars

    # -- batch -------------------------------------------------------------------------------
    def _needs_python(self) -> bool:
        return False  # computed when a line is first read, as kernels are

    def _run_once(self, size: int) -> None:
        self.once(0, size)

    def oncestart(self, start: int, end: int) -> None:
        """Nothing: `once` fills the lines from the first bar on."""

    def once(self, start: int, end: int) -> None:
        """All values at once; those before the minimum period are TA-Lib's too."""
        own = self._now
        if not all(same_timeline(line._now, own) for line in self._inputs):
            self._step_range(max(start, self._minperiod - 1), end, self.next)
            return
        for line, values in zip(self.lines, self._call([line.array for line in self._inputs]), strict=True):
            line.array[start:end] = memoryview(values)[start:end]

    # -- event -------------------------------------------------------------------------------
    def next(self) -> None:
        """The value of this bar, from the last bars or from all there ever were."""
        size = self._lookback
        columns = [line.get(size=size) for line in self._inputs] if size else self._all_bars()
        if not all(len(column) >= size for column in columns):
            return  # an input of another timeline is not that far yet
        for line, values in zip(self.lines, self._call(columns), strict=True):
            line[0] = float(values[-1])

    def _all_bars(self) -> list[array[float]]:
        """The inputs since the first bar, which bounded memory does not keep for us."""
        for line, past in zip(self._inputs, self._past, strict=True):
            new = len(line) - len(past)
            if new > 0:
                past.extend(line.get(size=new))
            else:  # replayed: the bar is still being made
                past[-1] = line[0]
        return self._past

    # -- both --------------------------------------------------------------------------------
    def _call(self, columns: list[Any]) -> list[Any]:
        """The function over buffers: a numpy array for each of our lines."""
        import numpy as np

        inputs = [np.frombuffer(column) for column in columns]
        found = self._tafunc(*inputs, **self._arguments)
        several = isinstance(found, (tuple, list))
        values = [np.asarray(x, dtype=float) for x in (found if several else [found])]
        if self._iscandle:
            values.append(inputs[self.CANDLEREF] * self.CANDLEOVER * (values[0] / 100.0))
        return values


def _make_class(name: str) -> type[_TALibIndicator]:
    """The indicator of a function, with the parameters, lines and plot options that TA-Lib tells."""
    info = _abstract().Function(name).info
    flags = _bits(info["function_flags"], _names()["R_TA_FUNC_FLAGS"])
    inputs = _flat(info["input_names"].values())
    candle = bool(flags & FUNC_FLAGS_CANDLESTICK)
    prices = "prices" in info["input_names"]
    space = {
        "__module__": __name__,
        "__doc__": f"{info['display_name']} ({info['group']}) of TA-Lib; inputs: {', '.join(inputs)}.",
        "_aliased": True,  # the plain name belongs to the indicator of this package
        "_taname": name,
        "_tafunc": staticmethod(getattr(_talib(), name)),
        "_input_names": inputs,
        # numbers may stand for lines where an input can be anything
        "_mindatas": 1 if prices else len(inputs),
        "_iscandle": candle,
        "_unstable": bool(flags & FUNC_FLAGS_UNSTABLE),
        "params": tuple(info["parameters"].items()),
        "lines": (*info["output_names"], *(["_candleplot"] if candle else [])),
        "plotinfo": {
            "subplot": not flags & (FUNC_FLAGS_SAMESCALE | FUNC_FLAGS_CANDLESTICK),
            "plotlinelabels": candle,
        },
        "plotlines": _candle_plot(name) if candle else _plot_lines(info["output_flags"]),
    }
    made: type[_TALibIndicator] = type(_TALibIndicator)(name, (_TALibIndicator,), space)
    return made


def _plot_lines(outputs: dict[str, list[str]]) -> dict[str, dict[str, Any]]:
    """How each line is drawn; what lies between an upper and a lower limit shares the upper one's colour."""
    drawn: dict[str, dict[str, Any]] = {}
    below_upper = False
    for name, words in outputs.items():
        bits = _bits(words, _names()["R_TA_OUTPUT_FLAGS"])
        drawn[name] = {}
        for bit, style in _STYLES.items():
            if bits & bit:
                drawn[name]["ls"] = style
        if bits & OUT_FLAGS_HISTO:
            drawn[name]["_method"] = "bar"
        if below_upper or bits & OUT_FLAGS_LOWER:
            drawn[name]["_samecolor"] = True
        below_upper = bool(bits & OUT_FLAGS_UPPER)
    return drawn


def _candle_plot(name: str) -> dict[str, dict[str, Any]]:
    mark = {"_name": name, "ls": "", "marker": "d", "markersize": "7.0", "fillstyle": "full"}
    return {"integer": {"_plotskip": True}, "_candleplot": mark}


def _flat(names: Any) -> tuple[str, ...]:
    """``'close', ['high', 'low']`` as plain names."""
    return tuple(x for item in names for x in ([item] if isinstance(item, str) else item))


def _bits(words: list[str] | None, known: dict[str, int]) -> int:
    return sum(known[word] for word in words or ())


# -- the module's names, made when first asked for -----------------------------------------------
def _talib() -> Any:
    return require("talib", "talib", "bt.talib")


def _abstract() -> Any:
    _talib()
    return require("talib.abstract", "talib", "bt.talib")


_known: dict[str, Any] = {}


def _names() -> dict[str, Any]:
    """What this module offers besides the functions."""
    if not _known:
        abstract = _abstract()
        _known.update(
            MA_Type=_talib().MA_Type,
            R_TA_FUNC_FLAGS={word: bit for bit, word in abstract.TA_FUNC_FLAGS.items()},
            R_TA_OUTPUT_FLAGS={word: bit for bit, word in abstract.TA_OUTPUT_FLAGS.items()},
            tafunctions=list(_talib().get_functions()),
        )
    return _known


def _available() -> bool:
    try:
        _talib()
    except OptionalPackageError:
        return False
    return True


def __getattr__(name: str) -> Any:
    if name == "__all__":
        return [*_names()["tafunctions"], "MA_Type"] if _available() else []
    if name != "tafunctions" and not name[0].isupper():
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        names = _names()
    except OptionalPackageError as error:
        # hasattr() must be able to ask, so it is an AttributeError that says what to install
        raise AttributeError(f"bt.talib.{name}: {error}") from error
    if name in names:
        found = names[name]
    elif name in names["tafunctions"]:
        found = _make_class(name)
    else:
        raise AttributeError(f"TA-Lib has no function {name!r}; " + nearest(name, names["tafunctions"]))
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    offered = [*_names(), *_names()["tafunctions"]] if _available() else []
    return sorted({*globals(), *offered})
