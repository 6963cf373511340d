"""Draws charts under one engine and prints what the figures show, as JSON: ``worker.py [--pictures FOLDER] NAME...``

Started as a script, with the interpreter and the PYTHONPATH of the engine to be watched.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any


def _find_package() -> str:
    """Make this folder importable as a package without putting the repository's root on the path."""
    here = Path(__file__).resolve().parent
    sys.path[:] = [item for item in sys.path if Path(item or ".").resolve() != here]
    sys.path.append(str(here.parent))
    return here.name


def draw(name: str, package: str, pictures: Path | None, size: list[float]) -> dict[str, Any]:
    """One chart: the facts of its figures, in the order ``plot`` returns them."""
    import backtrader as bt

    stage, facts = (importlib.import_module(f"{package}.{part}") for part in ("stage", "facts"))
    made = stage.CHARTS[name].make()
    figures = [made.figures] if made.cerebro is None else made.cerebro.plot(iplot=False, **made.options)
    found = [[facts.figure(figure) for figure in group] for group in figures or ()]
    if pictures is not None:
        for number, figure in enumerate(one for group in figures or () for one in group):
            bt.plot.Plot().savefig(figure, str(pictures / f"{name}-{number}.png"), *size, tight=False)
    return {"figures": found, "notes": made.notes}


def answer(name: str, package: str, pictures: Path | None, size: list[float]) -> dict[str, Any]:
    """The facts of a chart, or how drawing it ended."""
    try:
        return {"name": name, **draw(name, package, pictures, size)}
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        return {"name": name, "error": f"{type(error).__name__}: {error}", "where": where}


def main() -> None:
    """Draw what the arguments name, one JSON line a chart."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=Path)
    parser.add_argument(
        "--size", type=float, nargs=3, default=(16.0, 9.0, 80.0), help="inches and dots an inch"
    )
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    os.environ["MPLBACKEND"] = "Agg"
    warnings.simplefilter("ignore")
    import matplotlib

    matplotlib.rcParams["date.epoch"] = "0000-12-31"  # the original takes day numbers for matplotlib's
    import matplotlib.pyplot as pyplot

    pyplot.close(pyplot.figure())  # a backend in use is not changed by the original's import
    package = _find_package()
    charts = importlib.import_module(f"{package}.charts")
    import backtrader.plot  # noqa: F401  the original has no bt.plot before

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for name in args.names or charts.NAMES:
        # a process of its own: settings of the scheme persist, and the original keeps other things too
        child = os.fork() if hasattr(os, "fork") else 0
        if not child:
            print(json.dumps(answer(name, package, args.pictures, args.size)), file=answers, flush=True)
            if hasattr(os, "fork"):
                os._exit(0)
        else:
            os.waitpid(child, 0)


if __name__ == "__main__":
    main()
