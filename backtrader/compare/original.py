"""The original engine: where it is kept, and how it gets there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from ..errors import BacktraderError

ORIGINAL_VERSION = "1.9.78.123"

#: A folder that has the original as a package, instead of the one in the cache.
FOLDER_VARIABLE = "BACKTRADER_ORIGINAL_DIR"
#: Where things that can be made again are kept.
CACHE_VARIABLE = "BACKTRADER_CACHE_DIR"


class OriginalMissing(BacktraderError):
    """The original engine is not there and could not be installed."""


def cache_folder() -> Path:
    """The user's cache folder for this package, by the customs of the system."""
    given = os.environ.get(CACHE_VARIABLE)
    if given:
        return Path(given)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "backtrader"


def find_original(say: Callable[[str], object] = lambda text: None) -> Path:
    """The folder that holds the original as a package ``backtrader``; installed on first use.

    It is a folder of its own, not an environment: the script runs with the same Python and the same
    packages under both engines, so only the engine differs.
    """
    given = os.environ.get(FOLDER_VARIABLE)
    if given:
        if not _holds_original(Path(given)):
            raise OriginalMissing(f"{FOLDER_VARIABLE}={given}: no backtrader {ORIGINAL_VERSION} in there")
        return Path(given)
    folder = cache_folder() / f"original-{ORIGINAL_VERSION}"
    if not _holds_original(folder):
        say(f"installing backtrader {ORIGINAL_VERSION} into {folder} (first use only)")
        _install(folder)
    return folder


def _holds_original(folder: Path) -> bool:
    metadata = folder / f"backtrader-{ORIGINAL_VERSION}.dist-info" / "METADATA"
    return metadata.is_file() and (folder / "backtrader" / "__init__.py").is_file()


def _install(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="installing-") as fresh:
        command = [
            sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps",
            "--target", fresh, f"backtrader=={ORIGINAL_VERSION}",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode or not _holds_original(Path(fresh)):
            reason = (done.stderr or done.stdout).strip().splitlines()
            raise OriginalMissing(
                f"backtrader {ORIGINAL_VERSION} could not be installed"
                + (f": {reason[-1]}" if reason else "")
                + ". Install it elsewhere "
                f"(pip install --no-deps --target FOLDER backtrader=={ORIGINAL_VERSION}) "
                f"and set {FOLDER_VARIABLE}=FOLDER"
            )
        if folder.exists():
            shutil.rmtree(folder)  # a half-finished one
        os.replace(fresh, folder)
        os.mkdir(fresh)  # for the context manager to remove
