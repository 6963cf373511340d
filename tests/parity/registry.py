"""What scenarios there are, in two views: the decorator used inside workers, the list used by the harness.

The harness must not import scenario modules (they import an engine), so it reads the
decorator's literal arguments from the source.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .modes import MODES, Mode, spread

HERE = Path(__file__).parent
FOLDER = HERE / "scenarios"
# The code which makes a trace; a change in it makes stored traces worthless.
WORKER_FILES = (
    "worker.py",
    "recorder.py",
    "snapshot.py",
    "stage.py",
    "feeds.py",
    "data.py",
    "modes.py",
    "registry.py",
)

_FUNCTIONS: dict[str, Callable[..., Any]] = {}


@dataclass(frozen=True)
class Scenario:
    """One scenario as the harness sees it.

    skip     mode or group -> why it makes no sense there
    crash    mode or group -> exception type that the original ends with; this engine may do better
    differs  mode or group -> why this engine deliberately gives another result
    like     mode or group -> mode in which the original gets it right: callbacks are compared with that one
    variants name -> extra arguments of ``run``, each one more mode
    """

    name: str
    module: str
    doc: str
    skip: dict[str, str] = field(default_factory=dict)
    crash: dict[str, str] = field(default_factory=dict)
    differs: dict[str, str] = field(default_factory=dict)
    like: dict[str, str] = field(default_factory=dict)
    variants: dict[str, dict[str, Any]] = field(default_factory=dict)

    def modes(self) -> list[Mode]:
        """The modes it runs in."""
        own = [Mode(name, kwargs) for name, kwargs in self.variants.items()]
        return [mode for mode in [*MODES.values(), *own] if mode.name not in self.skip]

    def expected_crash(self, mode: str) -> str | None:
        """The exception the original is known to end with, if any."""
        return self.crash.get(mode)

    def known_difference(self, mode: str) -> str | None:
        """Why results differ on purpose, if they do."""
        return self.differs.get(mode)

    def digest(self) -> str:
        """Changes when the scenario's module or the tracing code changes."""
        sha = hashlib.sha256()
        for path in [
            *(HERE / name for name in WORKER_FILES),
            FOLDER / f"{self.module}.py",
            FOLDER / "support.py",
        ]:
            sha.update(path.read_bytes())
        return sha.hexdigest()[:16]


def scenario(
    skip: dict[str, str] | None = None,
    crash: dict[str, str] | None = None,
    differs: dict[str, str] | None = None,
    like: dict[str, str] | None = None,
    variants: dict[str, dict[str, Any]] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a scenario function; arguments must be literals because the harness only reads the source."""

    def register(func: Callable[..., Any]) -> Callable[..., Any]:
        if func.__name__ in _FUNCTIONS:
            raise ValueError(f"two scenarios are called {func.__name__}")
        _FUNCTIONS[func.__name__] = func
        return func

    return register


def function(name: str) -> Callable[..., Any]:
    """The registered function (inside a worker, after its module was imported)."""
    return _FUNCTIONS[name]


def _arguments(node: ast.FunctionDef, constants: dict[str, Any]) -> dict[str, Any] | None:
    for deco in node.decorator_list:
        if isinstance(deco, ast.Call) and isinstance(deco.func, ast.Name) and deco.func.id == "scenario":
            return {kw.arg or "": _literal(kw.value, constants) for kw in deco.keywords}
    return None


def _literal(node: ast.expr, constants: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return constants[node.id]
    return ast.literal_eval(node)


def _entry(node: ast.FunctionDef, module: str, arguments: dict[str, Any]) -> Scenario:
    tables: dict[str, Any] = {
        key: value if key == "variants" else spread(value) for key, value in arguments.items()
    }
    return Scenario(node.name, module, ast.get_docstring(node) or "", **tables)


def _module_scenarios(path: Path) -> list[Scenario]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants: dict[str, Any] = {}
    found: list[Scenario] = []
    for node in tree.body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id.isupper()
        ):
            try:
                constants[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue
        if isinstance(node, ast.FunctionDef):
            arguments = _arguments(node, constants)
            if arguments is not None:
                found.append(_entry(node, path.stem, arguments))
    return found


def scenarios() -> dict[str, Scenario]:
    """All scenarios by name, in file order."""
    out: dict[str, Scenario] = {}
    for path in sorted(FOLDER.glob("*.py")):
        for item in _module_scenarios(path):
            if item.name in out:
                raise ValueError(f"two scenarios are called {item.name}")
            out[item.name] = item
    return out
