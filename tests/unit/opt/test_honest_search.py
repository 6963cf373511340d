"""The example of the guide says what the guide says it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_guide_shows_what_the_example_prints(tmp_path: Path) -> None:
    command = [sys.executable, "examples/honest_search.py", "--pictures", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    guide = (ROOT / "docs" / "guide" / "optimise-honestly.md").read_text(encoding="utf-8")
    shown = re.findall(r"```text\n(.*?)\n```", guide, re.DOTALL)
    assert len(shown) == 2
    for block in shown:
        for line in block.splitlines():
            assert line.rstrip() in [printed.rstrip() for printed in done.stdout.splitlines()]
    assert {path.name for path in tmp_path.iterdir()} == set(re.findall(r"img/(opt-[\w-]+\.png)", guide))
    assert all((ROOT / "docs" / "guide" / "img" / path.name).is_file() for path in tmp_path.iterdir())
