"""Commands that run something: run, resume, worker, walk-forward."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from ..formula import Limit
from ..job import job_of
from ..objective import ObjectiveFunction
from ..options import StudyError
from ..store import Store
from ..study import Interrupted, Study, objectives_of
from .given import UsageError, space_of, strategy_of
from .tables import say, show_result, show_walk
from .words import add_power

__all__ = ["add_going_on", "resume", "run", "walk", "worker"]

INTERRUPTED = 130
# what has to be said again for a study to go on, kept with it
_KEPT = (
    "strategy", "data", "cash", "commission", "stake", "coc", "param", "space", "constraint", "objective",
    "require", "sampler", "trials", "seed", "prune", "no_returns",
)  # fmt: skip


def add_going_on(parser: argparse.ArgumentParser) -> None:
    """What may differ from one session of a study to the next."""
    parser.add_argument("--trials", type=int, metavar="N", help="how many combinations at most, in all")
    parser.add_argument(
        "--retry", action="append", metavar="STATE", choices=["failed", "timeout", "lost", "pruned", "all"],
        help="run these again: failed, timeout, lost, pruned, all",
    )  # fmt: skip
    parser.add_argument("--patience", type=int, metavar="N", help="stop after N runs without a better score")
    parser.add_argument("--time-limit", type=float, metavar="SECONDS", help="stop after so long")
    parser.add_argument("--max-failures", type=float, default=0.5, metavar="SHARE", help="default 0.5")
    add_power(parser)
    parser.set_defaults(report=None, open=False)


def run(args: argparse.Namespace) -> int:
    """A new study, or the next session of one that is named."""
    kept = {name: getattr(args, name) for name in _KEPT}
    kept["data"] = [os.path.abspath(path) for path in args.data]
    if args.space:
        kept["space"] = os.path.abspath(args.space)
    kept["strategy"] = _absolute(args.strategy)
    return _drive(args, kept, args.study)


def resume(args: argparse.Namespace) -> int:
    """The next session of a study."""
    return _drive(args, _remembered(args), args.study, resume=True)


def worker(args: argparse.Namespace) -> int:
    """One driver more for a study that goes on elsewhere."""
    return _drive(args, _remembered(args), args.study, resume=True)


def _remembered(args: argparse.Namespace) -> dict[str, Any]:
    settings = Store.open(args.storage).load(args.study).settings
    kept = settings.get("command")
    if not isinstance(kept, dict):
        raise UsageError(
            f"study {args.study!r} was not begun by this command: go on with it in Python, "
            f"with the same strategy and space and study={args.study!r}"
        )
    kept = dict(kept)
    if args.trials is not None:
        kept["trials"] = args.trials
    return kept


def _drive(
    args: argparse.Namespace, kept: dict[str, Any], name: str | None, resume: bool | None = None
) -> int:
    study = Study(
        _job(kept), space_of(kept["param"], kept["space"], kept["constraint"]),
        _objectives(kept), name=name, storage=args.storage if name else None,
        sampler=kept["sampler"], n_trials=kept["trials"], seed=kept["seed"], pruner=kept["prune"],
        resume=resume, retry=_retried(args), settings={"command": kept}, **_driving(args),
    )  # fmt: skip
    args._ran = True
    status = 0
    try:
        result = study.run()
    except Interrupted as interrupt:
        result, status = interrupt.result, INTERRUPTED
    if not args.quiet:
        show_result(result, study, args)
        if status and name:
            say(f"Go on with: btopt resume {name}")
    if status == 0 and result.get_best() is None:
        raise StudyError("no run counts: none keeps to what is required")
    if status == 0 and (args.report or args.open):
        _report(result, args)
    return status


def _driving(args: argparse.Namespace) -> dict[str, Any]:
    return {
        "n_jobs": 1 if args.jobs is None else args.jobs, "timeout": args.timeout, "memory_limit": args.memory,
        "cluster": args.cluster, "patience": args.patience, "time_limit": args.time_limit,
        "max_failures": args.max_failures, "events": args.events,
        "progress": not args.quiet and args.events != "-",
    }  # fmt: skip


def _retried(args: argparse.Namespace) -> Any:
    given = getattr(args, "retry", None) or []
    return True if "all" in given else given


def _objectives(kept: dict[str, Any]) -> list[ObjectiveFunction]:
    found = objectives_of(kept["objective"] or ["profit_factor"])
    for each in found:
        each.constraints += [Limit(text) for text in kept["require"]]
    return found


def _job(kept: dict[str, Any], **more: Any) -> Any:
    return job_of(strategy_of(kept["strategy"]), **_market(kept), keep_returns=not kept["no_returns"], **more)


def _market(kept: dict[str, Any]) -> dict[str, Any]:
    """What is traded, as `job_of` takes it."""
    for path in kept["data"]:
        if not os.path.isfile(path):
            raise UsageError(f"there is no file {path!r} to read bars from")
    paths = kept["data"]
    names = [Path(path).stem for path in paths]
    return {
        "data": dict(zip(names, paths, strict=True)) if len(set(names)) == len(names) else paths,
        "cash": kept["cash"], "commission": kept["commission"], "sizer": kept["stake"],
        "broker": {"coc": True} if kept["coc"] else None,
    }  # fmt: skip


def _absolute(text: str) -> str:
    """A strategy of a file is found again from other folders."""
    where, colon, name = text.rpartition(":")
    if not colon:
        where, name = text, ""
    return f"{os.path.abspath(where)}{colon}{name}" if where.endswith(".py") else text


def _report(result: Any, args: argparse.Namespace) -> None:
    from ..report import write_report

    path = write_report(result, args.report or f"{result.name}.html")
    say(f"Report: {path}")
    if args.open:
        import webbrowser

        webbrowser.open(Path(path).absolute().as_uri())


def walk(args: argparse.Namespace) -> int:
    """Walk-forward."""
    from ..walkforward import walk_forward

    kept = {name: getattr(args, name, None) for name in _KEPT}
    space = space_of(args.param, args.space, args.constraint)
    driving = _driving(args) | {"progress": False}
    strategy, market = strategy_of(args.strategy), _market(kept)
    args._ran = True

    def tell(window: Any) -> None:
        if not args.quiet and not args.json:
            print(f"{window.test_start:%Y-%m-%d} to {window.test_end:%Y-%m-%d} done", file=sys.stderr)

    result = walk_forward(
        strategy, space=space, objective=_objectives(kept),
        train=_span(args.train), test=_span(args.test), step=_span(args.step), anchored=args.anchored,
        choose=args.choose, study=args.study, storage=args.storage if args.study else None, on_window=tell,
        sampler=args.sampler, n_trials=args.trials, seed=args.seed, pruner=args.prune, **driving, **market,
    )  # fmt: skip
    show_walk(result, args)
    if args.report:
        from ..report import write_report

        say(f"Report: {write_report(result, args.report)}")
    return 0


def _span(text: str | None) -> Any:
    """A number of bars, or a span as the walk-forward reads it."""
    return int(text) if text is not None and text.isdigit() else text
