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


def draw(name: str, package: str, pictures: Path | None) -> dict[str, Any]:
    """One chart: the facts of its figures, in the order ``plot`` returns them."""
    import matplotlib.pyplot as pyplot

    import backtrader as bt

    stage, facts = (importlib.import_module(f"{package}.{part}") for part in ("stage", "facts"))
    pyplot.close("all")
    scheme = vars(bt.plot.Plot.params.scheme)
    before = dict(scheme)
    try:
        made = stage.CHARTS[name]()
        figures = made.cerebro.plot(iplot=False, **made.options)
        found = [[facts.figure(figure) for figure in group] for group in figures or ()]
        if pictures is not None:
            for number, figure in enumerate(one for group in figures or () for one in group):
                bt.plot.Plot().savefig(figure, str(pictures / f"{name}-{number}.png"), 16, 9, 80)
    finally:
        scheme.clear()
        scheme.update(before)
    return {"figures": found}


def main() -> None:
    """Draw what the arguments name, one JSON line a chart."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    os.environ["MPLBACKEND"] = "Agg"
    warnings.simplefilter("ignore")
    import matplotlib.pyplot as pyplot

    pyplot.close(pyplot.figure())  # a backend in use is not changed by the original's import
    package = _find_package()
    charts = importlib.import_module(f"{package}.charts")
    import backtrader.plot  # noqa: F401  the original has no bt.plot before

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for name in args.names or charts.NAMES:
        try:
            answer = draw(name, package, args.pictures)
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            answer = {"error": f"{type(error).__name__}: {error}", "where": f"{Path(last.filename).name}:{last.lineno}"}
        print(json.dumps({"name": name, **answer}), file=answers, flush=True)


if __name__ == "__main__":
    main()
