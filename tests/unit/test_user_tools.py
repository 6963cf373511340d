"""The tools for users: optional packages, and where a strategy spends its time."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest

from tools import install_deps, profile_strategy

# --- install_deps --------------------------------------------------------------------------------


def test_the_list_says_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert install_deps.main(["--list"]) == 0
    rows = {line.split()[0]: line.split()[1] for line in capsys.readouterr().out.splitlines()[1:] if line}
    for package in install_deps.PACKAGES:
        there = importlib.util.find_spec(package.module) is not None
        assert (rows[package.name] != "-") == there, package.name
    assert rows["pandas"] == __import__("pandas").__version__


def test_every_optional_package_of_the_project_is_listed(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    plain = re.compile(r"^[A-Za-z0-9_.-]+")
    wanted = {
        plain.match(requirement)[0].lower().replace("_", "-")  # type: ignore[index]
        for extra, requirements in project["optional-dependencies"].items()
        if extra not in ("dev", "docs")
        for requirement in requirements
    }
    assert wanted <= {package.name.lower().replace("_", "-") for package in install_deps.PACKAGES}


def test_every_package_the_engine_asks_for_is_listed(root: Path) -> None:
    asked = {
        name.partition(".")[0]
        for path in (root / "backtrader").rglob("*.py")
        for name in re.findall(r'\brequire\(\s*"([\w.]+)"', path.read_text())
    }
    assert {"pyarrow", "yfinance", "akshare", "ccxt", "matplotlib"} <= asked
    assert asked <= {package.module for package in install_deps.PACKAGES}


def test_all_is_one_command_with_what_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.util.find_spec
    gone = {"yfinance", "akshare"}
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in gone else object())
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: pytest.fail("installed something"))
    assert install_deps.main(["--all", "--dry-run"]) == 0
    assert capsys.readouterr().out.strip() == f"{sys.executable} -m pip install yfinance akshare"
    assert install_deps.main(["online", "--dry-run"]) == 0
    assert capsys.readouterr().out.endswith("-m pip install yfinance akshare\n")
    gone.clear()
    assert install_deps.main(["--all"]) == 0
    assert "installed already" in capsys.readouterr().out
    monkeypatch.setattr(importlib.util, "find_spec", real)


def test_installing_runs_pip_and_gives_its_status(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []

    def run(command: list[str], check: bool) -> subprocess.CompletedProcess[str]:
        ran.append(command)
        return subprocess.CompletedProcess(command, 7)

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(subprocess, "run", run)
    assert install_deps.main(["talib"]) == 7
    assert ran == [[sys.executable, "-m", "pip", "install", "TA-Lib"]]


def test_an_unknown_name_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert install_deps.main(["nosuch"]) == 2
    assert "--list shows the names" in capsys.readouterr().err


# --- profile_strategy ------------------------------------------------------------------------------

HELPER = """
def slow(n):
    total = 0
    for i in range(n):
        total += i * i
    return total
"""

SCRIPT = """
import sys
import backtrader as bt
from helper import slow

class Waster(bt.Strategy):
    def __init__(self):
        self.sma = bt.ind.SMA(period=5)

    def next(self):
        self.cheap = 1
        self.waste = slow(20000)

cerebro = bt.Cerebro()
cerebro.adddata(bt.feeds.GenericCSVData(dataname={data!r}, dtformat="%Y-%m-%d"))
cerebro.addstrategy(Waster)
cerebro.run()
print("arguments", sys.argv[1:], __name__)
sys.exit(3)
"""


@pytest.fixture
def script(root: Path, tmp_path: Path) -> Path:
    (tmp_path / "helper.py").write_text(HELPER)
    path = tmp_path / "script.py"
    path.write_text(SCRIPT.format(data=str(root / "tests/data/acme-2020.csv")))
    return path


def profiled(root: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "tools/profile_strategy.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_counting_finds_the_expensive_line(root: Path, script: Path) -> None:
    if importlib.util.find_spec("line_profiler") is None:
        pytest.skip("line_profiler is not installed: pip install 'backtrader[profile]'")
    done = profiled(root, "--top", 5, script, "-a", "1")
    assert done.returncode == 3, done.stderr
    assert done.stdout == "arguments ['-a', '1'] __main__\n"
    lines = done.stderr.splitlines()
    top = lines[lines.index("    seconds  share       hits  line") + 1]
    # 254 bars, the average needs five
    assert re.search(r" 250  script\.py:12: self\.waste = slow\(20000\)$", top) or "helper.py" in top, (
        done.stderr
    )
    assert re.search(r" 250  script\.py:12: ", done.stderr)
    assert re.search(r"5,000,000  helper\.py:5: total \+= i \* i", done.stderr)
    assert "Waster.next" in done.stderr


def test_sampling_finds_the_expensive_line(root: Path, script: Path) -> None:
    # longer than any import takes, also on a busy machine
    script.write_text(script.read_text().replace("slow(20000)", "slow(200000)"))
    done = profiled(root, "--sampling", script)
    assert done.returncode == 3, done.stderr
    lines = done.stderr.splitlines()
    first = lines.index("    seconds  share       hits  line") + 1
    assert "helper.py" in lines[first], done.stderr
    by_function = next(line for line in lines if line.endswith("  slow"))
    assert float(by_function.split("%")[0].split()[-1]) > 40


def test_a_script_that_fails_is_reported_all_the_same(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(
        textwrap.dedent("""
        def fail():
            raise KeyError("gone")

        fail()
    """)
    )
    done = profiled(root, path)
    assert done.returncode == 1
    assert "KeyError: 'gone'" in done.stderr
    assert "seconds, " in done.stderr


def test_a_script_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        profile_strategy.main([str(tmp_path / "gone.py")])
