"""Kernels of the user's own: a function over whole lines that serves a backtest and a live run alike.

@bt.kernel(state=1)
def fading_high(high, close, out, state, part: float, start, stop):
    top = state[0]
    for i in range(start, stop):
        top = max(high[i], top - part * (top - close[i]))
        out[i] = top
    state[0] = top

line = fading_high(data.high, data.close, part=0.1)
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, overload

from .kernels.jit import Kernel
from .operations import Computed, LineActions

_Size = int | Callable[..., int]
_COST = 200.0  # nanoseconds a bar that a function of a few lines takes in Python


class LineKernel:
    """A function over line memory that makes lines: call it with lines and parameters, see `kernel`."""

    def __init__(self, function: Callable[..., None], state: _Size, period: _Size | None) -> None:
        self.__name__, self.__doc__ = function.__name__, function.__doc__
        self.__qualname__, self.__module__ = function.__qualname__, function.__module__
        self.inputs, types, defaults = _parts(function, stateful=state != 0)
        self.defaults = defaults
        self._kinds = {name: types[name] for name in defaults}
        self._period = period
        known = period is not None or "period" in defaults
        self.kernel = Kernel(
            function,
            state=state,
            lookback=(lambda *params: self._minimum(params)) if known else None,
            cost=_COST,
            types=types,
            own=True,
        )

    def __repr__(self) -> str:
        return f"<kernel {self.__name__}({', '.join([*self.inputs, *self.defaults])})>"

    def __reduce__(self) -> str:
        return self.__qualname__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The line that the kernel makes of lines: first the lines, then parameters, by place or name."""
        count = len(self.inputs)
        if len(args) < count:
            raise TypeError(f"{self.__name__}() needs {count} lines: {', '.join(self.inputs)}")
        params = self._params(args[count:], kwargs)
        period = self._minimum(params)
        return Computed(self.kernel, [LineActions.arrayize(x) for x in args[:count]], params, period)

    def _params(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        names = list(self.defaults)
        if len(args) > len(names):
            raise TypeError(f"{self.__name__}() has {len(names)} parameters, {len(args)} were given")
        given = {**dict(zip(names, args, strict=False)), **kwargs}
        unknown = [name for name in given if name not in self.defaults]
        if unknown:
            raise TypeError(f"{self.__name__}() has no parameter {unknown[0]!r}, only {', '.join(names)}")
        params = []
        for name, default in self.defaults.items():
            value = given.get(name, default)
            if value is inspect.Parameter.empty:
                raise TypeError(f"{self.__name__}() needs the parameter {name!r}")
            params.append(self._number(name, value))
        return params

    def _number(self, name: str, value: Any) -> Any:
        kind = int if self._kinds[name] == "int" else float
        try:
            number = kind(value)
        except (TypeError, ValueError):
            number = None
        if number is None or (number != value and value == value):
            raise TypeError(f"{self.__name__}(): {name} must be of type {kind.__name__}, not {value!r}")
        return number

    def _minimum(self, params: Sequence[Any]) -> int:
        """Bars it takes until there is a value."""
        if callable(self._period):
            return self._period(*params)
        if self._period is not None:
            return self._period
        named = dict(zip(self.defaults, params, strict=True))
        return int(named.get("period", 1))


def _parts(function: Callable[..., None], stateful: bool) -> tuple[list[str], dict[str, str], dict[str, Any]]:
    """Names of the input lines, the type of every argument, and the parameters with their defaults."""
    signature = inspect.signature(function).parameters
    names = list(signature)
    wanted = "(lines..., out, state if any, parameters..., start, stop)"
    if names[-2:] != ["start", "stop"] or "out" not in names or names.index("out") == 0:
        raise TypeError(f"{function.__name__}: the arguments of a kernel are {wanted}, not {names}")
    place = names.index("out")
    if ("state" in names) != stateful or (stateful and names[place + 1] != "state"):
        raise TypeError(
            f"{function.__name__}: @kernel(state=number of floats) and the argument `state` after `out` "
            "go together"
        )
    inputs, parameters = names[:place], names[place + 1 + stateful : -2]
    types = dict.fromkeys([*inputs, "out"], "Buffer") | ({"state": "Buffer"} if stateful else {})
    for name in parameters:
        said = signature[name].annotation
        default = signature[name].default
        whole = said in (int, "int") if said is not inspect.Parameter.empty else type(default) is int
        types[name] = "int" if whole or (name == "period" and said is inspect.Parameter.empty) else "float"
    types |= {"start": "int", "stop": "int"}
    return inputs, types, {name: signature[name].default for name in parameters}


@overload
def kernel(function: Callable[..., None], /) -> LineKernel: ...
@overload
def kernel(
    *, state: _Size = 0, period: _Size | None = None
) -> Callable[[Callable[..., None]], LineKernel]: ...
def kernel(
    function: Callable[..., None] | None = None, /, *, state: _Size = 0, period: _Size | None = None
) -> Any:
    """Make a function over line memory something to be called with lines.

    The function's arguments are its input lines, ``out``, ``state`` if it has one, its parameters (floats, or
    whole numbers where the annotation or the default is one), ``start`` and ``stop``. It fills
    ``out[start:stop]`` and may read inputs and ``out`` further back, never further ahead. What it has to
    remember from one call to the next, and is in neither, belongs into ``state``: that many floats, 0.0 at
    first. A backtest calls it once for all bars, compiled if there are many; a live run once a bar. It must
    give the same however the bars are divided, so positions have no place in ``state``.

    ``period`` is how many bars it needs until there is a value, and how far back it may look; by default the
    parameter of that name, or 1. ``state`` and ``period`` may be functions of the parameters.
    """
    if function is not None:
        return LineKernel(function, state, period)
    return lambda decorated: LineKernel(decorated, state, period)


__all__ = ["LineKernel", "kernel"]
