"""What a kernel is, and how numba makes machine code of it.

A kernel is a plain Python function over float buffers. Short runs call it as it is; long
ones call the compiled form. Both give the same bits, so the choice (`threshold`) is only
about time.
"""

from __future__ import annotations

import warnings
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from .threshold import CALL_NS, VECTORS_NS, VECTORS_SHARE, policy


class Buffer(Protocol):
    """Float memory as kernels see it: a memoryview, an `array('d')` or a numpy array."""

    def __getitem__(self, index: int, /) -> float: ...

    def __setitem__(self, index: int, value: float, /) -> None: ...


Array = Any
"""Float memory as compiled code has it: it can be cut into parts, which Python's own arrays would copy."""

Buffers = tuple[Buffer, ...]
"""Any number of input lines, for the kernels that reduce across lines."""

_Size = int | Callable[..., int]
_Cost = float | Callable[..., float]

PIECE = 16384
"""Bars a span works on at a time: what they need fits into the processor's own memory."""

registry: dict[str, Kernel] = {}
"""Every kernel by name, in the order of definition."""


@dataclass(frozen=True)
class Span:
    """The form for whole stretches of a kernel in which no bar depends on another bar's result.

    ``function(*operands, out, *parameters)`` works on arrays that all begin at the same bar, which is what
    machine code needs to handle several bars at once; constants come as arrays too, so there are no masks.
    ``numpy`` says that it is a function of numpy, which gets the module as its first argument, instead of one
    to compile. ``reads`` are the operands: (which input, how many bars ago), by default each input as it is.
    """

    function: Callable[..., Any]
    numpy: bool = False
    reads: Callable[..., tuple[tuple[int, int], ...]] | None = None


def by_numpy(function: Callable[..., Any]) -> Span:
    """The `Span` of a function of numpy."""
    return Span(function, numpy=True)


class Kernel:
    """One primitive in both forms: `py`, the plain function, and `compiled`.

    `py` is what an event loop calls for each bar; `run` (or calling the kernel) picks the
    form by the amount of work. Arguments: inputs, outputs, state if there is one,
    parameters, start, stop.
    """

    def __init__(
        self,
        py: Callable[..., None],
        outputs: int = 1,
        state: _Size = 0,
        lookback: _Size | None = 0,
        cost: _Cost = 60.0,
        compiled: Callable[..., None] | None = None,
        span: Span | None = None,
        types: dict[str, str] | None = None,
        own: bool = False,
        vectors: Callable[..., None] | None = None,
    ) -> None:
        code = py.__code__
        names = code.co_varnames[: code.co_argcount]
        said = types if types is not None else py.__annotations__
        kinds = [str(said[name]) for name in names]
        self.py = py
        self.own = own  # written by a user: if it cannot be compiled, the others still can
        self.name = self.__name__ = py.__name__
        self.__module__ = py.__module__
        self.__doc__ = py.__doc__
        self.params = tuple(n for n, t in zip(names[:-2], kinds, strict=False) if t in ("int", "float"))
        self.stateful = "state" in names
        self.variadic = kinds[0] == "Buffers"
        self.outputs = outputs
        self.buffers = len(names) - 2 - len(self.params)
        self.inputs = self.buffers - outputs - self.stateful
        self.spent = 0.0
        self.span = span
        self._vectors = vectors
        self._source: Callable[..., Any] = span.function if span is not None else compiled or py
        self._casts = tuple(int if t == "int" else float for t in kinds[self.buffers :])
        masked = {n.removesuffix("_mask"): i for i, n in enumerate(self.params) if n.endswith("_mask")}
        self._masks = tuple(masked.get(n) for n in names[: self.inputs])
        self._plain = tuple(i for i, n in enumerate(self.params) if not n.endswith("_mask"))
        self._state, self._lookback, self._cost = state, lookback, cost
        self._dispatcher: Any = None
        self._built: set[int] = set()
        self._broken = False

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
        if self._lookback is None:
            raise ValueError(f"kernel {self.name}: how far it looks back is not known")
        return self._lookback(*params) if callable(self._lookback) else self._lookback

    @property
    def divisible(self) -> bool:
        """Whether it is known how far the kernel looks back, so that memory may hold a part of the bars."""
        return self._lookback is not None

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
            return
        vectors = self._by_vectors(work)
        if vectors is not None:
            work *= VECTORS_SHARE
        if self._use_compiled(work, args):
            self._run_compiled(args)
            return
        if vectors is not None:
            vectors(self.py, *args)
        else:
            self.py(*args)
        self.account(work)

    def _by_vectors(self, work: float) -> Callable[..., None] | None:
        worth = work >= VECTORS_NS and not policy.never
        return self._vectors if self._vectors is not None and worth and policy.worth_numpy(work) else None

    __call__ = run

    def account(self, work: float) -> None:
        """Note that so much work was done uncompiled: it counts when compiling is weighed."""
        self.spent += work
        policy.spent += work

    def compiled(self, *args: Any) -> None:
        """Run the compiled form, whatever the amount of work; `RuntimeError` if there is none."""
        if not self._build(self._arity(args)):
            raise RuntimeError(f"kernel {self.name}: numba is not usable here")
        self._run_compiled(args)

    def _run_compiled(self, args: tuple[Any, ...]) -> None:
        if self.span is None:
            self._dispatcher(*self._as_arrays(args))
            return
        params, (start, stop) = args[self.buffers : -2], args[-2:]
        buffers = [as_array(buffer) for buffer in args[: self.inputs + 1]]
        operands = [
            (
                constant_piece(buffers[which], PIECE) if self.is_constant(which, params) else buffers[which],
                which,
                ago,
            )
            for which, ago in self.reads(params)
        ]
        call, plain = self.span_call(), self.span_params(params)
        with quiet_arithmetic():
            for first in range(start, stop, PIECE):
                last = min(first + PIECE, stop)
                pieces = [
                    x[: last - first] if self.is_constant(which, params) else x[first - ago : last - ago]
                    for x, which, ago in operands
                ]
                call(*pieces, buffers[-1][first:last], *plain)

    # -- as a span ---------------------------------------------------------------------------------
    def reads(self, params: tuple[Any, ...]) -> tuple[tuple[int, int], ...]:
        """The operands of the span: (which input, how many bars ago)."""
        reads = self.span.reads if self.span is not None else None
        return reads(*params) if reads is not None else tuple((i, 0) for i in range(self.inputs))

    def span_params(self, params: tuple[Any, ...]) -> list[Any]:
        """The parameters of the span: those of the kernel without the masks."""
        return [self._casts[i](params[i]) for i in self._plain]

    def span_call(self) -> Callable[..., Any]:
        """What computes a span; the kernel must be usable compiled."""
        if self.span is not None and self.span.numpy:
            import numpy

            return partial(self.span.function, numpy)
        call: Callable[..., Any] = self._dispatcher
        return call

    def ready(self, bars: int, params: tuple[Any, ...]) -> bool:
        """Whether `bars` bars should be computed compiled; the compiled form then is ready to be called."""
        if self.variadic or not self.divisible:
            return False
        work = self.estimate(bars, *params)
        return self._use_compiled(work * (VECTORS_SHARE if self._by_vectors(work) else 1.0), ())

    def native(self) -> Callable[..., Any]:
        """The compiled form, for arrays and parameters as `cast_params` gives them; it must be ready."""
        call: Callable[..., Any] = self._dispatcher
        return call

    def cast_params(self, params: tuple[Any, ...]) -> list[Any]:
        """Parameters as the compiled form takes them."""
        return [cast(x) for cast, x in zip(self._casts, params, strict=False)]

    def is_constant(self, which: int, params: tuple[Any, ...]) -> bool:
        """Whether that input is a constant, as the masks among the parameters say."""
        mask = self._masks[which]
        return mask is not None and params[mask] == 0

    def on_disk(self) -> bool:
        """Whether machine code of this kernel is likely to be in numba's cache already."""
        try:
            return self._make_dispatcher() and bool(self._cache_files())
        except Exception:  # asked before compiling, which then tells what is wrong
            return False

    def _use_compiled(self, work: float, args: tuple[Any, ...]) -> bool:
        if self.span is not None and self.span.numpy:
            return policy.worth_numpy(work)
        if policy.never or self._broken:
            return False
        arity = self._arity(args)
        return arity in self._built or (policy.worth_compiling(self, work) and self._build(arity))

    def _arity(self, args: tuple[Any, ...]) -> int:
        return len(args[0]) if self.variadic else 0

    def _build(self, arity: int) -> bool:
        """Compile, or load from the disk cache; False if numba cannot."""
        if arity in self._built or (self.span is not None and self.span.numpy):
            return True
        try:
            if not self._make_dispatcher():
                return False
            self._compile(self._signature(arity))
        except Exception as error:  # whatever ails numba, the uncompiled form still works
            reason = f"numba cannot compile {self.name}: {type(error).__name__}: {error}"
            if self.own:
                self._broken = True
                warnings.warn(f"{reason}\nIt works as it is, and slower", RuntimeWarning, stacklevel=2)
            else:
                policy.give_up(reason)
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
        return policy.numba.njit(cache=cache, fastmath=False, nogil=True, error_model="numpy")(self._source)

    def _signature(self, arity: int) -> tuple[Any, ...]:
        types = policy.numba.types
        line = types.float64[::1]
        kinds = tuple(types.int64 if cast is int else types.float64 for cast in self._casts)
        if self.span is not None:
            operands = len(self.reads((1,) * len(self.params)))
            return (line,) * (operands + 1) + tuple(kinds[i] for i in self._plain)
        inputs = (types.UniTuple(line, arity),) if self.variadic else (line,) * self.inputs
        # start and stop are no parameters, yet whole numbers as well
        return inputs + (line,) * (self.buffers - self.inputs) + kinds

    def _cache_files(self) -> list[Any]:
        from pathlib import Path

        folder, source = self._dispatcher.stats.cache_path, self._source
        module = source.__module__.rsplit(".", 1)[-1]
        function = source.__qualname__.replace("<", "").replace(">", "")
        name = f"{module}.{function}-{source.__code__.co_firstlineno}.*.nbi"
        return list(Path(folder).glob(name)) if folder else []

    def _drop_outdated(self) -> None:
        """Forget cached code older than any kernel file: numba looks at the kernel's own file only."""
        from pathlib import Path

        newest = max(path.stat().st_mtime for path in Path(__file__).parent.glob("*.py"))
        for path in self._cache_files():
            if path.stat().st_mtime < newest:
                path.unlink(missing_ok=True)

    def _as_arrays(self, args: tuple[Any, ...]) -> list[Any]:
        buffers = [as_array(a) for a in args[self.variadic : self.buffers]]
        if self.variadic:
            buffers.insert(0, tuple(as_array(a) for a in args[0]))
        return buffers + [cast(a) for cast, a in zip(self._casts, args[self.buffers :], strict=True)]


class _Writable:
    """Memory that says of itself that it may be written, whatever its buffer says."""

    def __init__(self, floats: Any) -> None:
        self.kept = floats
        self.__array_interface__ = {**floats.__array_interface__, "data": (floats.ctypes.data, False)}


def as_array(buffer: Any) -> Any:
    """A buffer of floats as an array on the same memory.

    Read-only memory too becomes an array that could be written, since compiled kernels take no other;
    they never write to an input.
    """
    from numpy import asarray, frombuffer

    floats = frombuffer(buffer)
    return floats if floats.flags.writeable else asarray(_Writable(floats))


def constant_piece(value: Any, bars: int) -> Any:
    """The one value of a buffer, for all bars of a piece."""
    from numpy import full

    return full(bars, value[0])


def quiet_arithmetic() -> Any:
    """While it is entered, numpy does not warn of what IEEE arithmetic has values for."""
    from numpy import errstate

    return errstate(all="ignore")


def kernel(
    *,
    outputs: int = 1,
    state: _Size = 0,
    lookback: _Size = 0,
    cost: _Cost = 60.0,
    compiled: Callable[..., None] | None = None,
    span: Span | None = None,
    vectors: Callable[..., None] | None = None,
) -> Callable[[Callable[..., None]], Kernel]:
    """Make a function a `Kernel`.

    `state` and `lookback` are numbers or functions of the parameters (see `Kernel.state_size`
    and `Kernel.lookback`); `cost` is the uncompiled time of a bar in nanoseconds. The same function
    is compiled unless there is another way to the same bits that is faster as machine code: a function
    with the same arguments, `compiled`, or a `span`. `vectors` does the same by numpy, for stretches
    that are too short to compile for; its first argument is the plain function.
    """

    def register(function: Callable[..., None]) -> Kernel:
        made = Kernel(function, outputs, state, lookback, cost, compiled, span, vectors=vectors)
        registry[made.name] = made
        return made

    return register
