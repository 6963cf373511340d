"""The names people write as ``bt.X``."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import backtrader as bt

#: What the original has and this version does not have yet.
MISSING: set[str] = set()

HEAVY = {"llvmlite", "matplotlib", "numba", "numpy", "pandas", "pytz", "scipy", "talib", "urllib.request"}


def public_names() -> set[str]:
    """What the facade's source imports or defines, but for private names."""
    names: set[str] = set()
    for node in ast.parse(Path(bt.__file__).read_text()).body:
        if isinstance(node, ast.ImportFrom) and node.level:
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return {name for name in names if not name.startswith("_")} | {"__version__", "__btversion__"}


def test_all_lists_exactly_what_is_there() -> None:
    assert set(bt.__all__) == public_names()
    assert len(bt.__all__) == len(set(bt.__all__))
    assert not [name for name in bt.__all__ if not hasattr(bt, name)]


@pytest.mark.parity
def test_every_name_of_the_original_is_there(oracle: Path) -> None:
    code = (
        "import json, backtrader as bt, __future__\n"
        "skip = {'bt', 'backtrader', *__future__.all_feature_names}\n"
        "names = [n for n in vars(bt) if n[0] != '_' and n not in skip and '_LineSeries' not in n]\n"
        "print(json.dumps(names))"
    )
    done = subprocess.run([oracle, "-P", "-c", code], capture_output=True, text=True, check=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        missing = {name for name in json.loads(done.stdout) if not hasattr(bt, name)}
    assert missing == MISSING


def test_short_names_of_packages() -> None:
    assert bt.ind is bt.indicators
    assert bt.obs is bt.observers
    assert bt.comms is bt.commissions
    assert bt.filler is bt.fillers


def test_one_class_has_one_identity() -> None:
    from backtrader.lineseries import LineSeries

    from backtrader.core.cerebro import Cerebro

    assert bt.Cerebro is Cerebro is bt.cerebro.Cerebro
    assert bt.LineSeries is LineSeries is bt.lines.LineSeries


def test_star_import() -> None:
    namespace: dict[str, object] = {}
    exec("from backtrader import *", namespace)
    assert namespace["Cerebro"] is bt.Cerebro
    assert set(bt.__all__) <= set(namespace)


def test_lazy_names_are_listed() -> None:
    assert {"plot", "opt", "WriterFile", "MetaStrategy", "Cerebro"} <= set(dir(bt))


def test_importing_brings_nothing_heavy() -> None:
    code = "import sys, backtrader; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


def test_versions() -> None:
    assert bt.__version__.startswith(".".join(map(str, bt.__btversion__)))
    assert bt.version.__version__ == bt.__version__
