"""Packages that are built on backtrader: the same scripts with this engine and with the original.

They run when ``python -m tools.thirdparty`` (or ``make packages``) has made the two environments.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tools import thirdparty

SCRIPTS = Path(__file__).parent / "scripts"
NAMES = sorted(path.stem for path in SCRIPTS.glob("*.py") if path.stem != "sample")


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    missing = [which for which in thirdparty.ENGINES if not thirdparty.ready(which)]
    if missing:
        why = f"third-party packages are not installed ({', '.join(missing)}): run `make packages`"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)


def outcome(which: str, name: str, folder: Path, data: Path) -> list[object]:
    """What a script says under one of the engines."""
    folder.mkdir()
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [thirdparty.python(which), SCRIPTS / f"{name}.py", data],
        cwd=folder, env=env, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{which}: {done.stderr[-3000:]}"
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_package_says_the_same(name: str, tmp_path: Path, data_dir: Path) -> None:
    expected = outcome("original", name, tmp_path / "original", data_dir)
    assert expected
    assert outcome("ours", name, tmp_path / "ours", data_dir) == expected


def test_this_engine_is_the_one_in_use(root: Path) -> None:
    code = "import backtrader, importlib.metadata as m; print(backtrader.__file__, m.version('backtrader'))"
    done = subprocess.run([thirdparty.python("ours"), "-c", code], capture_output=True, text=True, check=True)
    file, version = done.stdout.split()
    assert Path(file).is_relative_to(root)
    assert version.startswith("2.")
