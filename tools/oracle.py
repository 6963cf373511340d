"""Install the original engine where the tests can compare with it and the product cannot see it.

    python tools/oracle.py             install (or find) it and say so
    python tools/oracle.py --python    print the interpreter that has it, for scripts
    python tools/oracle.py --peer      the same for the optional C++ peer of the benchmarks

The folders are ``.oracle/`` and ``.peer/`` in the repository; the environment variables
``BACKTRADER_ORACLE_DIR`` and ``BACKTRADER_PEER_DIR`` name others, and with ``_PYTHON``
instead of ``_DIR`` an interpreter that has the engine already. Each is a virtual
environment of its own, so nothing here can import it by accident.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Engine:
    """One engine to compare with: what to install, where, and how to know that it is there."""

    requirement: str
    module: str
    folder: str
    variable: str

    @property
    def directory(self) -> Path:
        """The environment's folder, from the variable if that is set."""
        return Path(os.environ.get(f"{self.variable}_DIR") or ROOT / self.folder).absolute()

    @property
    def given(self) -> str | None:
        """The interpreter that somebody else has set up, if one is named."""
        return os.environ.get(f"{self.variable}_PYTHON")

    @property
    def python(self) -> Path:
        """The interpreter that has the engine, whether or not it exists yet."""
        if self.given:
            return Path(self.given)
        return self.directory / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def installed(self) -> bool:
        """Whether that interpreter runs and has exactly the version asked for."""
        name, _, version = self.requirement.partition("==")
        return self.version_of(name, self.module) == version

    def version_of(self, name: str, module: str) -> str | None:
        """The version of a package that the interpreter has and can import; None if it cannot."""
        probe = f"import {module}; from importlib.metadata import version; print(version({name!r}))"
        try:
            # -I: neither the current folder nor PYTHONPATH may lend it another engine.
            done = subprocess.run(
                [self.python, "-I", "-c", probe], capture_output=True, text=True, check=False
            )
        except OSError:
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    def pip_install(self, *requirements: str) -> None:
        """Install packages; pip itself says on standard error what went wrong."""
        pip = [str(self.python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, *requirements], check=False, stdout=sys.stderr)


ORACLE = Engine("backtrader==1.9.78.123", "backtrader", ".oracle", "BACKTRADER_ORACLE")
PEER = Engine("back-trader-cpp==0.38.0", "back_trader", ".peer", "BACKTRADER_PEER")


def install(engine: Engine) -> bool:
    """Make the environment if it is not there yet; True when the engine can be used."""
    if engine.installed:
        return True
    if engine.given:
        print(f"{engine.variable}_PYTHON names {engine.given}, which does not have it", file=sys.stderr)
        return False
    if engine.directory.exists() and not (engine.directory / "pyvenv.cfg").exists():
        # `clear` below empties the folder: never one that somebody keeps other things in.
        print(f"{engine.directory} exists and is not a virtual environment: left alone", file=sys.stderr)
        return False
    print(f"Installing {engine.requirement} into {engine.directory}", file=sys.stderr)
    venv.create(engine.directory, with_pip=True, clear=True)
    engine.pip_install(engine.requirement, "numpy", "pandas")
    return engine.installed


@dataclass(frozen=True)
class Shared:
    """A package that both engines use; different releases of it would be compared, not the engines."""

    name: str
    module: str
    extra: str

    @property
    def ours(self) -> str | None:
        """The release that is installed here."""
        try:
            return metadata.version(self.name)
        except metadata.PackageNotFoundError:
            return None

    @property
    def missing(self) -> str | None:
        """Why what uses the package cannot be compared; None if both engines have the same release."""
        if self.ours is None:
            return f"{self.name} is not installed here: pip install 'backtrader[{self.extra}]'"
        theirs = ORACLE.version_of(self.name, self.module)
        if theirs == self.ours:
            return None
        beside = f"{theirs or 'none'} beside the original"
        return f"{self.name} {self.ours} here, {beside}: run `python tools/oracle.py`"


TALIB = Shared("TA-Lib", "talib", "talib")
MATPLOTLIB = Shared("matplotlib", "matplotlib", "plot")
STATSMODELS = Shared("statsmodels", "statsmodels", "stats")


def install_shared() -> None:
    """The shared packages of here beside the original too; without one, the rest can be compared."""
    wanted = [
        f"{one.name}=={one.ours}" for one in (TALIB, MATPLOTLIB, STATSMODELS) if one.ours and one.missing
    ]
    if not wanted or ORACLE.given:
        return
    for requirement in wanted:
        print(f"Installing {requirement} into {ORACLE.directory}", file=sys.stderr)
        ORACLE.pip_install(requirement)
    (ORACLE.directory / "pyvenv.cfg").touch()  # what was recorded with other releases is worthless


def main(argv: list[str] | None = None) -> int:
    """Install what the arguments ask for; the exit status says whether it is usable."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peer", action="store_true", help="the C++ peer instead of the original")
    parser.add_argument("--python", action="store_true", help="print only the interpreter's path")
    args = parser.parse_args(argv)
    engine = PEER if args.peer else ORACLE
    if not install(engine):
        print(
            f"{engine.requirement} is not available: the reason is above. Without a network, install it "
            f"in an environment elsewhere and set {engine.variable}_DIR to that folder.",
            file=sys.stderr,
        )
        return 1
    if engine is ORACLE:
        install_shared()
    print(engine.python if args.python else f"{engine.requirement} is ready: {engine.python}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
