"""Install packages that are built on backtrader beside this engine, and beside the original, to compare.

    python -m tools.thirdparty             make both environments, or say that they are there
    python -m tools.thirdparty --python    print the interpreter that has this engine, for scripts

The environments are ``.thirdparty/ours`` and ``.thirdparty/original``; the environment variable
``BACKTRADER_THIRDPARTY_DIR`` names another folder than ``.thirdparty``.  `tests/thirdparty` runs the
same scripts in both.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import venv
from pathlib import Path

from tools.oracle import ORACLE

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("BACKTRADER_THIRDPARTY_DIR") or ROOT / ".thirdparty").absolute()
#: Charts, statistics, a broker with its feed, indicators: each with the release that was tried.
PACKAGES = (
    "backtrader-plotting==2.0.0",
    "backtrader-plotly==1.5.0",
    "backtrader-binance==2.0.5",
    "cerebroview==0.8.2",
    "saksham-bt-ind==0.2",
    "quantstats==0.0.86",
    "plotly",
    "matplotlib",
    # some of these packages are older than the second versions of both
    "numpy<2",
    "pandas<3",
)
ENGINES = {"ours": ("-e", str(ROOT)), "original": (ORACLE.requirement,)}


def python(which: str) -> Path:
    """The interpreter of one of the environments, whether or not it exists yet."""
    return FOLDER / which / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def ready(which: str) -> bool:
    """Whether that environment has everything."""
    stamp = FOLDER / which / ".complete"
    return stamp.exists() and stamp.read_text() == _wanted(which)


def _wanted(which: str) -> str:
    return "\n".join((*ENGINES[which], *PACKAGES))


def install(which: str) -> bool:
    """Make the environment if it is not there yet; True when it can be used."""
    if ready(which):
        return True
    folder = FOLDER / which
    if folder.exists() and not (folder / "pyvenv.cfg").exists():
        # `clear` below empties the folder: never one that somebody keeps other things in.
        print(f"{folder} exists and is not a virtual environment: left alone", file=sys.stderr)
        return False
    print(f"Installing {' '.join(PACKAGES)} into {folder}", file=sys.stderr)
    venv.create(folder, with_pip=True, clear=True)
    pip = [str(python(which)), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    # in one call: a package that asks for another release of the engine is an error, not a replacement
    done = subprocess.run([*pip, *ENGINES[which], *PACKAGES], check=False, stdout=sys.stderr)
    if done.returncode == 0:
        (folder / ".complete").write_text(_wanted(which))
    return done.returncode == 0


def main(argv: list[str] | None = None) -> int:
    """Install both environments; the exit status says whether they are usable."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--python", action="store_true", help="print only the interpreter's path")
    args = parser.parse_args(argv)
    if not all(install(which) for which in ENGINES):
        print("The reason is above: no network, or a package that does not install here.", file=sys.stderr)
        return 1
    print(python("ours") if args.python else f"{FOLDER} is ready")
    return 0


if __name__ == "__main__":
    sys.exit(main())
