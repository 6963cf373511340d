"""The options that commands share."""

from __future__ import annotations

import argparse
import os

from ..samplers import sampler_names
from ..store import DEFAULT_FILE

__all__ = ["add_run_options", "add_storage", "add_walk_options"]


def add_storage(parser: argparse.ArgumentParser) -> None:
    """Where studies are kept."""
    parser.add_argument(
        "--storage", metavar="URL", default=os.environ.get("BTOPT_STORAGE", DEFAULT_FILE),
        help=f"a file, or postgresql://user@host/database (default: {DEFAULT_FILE}, or BTOPT_STORAGE)",
    )  # fmt: skip


def add_run_options(parser: argparse.ArgumentParser, walking: bool = False) -> None:
    """What to run, what to search, and how."""
    parser.add_argument("strategy", metavar="STRATEGY", help="file.py:Class or package.module:Class")
    _add_market(parser)
    _add_search(parser)
    _add_driving(parser, walking)


def _add_market(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is traded")
    group.add_argument(
        "--data", action="append", metavar="FILE", required=True, help="CSV or Parquet; again for more feeds"
    )
    group.add_argument("--cash", type=float, default=None, help="money at the start (default 10,000)")
    group.add_argument(
        "--commission", type=float, metavar="RATE", help="share of each trade's worth, as 0.001"
    )
    group.add_argument("--stake", type=float, metavar="SIZE", help="how much an order buys (default 1)")
    group.add_argument("--coc", action="store_true", help="orders fill at the close they were made on")


def _add_search(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is searched")
    group.add_argument(
        "--param", action="append", default=[], metavar="NAME=SPEC",
        help="fast=5:30, fast=5:30:5, kind=sma,ema, k=log:0.001:1:10, stake=1; again for more. "
        "Without --param and --space the strategy's opt_space is searched",
    )  # fmt: skip
    group.add_argument("--space", metavar="FILE", help="parameters in a TOML or JSON file")
    group.add_argument(
        "--constraint", action="append", default=[], metavar="TEXT", help="between parameters: 'fast < slow'"
    )
    group.add_argument(
        "--objective", action="append", default=[], metavar="WHAT",
        help="a metric, a formula of metrics, or the path of an analyzer's value; min: before it makes it "
        "small; again for several (default profit_factor)",
    )  # fmt: skip
    group.add_argument(
        "--require", action="append", default=[], metavar="TEXT", help="of a run that counts: 'trades >= 30'"
    )
    group.add_argument("--sampler", metavar="NAME", help=f"{', '.join(sampler_names())}; see docs")
    group.add_argument("--trials", type=int, metavar="N", help="how many combinations at most")
    group.add_argument("--seed", type=int, default=0, help="of everything left to chance (default 0)")


def _add_driving(parser: argparse.ArgumentParser, walking: bool) -> None:
    group = parser.add_argument_group("how it is run")
    group.add_argument("--study", metavar="NAME", help="keep it under this name, and go on with it next time")
    add_storage(parser)
    add_power(group)
    group.add_argument("--prune", metavar="HOW", help="end hopeless runs early: median, percentile, halving")
    group.add_argument("--patience", type=int, metavar="N", help="stop after N runs without a better score")
    group.add_argument("--time-limit", type=float, metavar="SECONDS", help="stop after so long")
    group.add_argument("--max-failures", type=float, default=0.5, metavar="SHARE", help="default 0.5")
    if not walking:
        group.add_argument(
            "--no-returns", action="store_true", help="keep no returns: no over-fitting figures"
        )
        group.add_argument("--report", metavar="FILE", help="write the page when done")
        group.add_argument("--open", action="store_true", help="open the page when done")


def add_power(group: argparse._ArgumentGroup | argparse.ArgumentParser) -> None:
    """How much of the machine, or of others."""
    group.add_argument("--jobs", type=int, default=None, metavar="N", help="processes; -1: one a core")
    group.add_argument("--timeout", type=float, metavar="SECONDS", help="a single run may take so long")
    group.add_argument("--memory", type=float, metavar="MB", help="a worker may take so much")
    group.add_argument("--cluster", metavar="ADDRESS", help="a Dask scheduler, tcp://host:port")
    group.add_argument("--events", metavar="FILE", help='JSON lines for programs; "-" is standard output')
    group.add_argument("--quiet", action="store_true", help="no progress, no tables")


def add_walk_options(parser: argparse.ArgumentParser) -> None:
    """The windows."""
    group = parser.add_argument_group("windows: bars as 500, or spans as 24M, 365D, 52W, 2Y")
    group.add_argument("--train", required=True, help="how much is searched")
    group.add_argument("--test", required=True, help="how much is traded after it")
    group.add_argument("--step", help="how far to move on (default: the test's length)")
    group.add_argument("--anchored", action="store_true", help="every search begins at the first bar")
    group.add_argument("--choose", choices=["best", "robust"], default="best", help="what is traded")
    group.add_argument("--report", metavar="FILE", help="write a page when done")
    group.add_argument("--json", action="store_true", help="print the result for programs")
