"""Commands that read what is stored: list, show, best, report, serve, compare, export."""

from __future__ import annotations

import argparse
import json
import os
import webbrowser
from pathlib import Path
from typing import Any

from ..codec import plain
from ..entry import Entry
from ..store import Store, StudyRecord
from .given import UsageError
from .tables import say, show_best, show_comparison, show_studies, show_study

__all__ = ["best", "compare", "export", "list_studies", "report", "serve", "show"]


def _store(args: argparse.Namespace) -> Store:
    """The store, which must be there: looking makes none."""
    given = args.storage
    if "://" not in given and not os.path.isfile(given):
        raise UsageError(f"there are no studies yet: no file {given!r} (see --storage)")
    return Store.open(given)


def list_studies(args: argparse.Namespace) -> int:
    """All studies."""
    records = _store(args).studies()
    if args.json:
        print(json.dumps([_as_json(record) for record in records], indent=1))
    else:
        show_studies(records, args.storage)
    return 0


def show(args: argparse.Namespace) -> int:
    """One study."""
    from ..analysis import OptimizationAnalyzer

    store = _store(args)
    record = store.load(args.study)
    analyzer = OptimizationAnalyzer(args.study, storage=store)
    if args.json:
        print(json.dumps(_as_json(record) | analyzer.summary(), indent=1, default=str))
    else:
        show_study(record, analyzer, args.top, args.errors)
    return 0


def best(args: argparse.Namespace) -> int:
    """The best combinations."""
    store = _store(args)
    record = store.load(args.study)
    if args.by:
        from ..analysis import OptimizationAnalyzer

        found = OptimizationAnalyzer(args.study, storage=store).get_top_n(args.n, args.by)
    else:
        found = store.best(args.study, args.n)
    if not found:
        raise UsageError(f"study {args.study!r} has no run that counts")
    if args.json:
        rows = [_entry(each) for each in found]
        print(json.dumps(rows if args.n > 1 else rows[0], indent=1))
    else:
        show_best(record, found, args.by)
    return 0


def report(args: argparse.Namespace) -> int:
    """The page of a study."""
    from ..report import write_report

    store = _store(args)
    store.load(args.study)
    path = Path(write_report(args.study, args.output or f"{args.study}.html", storage=store))
    say(f"Report: {path}")
    if args.open:
        webbrowser.open(path.absolute().as_uri())
    return 0


def serve(args: argparse.Namespace) -> int:
    """The page that follows studies."""
    from ..serve import serve as run_server

    def ready(address: str) -> None:
        say(f"Studies at {address}  (Ctrl-C ends)")
        if args.open:
            webbrowser.open(address)

    run_server(args.storage, host=args.host, port=args.port, token=args.token, ready=ready)
    return 0


def compare(args: argparse.Namespace) -> int:
    """Two studies."""
    from ..comparison import compare as put_beside

    store = _store(args)
    for name in (args.first, args.second):
        store.load(name)
    found = put_beside(args.first, args.second, storage=store)
    if args.json:
        print(json.dumps(plain(found.as_dict()), indent=1, default=str))
    else:
        show_comparison(found)
    if args.output:
        from ..report import write_report

        say(f"Report: {write_report(found, args.output)}")
    return 0


def export(args: argparse.Namespace) -> int:
    """All runs, for other programs."""
    store = _store(args)
    store.load(args.study)
    if not args.output and not args.optuna:
        raise UsageError("say where to: --output FILE or --optuna URL")
    if args.optuna:
        from ..optunaexport import to_optuna

        to_optuna(store, args.study, args.optuna)
        say(f"{args.study} is in {args.optuna}")
    if args.output:
        count = _write(store.entries(args.study), Path(args.output))
        say(f"{count:,} runs: {args.output}")
    return 0


def _write(entries: list[Entry], path: Path) -> int:
    kind = path.suffix.lower()
    if kind in (".json", ".jsonl"):
        rows = [_entry(each) for each in entries]
        text = json.dumps(rows, indent=1) if kind == ".json" else "\n".join(map(json.dumps, rows)) + "\n"
        path.write_text(text, encoding="utf-8")
    elif kind in (".csv", ".parquet", ".pq"):
        from ..analysis import OptimizationAnalyzer

        frame = OptimizationAnalyzer(entries).to_dataframe()
        if kind == ".csv":
            frame.to_csv(path, index=False)
        else:
            frame.to_parquet(path)
    else:
        raise UsageError(f"{path}: a file is written as .csv, .json, .jsonl or .parquet")
    return len(entries)


def _entry(entry: Entry) -> dict[str, Any]:
    found = {name: plain(entry[name]) for name in vars(entry) if name != "interim"}
    return json.loads(json.dumps(found, default=str), parse_constant=lambda _: None)  # type: ignore[no-any-return]


def _as_json(record: StudyRecord) -> dict[str, Any]:
    found = {
        "name": record.name, "state": record.state, "total": record.total, "finished": record.finished,
        "counts": record.counts, "objectives": record.objectives, "space": record.space,
        "settings": record.settings, "created": record.created, "updated": record.updated,
    }  # fmt: skip
    return json.loads(json.dumps(plain(found), default=str), parse_constant=lambda _: None)  # type: ignore[no-any-return]
