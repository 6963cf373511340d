"""When kernels are compiled, and that nothing about compiling can stop a run."""

from __future__ import annotations

import copy
import math
import os
import pickle
import subprocess
import sys
from array import array
from pathlib import Path
from typing import Any

import pytest

from backtrader.lines import kernels as k
from backtrader.lines.kernels import jit, threshold
from backtrader.lines.kernels.threshold import COMPILE_NS, LOAD_NS, START_NS, Policy

ROOT = Path(k.__file__).parents[3]

# Loads the kernels alone: what they import must not hide behind what the package does.
PRELUDE = """
import sys, types, warnings
from array import array
for name in ("backtrader", "backtrader.lines"):
    package = sys.modules[name] = types.ModuleType(name)
    package.__path__ = [sys.argv[1] + "/" + name.replace(".", "/")]
from backtrader.lines import kernels as k
from backtrader.lines.kernels.threshold import policy

def mean(bars, period=10):
    source, out = array("d", [n * 0.5 for n in range(bars)]), array("d", bytes(8 * bars))
    state = k.rolling_sum.new_state(period, float(period))
    k.rolling_sum.run(source, out, state, period, float(period), period - 1, bars)
    assert out[-1] == (bars - 1) * 0.5 - (period - 1) / 4
"""


def python(script: str, root: Path = ROOT, **environ: str) -> str:
    env = {**os.environ, **environ}
    command = [sys.executable, "-c", PRELUDE + script, str(root)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """A copy of the kernels nobody has compiled yet."""
    target = tmp_path / "installed/backtrader/lines/kernels"
    target.mkdir(parents=True)
    for path in Path(k.__file__).parent.glob("*.py"):
        (target / path.name).write_bytes(path.read_bytes())
    return tmp_path / "installed"


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Policy:
    """A policy as at the start of a process, where numba is installed but was not imported."""
    made = Policy({})
    monkeypatch.setattr(jit, "policy", made)
    monkeypatch.setattr(made, "load", lambda: True)
    monkeypatch.delitem(sys.modules, "numba", raising=False)
    return made


class FakeKernel:
    def __init__(self, spent: float = 0.0, cached: bool = False) -> None:
        self.spent, self.cached = spent, cached

    def on_disk(self) -> bool:
        return self.cached


# -- the choice ------------------------------------------------------------------------------


def test_numba_is_not_started_for_less_than_its_price(fresh: Policy) -> None:
    assert not fresh.worth_compiling(FakeKernel(cached=True), START_NS * 0.99)
    assert fresh.worth_compiling(FakeKernel(cached=True), START_NS)


def test_work_done_so_far_counts(fresh: Policy) -> None:
    fresh.spent = START_NS
    assert fresh.worth_compiling(FakeKernel(cached=True), LOAD_NS)
    assert not fresh.worth_compiling(FakeKernel(cached=False), LOAD_NS)
    assert fresh.worth_compiling(FakeKernel(spent=COMPILE_NS - LOAD_NS), LOAD_NS)


def test_announced_work_starts_numba_but_a_kernel_must_still_be_worth_it(fresh: Policy) -> None:
    fresh.expect(2 * START_NS)
    assert fresh.worth_compiling(FakeKernel(cached=True), LOAD_NS)
    assert not fresh.worth_compiling(FakeKernel(cached=True), LOAD_NS / 2)
    assert not fresh.worth_compiling(FakeKernel(cached=False), LOAD_NS)


def test_environment_forces_one_form() -> None:
    assert Policy({"BACKTRADER_JIT": "1"}).worth_compiling(FakeKernel(), 1.0)
    assert not Policy({"BACKTRADER_NOJIT": "1"}).worth_compiling(FakeKernel(cached=True), 1e18)
    assert not Policy({"BACKTRADER_NOJIT": "1", "BACKTRADER_JIT": "1"}).always
    assert not Policy({"BACKTRADER_JIT": "0"}).always


def test_uncompiled_runs_are_counted(fresh: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(k.larger, "spent", 0.0)
    monkeypatch.setattr(k.larger, "_built", set())
    line = array("d", [1.0]) * 1000
    k.larger.run(line, line, line[:], k.LINE, k.LINE, 0, 1000)
    assert k.larger.spent == fresh.spent == k.larger.estimate(1000, k.LINE, k.LINE) > 0.0


def test_an_empty_range_does_nothing() -> None:
    state = k.rolling_sum.new_state(5, 1.0)
    k.rolling_sum(array("d", [1.0]), array("d", [2.0]), state, 5, 1.0, 4, 1)
    assert list(state) == [0.0] * len(state)


# -- what a process imports ------------------------------------------------------------------


def test_a_daily_script_starts_neither_numba_nor_numpy() -> None:
    script = "for _ in range(30): mean(250)\nprint('numba' in sys.modules, 'numpy' in sys.modules)"
    assert python(script) == "False False\n"


def test_many_medium_runs_switch_to_compiled_code(private: Path) -> None:
    pytest.importorskip("numba")
    script = """
for count in range(500):
    mean(100_000)
    if k.rolling_sum._built:
        break
print(count)
"""
    # the first few in Python, the others by numpy, which costs a twentieth
    assert 50 <= int(python(script, private)) <= 400


def test_the_environment_reaches_the_choice(private: Path) -> None:
    pytest.importorskip("numba")
    script = "mean(20)\nprint(bool(k.rolling_sum._built))"
    assert python(script, private, BACKTRADER_JIT="1") == "True\n"
    script = "policy.spent = 1e18\nmean(200_000)\nprint('numba' in sys.modules)"
    assert python(script, private, BACKTRADER_NOJIT="1") == "False\n"


# -- trouble ---------------------------------------------------------------------------------

LONG = """
policy.spent = k.rolling_sum.spent = 1e18
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    mean(50_000)
    mean(50_000)
print(len(caught), bool(k.rolling_sum._built))
"""


def test_without_numba_one_warning_and_the_same_numbers() -> None:
    assert python("sys.modules['numba'] = None\n" + LONG) == "1 False\n"


def test_broken_numba_is_one_warning(tmp_path: Path) -> None:
    (tmp_path / "numba.py").write_text("raise ImportError('built for another Python')")
    script = f"sys.path.insert(0, {str(tmp_path)!r})\n" + LONG + "print(caught[0].message)"
    lines = python(script).splitlines()
    assert lines[0] == "1 False"
    assert "built for another Python" in lines[1]


def test_a_kernel_numba_cannot_compile_is_one_warning(private: Path) -> None:
    pytest.importorskip("numba")
    script = "k.rolling_sum._njit = lambda cache: 1 / 0\n" + LONG
    assert python(script, private) == "1 False\n"


def test_numba_switched_off_by_its_own_variable_is_respected(private: Path) -> None:
    pytest.importorskip("numba")
    assert python(LONG, private, NUMBA_DISABLE_JIT="1") == "0 False\n"


def test_no_place_for_a_cache(private: Path, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    blocker = tmp_path / "file"
    blocker.touch()
    (private / "backtrader/lines/kernels/__pycache__").touch()
    nowhere = {"HOME": str(blocker), "XDG_CACHE_HOME": str(blocker), "NUMBA_CACHE_DIR": ""}
    assert python(LONG, private, **nowhere) == "0 True\n"


def test_a_cache_elsewhere_is_used_and_damage_to_it_is_survived(private: Path, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    cache = tmp_path / "cache"
    environ = {"NUMBA_CACHE_DIR": str(cache)}
    hits = LONG + "print(sum(k.rolling_sum._dispatcher.stats.cache_hits.values()))"
    assert python(hits, private, **environ) == "0 True\n0\n"
    index = list(cache.rglob("rolling.*_sum-*.nbi"))
    assert len(index) == 1
    assert python(hits, private, **environ) == "0 True\n1\n"

    for path in cache.rglob("*.nb?"):
        path.write_bytes(path.read_bytes()[:40])
    assert python(LONG, private, **environ) == "0 True\n"


def test_code_compiled_before_a_helper_changed_is_not_used(private: Path, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    environ = {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    script = LONG + "print(sum(k.rolling_sum._dispatcher.stats.cache_hits.values()))"
    python(script, private, **environ)
    helper = private / "backtrader/lines/kernels/exact.py"
    later = helper.stat().st_mtime + 1000
    os.utime(helper, (later, later))
    assert python(script, private, **environ) == "0 True\n0\n"


# -- the object ------------------------------------------------------------------------------


def test_a_kernel_describes_itself() -> None:
    kernel = k.rolling_sum
    assert (kernel.inputs, kernel.outputs, kernel.stateful) == (1, 1, True)
    assert kernel.params == ("period", "divisor")
    assert kernel.lookback(7, 1.0) == 7
    assert kernel.state_size(7, 1.0) == len(kernel.new_state(7, 1.0)) == 6
    assert k.rolling_extreme.state_size(7, 1.0) > 7
    assert k.add.state_size(k.LINE, k.LINE) == 0
    assert k.ALL_KERNELS["rolling_sum"] is kernel
    assert repr(kernel) == "<kernel rolling_sum>"


@pytest.mark.parametrize("kernel", k.ALL_KERNELS.values(), ids=repr)
def test_copies_and_pickles_are_the_kernel_itself(kernel: k.Kernel) -> None:
    assert copy.deepcopy(kernel) is kernel
    assert pickle.loads(pickle.dumps(kernel)) is kernel


def test_read_only_inputs_and_whole_numbers_as_parameters_are_fine() -> None:
    pytest.importorskip("numba")
    source = memoryview(bytes(array("d", [1.0, 2.0, 4.0]))).cast("d")
    out, whole_number = array("d", bytes(24)), 2
    k.rolling_sum.compiled(source, out, k.rolling_sum.new_state(2, 1.0), 2, whole_number, 1, 3)
    assert list(out) == [0.0, 1.5, 3.0]


def test_compiled_refuses_where_there_is_no_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Policy({})
    monkeypatch.setattr(jit, "policy", made)
    monkeypatch.setattr(k.larger, "_built", set())
    monkeypatch.setattr(k.larger, "_dispatcher", None)
    monkeypatch.setattr(threshold, "find_spec", lambda name: None)
    line = array("d", [math.pi])
    with pytest.warns(RuntimeWarning, match="numba is not installed"), pytest.raises(RuntimeError):
        k.larger.compiled(line, line, line[:], k.LINE, k.LINE, 0, 1)
    out: Any = array("d", [0.0])
    k.larger(line, line, out, k.LINE, k.LINE, 0, 1)
    assert out[0] == math.pi
