"""When compiling is worth its price, and what compiled code calls instead of Python."""

from __future__ import annotations

import os
import sys
import warnings
from array import array
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol, TypeVar

# Prices in nanoseconds, in units of the machine the `cost` of the kernels was measured on:
# only their ratio matters, and that travels between machines.
CALL_NS = 4e3  # turning buffers into arrays and entering compiled code
LOAD_NS = 6e6  # one kernel from the disk cache, once numba is up
START_NS = 250e6  # importing numba and the first load, which brings LLVM up
COMPILE_NS = 100e6  # one kernel that is not in the disk cache yet; later processes profit as well
NUMPY_NS = 60e6  # importing numpy
VECTORS_NS = 50e3  # some twenty calls of numpy
VECTORS_SHARE = 0.05  # what work costs by numpy, of what it costs uncompiled


_Function = TypeVar("_Function", bound=Callable[..., Any])

_helpers: list[tuple[Callable[..., Any], Callable[..., Any]]] = []


def helper(function: _Function) -> _Function:
    """Let kernels call `function`: it stays plain Python, and compiles along with them."""
    _helpers.append((function, function))
    return function


def twin(compiled: Callable[..., Any]) -> Callable[[_Function], _Function]:
    """Like `helper`, where compiled code needs another way to the same result.

    For what numba cannot express (`math.fsum`, exceptions of `**`); both ways must agree
    in every bit, which the tests check.
    """

    def register(function: _Function) -> _Function:
        _helpers.append((function, compiled))
        return function

    return register


def scratch(size: int) -> Any:
    """Memory for compiled code to work in; what is in it at first is anything."""
    return array("d", bytes(8 * size))


class Candidate(Protocol):
    """What the policy asks of a kernel."""

    spent: float

    def on_disk(self) -> bool: ...


class Policy:
    """Decides between the two forms of a kernel; one instance, `policy`, for the process.

    The rule is the one for renting or buying: work goes on uncompiled until as much time
    went into it as compiling would have cost. So the total is never more than about twice
    the best choice, whatever comes.
    """

    def __init__(self, environ: Any = os.environ) -> None:
        self.never = environ.get("BACKTRADER_NOJIT", "") not in ("", "0")
        self.always = not self.never and environ.get("BACKTRADER_JIT", "") not in ("", "0")
        self.spent = 0.0
        self.expected = 0.0
        self.repeats = 1.0  # how often all work is going to be done again: a search runs many times
        self.numba: Any = None
        self._warned = False

    def expect(self, work_ns: float) -> None:
        """Announce the uncompiled cost of a run that is about to start (`Kernel.estimate`).

        Optional: with it the first of several long kernels is compiled already.
        """
        self.expected = work_ns

    def worth_compiling(self, kernel: Candidate, work_ns: float) -> bool:
        """Whether `kernel`, about to do `work_ns` of uncompiled work, should be compiled."""
        if self.always or self.never:
            return self.always
        work_ns *= self.repeats
        loaded = self.numba is not None or "numba" in sys.modules
        if not loaded and self.spent + max(work_ns, self.expected) < START_NS:
            return False
        if kernel.spent + work_ns < LOAD_NS:
            return False
        if not self.load():
            return False
        return kernel.on_disk() or kernel.spent + work_ns >= COMPILE_NS

    def worth_numpy(self, work_ns: float) -> bool:
        """Whether `work_ns` of uncompiled work should be done by functions of numpy."""
        if self.always or "numpy" in sys.modules:
            return True
        return self.spent + max(work_ns, self.expected) >= NUMPY_NS and find_spec("numpy") is not None

    def load(self) -> bool:
        """Import numba and make the helpers known to it; False, with one warning, if impossible."""
        if self.numba is not None:
            return True
        if find_spec("numba") is None:
            self.give_up("numba is not installed; long runs are faster with it: pip install numba")
            return False
        try:
            numba: Any = import_module("numba")
            overload = import_module("numba.extending").overload
            empty = import_module("numpy").empty

            if numba.config.DISABLE_JIT:
                self.never, self.always = True, False
                return False
            for function, compiled in _helpers:
                overload(function, strict=False)(_always(compiled))
            overload(scratch, strict=False)(_always(lambda size: empty(size)))
        except Exception as error:  # a broken installation must not stop a run that can do without
            self.give_up(f"numba cannot be used, running uncompiled: {type(error).__name__}: {error}")
            return False
        self.numba = numba
        return True

    def give_up(self, reason: str) -> None:
        """Stay uncompiled for the rest of the process and say why, once."""
        self.never, self.always = True, False
        if not self._warned:
            self._warned = True
            warnings.warn(reason, RuntimeWarning, stacklevel=2)


def _always(function: Callable[..., Any]) -> Callable[..., Any]:
    def implementation(*args: Any, **kwargs: Any) -> Callable[..., Any]:
        return function

    return implementation


policy = Policy()
