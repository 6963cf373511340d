"""Everything the page of a search shows, as one plain document."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from typing import Any

from .codec import plain
from .describe import describe_objectives, describe_space
from .entry import Entry
from .overfitting import overfitting_report, returns_by_number
from .reportruns import failures, runs, tame
from .reportwalk import comparison_part, walk_part
from .space import ParamSpace
from .store import Store, StudyRecord
from .trials import AnalysisError, Trials

__all__ = ["analysis_part", "build", "document_of_study", "environment", "study_part"]


def build(
    source: Any, *, storage: Any = None, walk_forward: Any = None, comparison: Any = None
) -> dict[str, Any]:
    """The document of a search, a walk-forward or a comparison; see `backtrader.opt.report.write_report`."""
    kind = type(source).__name__
    if kind == "WalkForwardResult":
        source, walk_forward = None, source
    elif kind == "Comparison":
        source, comparison = None, source
    found: dict[str, Any] = {"format": 1, "environment": environment()}
    if source is not None:
        found |= _search(source, storage)
    if walk_forward is not None:
        found["walk"] = walk_part(walk_forward)
        found.setdefault("name", found["walk"]["name"])
    if comparison is not None:
        found["comparison"] = comparison_part(comparison)
        found.setdefault("name", " / ".join(comparison.names))
    return found


def _search(source: Any, storage: Any) -> dict[str, Any]:
    if isinstance(source, str):
        store = Store.open(storage)
        record = store.load(source)
        trials = Trials.of(source, record.directions[0], store)
        return document_of_study(trials, study_part(record))
    held = getattr(source, "trials", None)
    trials = held if isinstance(held, Trials) else Trials.of(source, storage=storage)
    if held is trials:  # an analyzer: what it was made of knows more of the search
        returns = getattr(source, "_returns", None)
        trials.returns = trials.returns if returns is None else returns_by_number(trials, returns)
        source = getattr(source, "results", source)
        if isinstance(source, str):
            return document_of_study(trials, study_part(Store.open(storage).load(source)))
    study = getattr(source, "study", None)
    if study is not None and hasattr(study, "store"):
        about = study_part(study.store.load(study.name))
        if about["name"] == "unnamed":
            about["name"] = ""
    else:
        about = _without_store(source, trials)
    about["elapsed"] = getattr(source, "optimization_time", None) or None
    about["stopped"] = getattr(source, "stopped", "")
    return document_of_study(trials, about)


def document_of_study(trials: Trials, about: dict[str, Any], analysed: bool = True) -> dict[str, Any]:
    """The parts of a page that are about the runs of one search."""
    found: dict[str, Any] = {"name": about["name"], "study": about, "runs": runs(trials)}
    found["failures"] = failures(trials.entries)
    if analysed:
        found["analysis"] = analysis_part(trials)
    return found


def study_part(record: StudyRecord) -> dict[str, Any]:
    """What is known of a stored study besides its runs."""
    return {
        "name": record.name, "state": record.state, "created": record.created, "updated": record.updated,
        "total": record.total, "drivers": record.drivers, "counts": record.counts,
        "space": tame(record.space), "objectives": tame(record.objectives),
        "settings": tame(_shown(record.settings)),
    }  # fmt: skip


def _shown(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings worth showing."""
    return {name: value for name, value in settings.items() if value not in (None, "", {}, [])}


def _without_store(source: Any, trials: Trials) -> dict[str, Any]:
    objectives = getattr(source, "objectives", None)
    said: list[dict[str, Any]]
    if objectives:
        said = describe_objectives(objectives)
    else:
        said = [{"name": "score", "maximize": trials.maximize, "constraints": []}]
    space = describe_space(trials.space) if isinstance(trials.space, ParamSpace) else None
    return {
        "name": str(getattr(source, "name", "") or ""), "state": "finished", "created": None,
        "updated": None, "total": None, "drivers": 0, "counts": {}, "space": tame(space),
        "objectives": tame(plain(said)), "settings": {},
    }  # fmt: skip


# -- what the analysis says ----------------------------------------------------------------------------
def analysis_part(trials: Trials) -> dict[str, Any]:
    """Importance, surroundings, recommended ranges, over-fitting: what is worked out and not only drawn.

    A part that cannot be had says why, and the others are there.
    """
    good = trials.only_good()
    if not good.entries:
        try:
            trials.best()
        except AnalysisError as error:
            return {"nothing": str(error)}
    parts: dict[str, Callable[[], Any]] = {
        "best": lambda: good.best().number,
        "around": lambda: _around(good),
        "importance": lambda: _importance(good),
        "recommended": lambda: _recommended(good),
        "luck": lambda: _luck(trials),
    }
    found: dict[str, Any] = {"missing": {}}
    for name, work in parts.items():
        try:
            found[name] = tame(work())
        except (ArithmeticError, AssertionError, ImportError, LookupError, TypeError, ValueError) as error:
            found["missing"][name] = str(error)
    return found


def _around(good: Trials) -> dict[str, Any]:
    from .surroundings import robust_best, sensitivity

    found = sensitivity(good)
    robust = robust_best(good)
    return {
        "best": _row(good, found.best),
        "robust": _row(good, robust),
        "plateau": found.plateau,
        "verdict": found.verdict,
        "edges": found.edges,
        "parameters": [
            {
                "name": each.name, "value": each.value, "values": each.values, "scores": each.scores,
                "one_step": each.one_step, "two_steps": each.two_steps, "source": each.source,
            }
            for each in found.parameters.values()
        ],
    }  # fmt: skip


def _row(trials: Trials, entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "score": entry.score,
        "params": tame(entry.params),
    }


def _importance(good: Trials) -> list[dict[str, Any]]:
    from .importance import parameter_importance

    return [{"name": name, **each._asdict()} for name, each in parameter_importance(good).items()]


def _recommended(good: Trials) -> list[dict[str, Any]]:
    from .narrowing import narrow

    space: list[dict[str, Any]] = describe_space(narrow(good.space, good))["params"]
    return [each for each in space if each["kind"] not in ("fixed", "derived")]


def _luck(trials: Trials) -> dict[str, Any]:
    return overfitting_report(trials).as_dict()


def environment() -> list[list[str]]:
    """What the page was made with."""
    import numpy as np

    from .._version import __version__

    return [
        ["backtrader", __version__],
        ["Python", platform.python_version()],
        ["numpy", np.__version__],
        ["System", f"{platform.system()} {platform.machine()}"],
    ]
