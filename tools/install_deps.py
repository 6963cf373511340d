"""Optional packages: which are there, what they are for, one command to get them.

    python tools/install_deps.py --list            what there is and what is installed
    python tools/install_deps.py yfinance pyarrow  install some
    python tools/install_deps.py online            install what an extra brings
    python tools/install_deps.py --all             install all that are missing

They go into the environment of the Python that runs this. Nothing here is needed for a backtest
from CSV files.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata


@dataclass(frozen=True)
class Package:
    """An optional package: what pip calls it, what it is imported as, what it is for."""

    name: str
    module: str
    extra: str
    use: str

    @property
    def version(self) -> str | None:
        """The version that is installed; None if it is not."""
        if importlib.util.find_spec(self.module.partition(".")[0]) is None:
            return None
        try:
            return metadata.version(self.name)
        except metadata.PackageNotFoundError:
            return "?"


#: ``extra`` is the extra of this distribution that brings the package, empty if none does.
PACKAGES = (
    Package("numba", "numba", "", "compiled kernels: long runs many times faster"),
    Package("pandas", "pandas", "pandas", "feeds from data frames, ParallelCSVLoader"),
    Package("pyarrow", "pyarrow", "parquet", "Parquet in pieces, CSV folders in parallel"),
    Package("matplotlib", "matplotlib", "plot", "cerebro.plot()"),
    Package("TA-Lib", "talib", "talib", "bt.talib: the indicators of TA-Lib"),
    Package("yfinance", "yfinance", "online", "prices from Yahoo Finance"),
    Package("akshare", "akshare", "online", "Chinese shares, indices, funds and futures"),
    Package("ccxt", "ccxt", "online", "candles of crypto exchanges"),
    Package("pytz", "pytz", "", "time zones, for scripts that hand in its zones; names work without it"),
    Package(
        "pandas-market-calendars", "pandas_market_calendars", "calendars", "calendars of exchanges by name"
    ),
    Package(
        "exchange-calendars",
        "exchange_calendars",
        "calendars",
        "calendars of exchanges by name, another source",
    ),
    Package("influxdb", "influxdb", "", "bt.feeds.InfluxDB"),
    Package("statsmodels", "statsmodels", "stats", "the indicator CointN"),
    Package("optuna", "optuna", "opt", "python -m backtrader.opt: parameter search"),
    Package("sqlalchemy", "sqlalchemy", "opt", "parameter searches and live journals in a database"),
    Package("cmaes", "cmaes", "opt", "parameter search: the sampler cmaes"),
    Package("pebble", "pebble", "opt", "parameter search: worker processes that can be stopped"),
    Package("scikit-learn", "sklearn", "opt", "parameter search: the sampler gp, importance of parameters"),
    Package("scipy", "scipy", "opt", "parameter search: statistics, quasi-random samplers"),
    Package("threadpoolctl", "threadpoolctl", "opt", "parameter search: one thread of algebra a worker"),
    Package("dask", "dask", "cluster", "parameter search on a cluster"),
    Package("distributed", "distributed", "cluster", "parameter search on a cluster"),
    Package("psycopg", "psycopg", "postgres", "studies and journals in PostgreSQL"),
    Package("aiohttp", "aiohttp", "live", "live trading, pages of searches"),
    Package("cryptography", "cryptography", "live", "live trading: encrypted keys"),
    Package("alembic", "alembic", "live", "live trading: its database grows with new versions"),
    Package("pydantic", "pydantic", "live", "live trading: its configuration is checked"),
    Package("rich", "rich", "report", "tables in colour"),
    Package("line_profiler", "line_profiler", "profile", "tools/profile_strategy.py by exact counts"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """List or install; the exit status is pip's, or 2 for a name that is not known."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").splitlines()[0], epilog="Names are those of --list, or of an extra."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="packages or extras to install")
    parser.add_argument("--list", action="store_true", help="say what there is (the default)")
    parser.add_argument("--all", action="store_true", help="install everything that is missing")
    parser.add_argument("--dry-run", action="store_true", help="print the command, do not run it")
    options = parser.parse_args(arguments)
    if options.list or not (options.names or options.all):
        print(listing())
        return 0
    if options.all:
        chosen = list(PACKAGES)
    else:
        chosen = []
        for name in options.names:
            known = [package for package in PACKAGES if name.lower() in _names_of(package)]
            if not known:
                print(f"{name}: not known here; --list shows the names", file=sys.stderr)
                return 2
            chosen.extend(known)
    return install(chosen, options.dry_run)


def _names_of(package: Package) -> set[str]:
    return {package.name.lower(), package.module.lower(), package.extra} - {""}


def listing() -> str:
    """All packages, one a line, missing ones marked."""
    rows = [(p.name, p.version or "-", p.extra or "-", p.use) for p in PACKAGES]
    heads = ("package", "installed", "extra", "for")
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(3)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)), row[3]])
        for row in [heads, *rows]
    ]
    missing = [package.name for package in PACKAGES if package.version is None]
    lines.append("")
    if missing:
        lines.append(f"{len(missing)} missing. Get them all: python tools/install_deps.py --all")
    else:
        lines.append("All are installed.")
    return "\n".join(lines)


def install(packages: Sequence[Package], dry_run: bool = False) -> int:
    """Install what is missing among ``packages`` with one pip command."""
    missing = list(dict.fromkeys(package.name for package in packages if package.version is None))
    if not missing:
        print("All of them are installed already.")
        return 0
    command = [sys.executable, "-m", "pip", "install", *missing]
    print(" ".join(command), flush=True)
    if dry_run:
        return 0
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
