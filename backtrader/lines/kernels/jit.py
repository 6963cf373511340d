"""What a kernel is, and how numba makes machine code of it.

A kernel is a plain Python function over float buffers. Short runs call it as it is; long
ones call the compiled form. Both give the same bits, so the choice (`threshold`) is only
about time.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any, Protocol

from .threshold import CALL_NS, policy


class Buffer(Protocol):
    """Float memory as kernels see it: a memoryview, an `array('d')` or a numpy array."""

    def __getitem__(self, index: int, /) -> float: ...

    def __setitem__(self, index: int, value: float, /) -> None: ...


Buffers = tuple[Buffer, ...]
"""Any number of input lines, for the kernels that reduce across lines."""

_Size = int | Callable[..., int]
_Cost = float | Callable[..., float]

registry: dict[str, Kernel] = {}
"""Every kernel by name, in the order of definition."""


class Kernel:
    """One primitive in both forms: `py`, the plain function, and `compiled`.

    `py` is what an event loop calls for each bar; `run` (or calling the kernel) picks the
    form by the amount of work. Arguments: inputs, outputs, state if there is one,
    parameters, start, stop.
    """

    def __init__(
        self, py: Callable[..., None], outputs: int, state: _Size, lookback: _Size, cost: _Cost
    ) -> None:
        code = py.__code__
        names = code.co_varnames[: code.co_argcount]
        types = [str(py.__annotations__[name]) for name in names]
        self.py = py
        self.name = self.__name__ = py.__name__
        self.__module__ = py.__module__
        self.__doc__ = py.__doc__
        self.params = tuple(n for n, t in zip(names[:-2], types, strict=False) if t in ("int", "float"))
        self.stateful = "state" in names
        self.variadic = types[0] == "Buffers"
        self.outputs = outputs
        self.buffers = len(names) - 2 - len(self.params)
        self.inputs = self.buffers - outputs - self.stateful
        self.spent = 0.0
        self._casts = tuple(int if t == "int" else float for t in types[self.buffers :])
        self._state, self._lookback, self._cost = state, lookback, cost
        self._dispatcher: Any = None
        self._built: set[int] = set()

    def __repr__(self) -> str:
        return f"<kernel {self.name}>"

    def __reduce__(self) -> str:
        return self.name

    def state_size(self, *params: Any) -> int:
        """How many floats of state a line needs with these parameters; 0 for a stateless kernel."""
        return self._state(*params) if callable(self._state) else self._state

    def new_state(self, *params: Any) -> array[float]:
        """Fresh state. A copy of it, put back, undoes a bar: that is how a bar is redone in a replay."""
        return array("d", bytes(8 * self.state_size(*params)))

    def lookback(self, *params: Any) -> int:
        """How many bars before the one computed must still be in the input and output buffers."""
        return self._lookback(*params) if callable(self._lookback) else self._lookback

    def estimate(self, bars: int, *params: Any) -> float:
        """Uncompiled cost of `bars` bars in nanoseconds, for `Policy.expect`."""
        return bars * (self._cost(*params) if callable(self._cost) else self._cost)

    def run(self, *args: Any) -> None:
        """Fill the outputs over [start, stop), compiled if that is the faster way."""
        bars = args[-1] - args[-2]
        if bars <= 0:
            return
        work = self.estimate(bars, *args[self.buffers : -2])
        if work < CALL_NS and not policy.always:
            self.py(*args)
        elif self._use_compiled(work, args):
            self._dispatcher(*self._as_arrays(args))
        else:
            self.py(*args)
            self.spent += work
            policy.spent += work

    __call__ = run

    def compiled(self, *args: Any) -> None:
        """Run the compiled form, whatever the amount of work; `RuntimeError` if there is none."""
        if not self._build(self._arity(args)):
            raise RuntimeError(f"kernel {self.name}: numba is not usable here")
        self._dispatcher(*self._as_arrays(args))

    def on_disk(self) -> bool:
        """Whether machine code of this kernel is likely to be in numba's cache already."""
        try:
            return self._make_dispatcher() and bool(self._cache_files())
        except Exception:  # asked before compiling, which then tells what is wrong
            return False

    def _use_compiled(self, work: float, args: tuple[Any, ...]) -> bool:
        if policy.never:
            return False
        arity = self._arity(args)
        return arity in self._built or (policy.worth_compiling(self, work) and self._build(arity))

    def _arity(self, args: tuple[Any, ...]) -> int:
        return len(args[0]) if self.variadic else 0

    def _build(self, arity: int) -> bool:
        """Compile, or load from the disk cache; False if numba cannot."""
        if arity in self._built:
            return True
        try:
            if not self._make_dispatcher():
                return False
            self._compile(self._signature(arity))
        except Exception as error:  # whatever ails numba, the uncompiled form still works
            policy.give_up(f"numba cannot compile {self.name}: {type(error).__name__}: {error}")
            return False
        self._built.add(arity)
        return True

    def _compile(self, signature: tuple[Any, ...]) -> None:
        try:
            self._dispatcher.compile(signature)
        except Exception:  # a damaged or unwritable cache raises anything: once more without it
            self._dispatcher = self._njit(cache=False)
            self._built.clear()
            self._dispatcher.compile(signature)

    def _make_dispatcher(self) -> bool:
        if self._dispatcher is not None:
            return True
        if not policy.load():
            return False
        try:
            self._dispatcher = self._njit(cache=True)
            self._drop_outdated()
        except (RuntimeError, OSError):  # no place to keep a cache, or not ours to change
            self._dispatcher = self._njit(cache=False)
        return True

    def _njit(self, cache: bool) -> Any:
        # No fast-math, and no error model that raises: results must not depend on the form.
        return policy.numba.njit(cache=cache, fastmath=False, nogil=True, error_model="numpy")(self.py)

    def _signature(self, arity: int) -> tuple[Any, ...]:
        types = policy.numba.types
        line = types.float64[::1]
        inputs = (types.UniTuple(line, arity),) if self.variadic else (line,) * self.inputs
        rest = (line,) * (self.buffers - self.inputs)
        return inputs + rest + tuple(types.int64 if cast is int else types.float64 for cast in self._casts)

    def _cache_files(self) -> list[Any]:
        from pathlib import Path

        folder = self._dispatcher.stats.cache_path
        module = self.py.__module__.rsplit(".", 1)[-1]
        name = f"{module}.{self.name}-{self.py.__code__.co_firstlineno}.*.nbi"
        return list(Path(folder).glob(name)) if folder else []

    def _drop_outdated(self) -> None:
        """Forget cached code older than any kernel file: numba looks at the kernel's own file only."""
        from pathlib import Path

        newest = max(path.stat().st_mtime for path in Path(__file__).parent.glob("*.py"))
        for path in self._cache_files():
            if path.stat().st_mtime < newest:
                path.unlink(missing_ok=True)

    def _as_arrays(self, args: tuple[Any, ...]) -> list[Any]:
        from numpy import frombuffer

        def view(buffer: Any) -> Any:
            floats = frombuffer(buffer)
            return floats if floats.flags.writeable else floats.copy()

        buffers = [view(a) for a in args[self.variadic : self.buffers]]
        if self.variadic:
            buffers.insert(0, tuple(view(a) for a in args[0]))
        return buffers + [cast(a) for cast, a in zip(self._casts, args[self.buffers :], strict=True)]


def kernel(
    *, outputs: int = 1, state: _Size = 0, lookback: _Size = 0, cost: _Cost = 60.0
) -> Callable[[Callable[..., None]], Kernel]:
    """Make a function a `Kernel`.

    `state` and `lookback` are numbers or functions of the parameters (see `Kernel.state_size`
    and `Kernel.lookback`); `cost` is the uncompiled time of a bar in nanoseconds.
    """

    def register(function: Callable[..., None]) -> Kernel:
        made = Kernel(function, outputs, state, lookback, cost)
        registry[made.name] = made
        return made

    return register
