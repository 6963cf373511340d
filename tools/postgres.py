"""A PostgreSQL server of one's own, for tests: in a temporary folder, on loopback, gone at the end.

The programs are looked for on the path and where distributions put them; a folder of them is named by
``BACKTRADER_POSTGRES_BIN``.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = (
    "no PostgreSQL server: install it (apt-get install postgresql, brew install postgresql) or name the "
    "folder of its programs in BACKTRADER_POSTGRES_BIN"
)
_PLACES = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt")


def find_postgres() -> Path | None:
    """The folder with ``initdb`` and ``postgres``, or None."""
    named = os.environ.get("BACKTRADER_POSTGRES_BIN")
    if named:
        return Path(named) if (Path(named) / "postgres").exists() else None
    for place in _PLACES:
        found = sorted(Path(place).glob("*/bin/postgres"), key=_version)
        if found:
            return found[-1].parent
    program = shutil.which("postgres")
    return Path(program).parent if program and (Path(program).parent / "initdb").exists() else None


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in path.parent.parent.name.split(".") if part.isdigit())


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a running server."""
    programs = find_postgres()
    if programs is None:
        raise RuntimeError(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="bt-postgres-"))
    data, as_user = folder / "data", _as_other_user(folder)
    try:
        make = [programs / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync"]
        _run([*as_user, *map(str, make)], folder)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        control = [*as_user, str(programs / "pg_ctl"), "-D", str(data), "-w"]
        options = f"-h 127.0.0.1 -p {port} -k {folder} -F -c max_connections=40"
        _run([*control, "-l", str(folder / "log"), "-o", options, "start"], folder)
        try:
            yield f"postgresql://tester@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "fast", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_other_user(folder: Path) -> list[str]:
    """The server refuses to run as root: there it is started as a user who may do nothing else."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return []
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, user)
    return ["runuser", "-u", user, "--"]


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=120
    )
    if done.returncode:
        log = folder / "log"
        tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        raise RuntimeError(f"{Path(command[-1]).name}: {done.stderr.strip()}\n{tail}")
