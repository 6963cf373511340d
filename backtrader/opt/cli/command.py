"""The commands, their options, and what a shell gets back."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

from ...errors import BacktraderError
from ..store import DEFAULT_FILE
from . import looking as looking
from . import running as running
from .words import add_run_options, add_storage, add_walk_options

__all__ = ["main"]

OK, FAILURE, USAGE, INTERRUPTED = 0, 1, 2, 130

_DESCRIPTION = "Search the parameters of a strategy, and judge what was found."
_EPILOG = f"""\
examples:
  btopt run sma.py:Cross --data prices.csv --param fast=5:30:5 --param slow=50,100,200 --jobs -1
  btopt run sma.py --data prices.csv --space space.toml --sampler tpe --trials 200 --study sma
  btopt resume sma                    go on after Ctrl-C, a crash or a power cut
  btopt show sma                      the best, what matters, and how much of it may be luck
  btopt report sma --open             all of it as one page
  btopt serve                         a page of all studies, live
  btopt walk-forward sma.py --data prices.csv --param fast=5:30 --train 24M --test 6M

Studies are kept in {DEFAULT_FILE} in the current folder unless --storage or BTOPT_STORAGE says otherwise.
`btopt` is short for `python -m backtrader.opt`.  Each command has --help of its own.

exit status: 0 done; 1 the search failed or found nothing; 2 something typed makes no sense, nothing was
run; 130 ended by Ctrl-C, with the best so far printed and kept.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status."""
    parser = _parser()
    args = parser.parse_args(arguments)
    if args.command is None:
        parser.print_help()
        return USAGE
    try:
        return int(args.command(args) or OK)
    except BacktraderError as error:
        print(f"btopt: {error}", file=sys.stderr)
        return FAILURE if getattr(args, "_ran", False) else USAGE
    except ImportError as error:  # an optional package: its message has the line for pip
        print(f"btopt: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("btopt: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # `btopt list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="btopt", description=_DESCRIPTION, epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_running(commands)
    _add_looking(commands)
    return parser


def _command(commands: Any, name: str, function: Any, text: str, *examples: str) -> argparse.ArgumentParser:
    """A command with a help of its own."""
    epilog = "examples:\n" + "\n".join(f"  btopt {each}" for each in examples) if examples else None
    found: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    found.set_defaults(command=function)
    return found


def _add_running(commands: Any) -> None:
    run = _command(
        commands, "run", running.run, "search the parameters of a strategy",
        "run sma.py:Cross --data prices.csv --param fast=5:30:5 --param slow=50,100,200",
        "run sma.py --data prices.csv --param fast=5:30 --constraint 'fast < slow' --param slow=20:200",
        "run sma.py --data a.csv --data b.csv --objective 'profit_factor * sharpe' --require 'trades >= 30'",
        "run sma.py --data prices.csv --space space.toml --sampler tpe --trials 500 --jobs -1 --study sma",
    )  # fmt: skip
    add_run_options(run)
    resume = _command(
        commands, "resume", running.resume, "go on with a study that was stopped or broken off",
        "resume sma", "resume sma --trials 1000 --jobs 4", "resume sma --retry failed",
    )  # fmt: skip
    resume.add_argument("study", metavar="STUDY")
    add_storage(resume)
    running.add_going_on(resume)
    worker = _command(
        commands, "worker", running.worker, "help with a study that runs elsewhere, from this machine",
        "worker sma --storage postgresql://user@host/studies --jobs -1",
    )  # fmt: skip
    worker.add_argument("study", metavar="STUDY")
    add_storage(worker)
    running.add_going_on(worker)
    walk = _command(
        commands, "walk-forward", running.walk,
        "search on a stretch of the past, trade what comes after it, repeat",
        "walk-forward sma.py --data prices.csv --param fast=5:30:5 --train 24M --test 6M",
        "walk-forward sma.py --data prices.csv --space s.toml --train 1000 --test 250 --anchored",
    )  # fmt: skip
    add_run_options(walk, walking=True)
    add_walk_options(walk)


def _add_looking(commands: Any) -> None:
    listing = _command(commands, "list", looking.list_studies, "list all studies", "list", "list --json")
    add_storage(listing)
    listing.add_argument("--json", action="store_true", help="for programs")
    show = _command(
        commands, "show", looking.show, "tell all about a study", "show sma", "show sma --top 20 --errors"
    )
    _add_study(show)
    show.add_argument("--top", type=int, default=10, metavar="N", help="so many of the best (default 10)")
    show.add_argument("--errors", action="store_true", help="the errors of runs that failed, in full")
    show.add_argument("--json", action="store_true", help="for programs")
    best = _command(
        commands, "best", looking.best, "print the best combination",
        "best sma", "best sma -n 5", "best sma --by max_drawdown_pct", "best sma --json",
    )  # fmt: skip
    _add_study(best)
    best.add_argument("-n", type=int, default=1, metavar="N", help="so many of the best (default 1)")
    best.add_argument("--by", metavar="METRIC", help="ranked by this metric instead of the objective")
    best.add_argument("--json", action="store_true", help="for programs")
    report = _command(
        commands, "report", looking.report, "write a study as one interactive page",
        "report sma", "report sma -o sma.html --open",
    )  # fmt: skip
    _add_study(report)
    report.add_argument("-o", "--output", metavar="FILE", help="default: STUDY.html")
    report.add_argument("--open", action="store_true", help="open it in the browser")
    serve = _command(
        commands, "serve", looking.serve, "show studies on a page that follows them while they run",
        "serve", "serve --port 9000", "serve --host 0.0.0.0 --token SECRET",
    )  # fmt: skip
    add_storage(serve)
    serve.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1: this machine only")
    serve.add_argument("--port", type=int, default=8765, help="default 8765; 0 takes a free one")
    serve.add_argument("--token", help="what others must know; made up if --host lets others in")
    serve.add_argument("--open", action="store_true", help="open it in the browser")
    compare = _command(
        commands, "compare", looking.compare, "put two studies side by side",
        "compare sma ema", "compare sma ema -o both.html",
    )  # fmt: skip
    compare.add_argument("first", metavar="STUDY")
    compare.add_argument("second", metavar="STUDY")
    add_storage(compare)
    compare.add_argument("-o", "--output", metavar="FILE", help="write an HTML page")
    compare.add_argument("--json", action="store_true", help="for programs")
    export = _command(
        commands, "export", looking.export, "write all runs of a study to a file, or to an Optuna storage",
        "export sma -o sma.csv", "export sma -o sma.parquet", "export sma --optuna sqlite:///optuna.db",
    )  # fmt: skip
    _add_study(export)
    export.add_argument("-o", "--output", metavar="FILE", help="by its ending: .csv .json .jsonl .parquet")
    export.add_argument("--optuna", metavar="URL", help="an Optuna storage, as sqlite:///optuna.db")


def _add_study(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("study", metavar="STUDY")
    add_storage(parser)
