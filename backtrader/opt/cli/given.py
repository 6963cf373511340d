"""What people type, made into what a search takes: strategies, spaces, objectives, constraints."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...errors import BacktraderError
from ...utils.params import nearest
from ..space import ParamSpace

_NUMBER = r"(\d+(?:\.\d+)?)"
_BETWEEN = r"\s*(?:-|\.\.\.?|;|/|~|to)\s*"
_RANGE_OTHERWISE = re.compile(f"{_NUMBER}{_BETWEEN}{_NUMBER}(?:{_BETWEEN}{_NUMBER})?")
_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?")

__all__ = ["UsageError", "read_file", "space_of", "strategy_of"]


class UsageError(BacktraderError):
    """Something typed that makes no sense; said in a sentence, nothing was run."""


# -- strategies ------------------------------------------------------------------------------------
def strategy_of(text: str) -> type:
    """The strategy class that ``file.py:Class`` or ``package.module:Class`` names.

    Without a class the module must have just one strategy.
    """
    where, _, name = text.rpartition(":") if _has_class(text) else (text, "", "")
    module = _module_of(where)
    found: dict[str, type] = {key: each for key, each in vars(module).items() if _is_strategy(each)}
    own = {key: each for key, each in found.items() if each.__module__ == module.__name__}
    if name:
        if name not in vars(module):
            raise UsageError(f"{where} has no class {name!r}; " + nearest(name, own or found))
        if name not in found:
            raise UsageError(f"{name} of {where} is no strategy: it does not derive from bt.Strategy")
        return found[name]
    if len(own) != 1:
        known = f"it has {', '.join(own)}" if own else "it has none"
        raise UsageError(f"say which strategy of {where} is meant, as {where}:Class; {known}")
    return next(iter(own.values()))


def _has_class(text: str) -> bool:
    # a drive letter is no class
    return ":" in text and not text.endswith(".py") and "\\" not in text.rpartition(":")[2]


def _is_strategy(given: Any) -> bool:
    from ...core.strategy import Strategy

    return isinstance(given, type) and issubclass(given, Strategy)


def _module_of(where: str) -> Any:
    path = Path(where)
    is_file = path.suffix == ".py" or path.is_file()
    if is_file and not path.is_file():
        raise UsageError(f"there is no file {where!r} to take a strategy from")
    try:
        return _from_file(path) if is_file else _by_name(where)
    except UsageError:
        raise
    except (Exception, SystemExit) as error:  # the user's code may do anything
        raise UsageError(f"{where} cannot be imported:\n{_traceback(error)}") from None


def _by_name(name: str) -> Any:
    sys.path.insert(0, "")
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            raise UsageError(
                f"there is no module {error.name!r}: a strategy is file.py:Class or package.module:Class"
            ) from None
        raise
    finally:
        sys.path.remove("")


def _from_file(path: Path) -> Any:
    """A module of its own name, with its folder on the path, as if the file were run."""
    name = path.stem
    known = sys.modules.get(name)
    if known is not None and getattr(known, "__file__", None) == str(path.resolve()):
        return known
    spec = importlib.util.spec_from_file_location(name, path.resolve())
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.resolve().parent))
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        if before is None:
            sys.modules.pop(name, None)
        else:
            sys.modules[name] = before
        raise
    return module


def _traceback(error: BaseException) -> str:
    """The traceback from the user's own first line on."""
    import traceback

    entries = traceback.extract_tb(error.__traceback__)
    ours = (__file__, importlib.__file__)
    own = [e for e in entries if e.filename not in ours and not e.filename.startswith("<frozen")]
    lines = traceback.format_list(own) + traceback.format_exception_only(error)
    return "".join(lines).rstrip()


# -- spaces ----------------------------------------------------------------------------------------
def space_of(params: Sequence[str], file: Any = None, constraints: Sequence[str] = ()) -> Any:
    """The space of ``--param`` and ``--space``; None where neither was given."""
    specs: dict[str, Any] = {}
    if file is not None:
        given = read_file(file)
        constraints = [*_several(given.pop("constraints", ())), *constraints]
        if isinstance(given.get("space"), dict):
            given = given["space"]
            constraints = [*_several(given.pop("constraints", ())), *constraints]
        specs = {str(name): _from_data(each) for name, each in given.items()}
    for text in params:
        for part in _apart(text):
            name, spec = _param(part)
            specs[name] = spec
    if not specs:
        if constraints:
            raise UsageError("a condition on parameters needs parameters: give --param or --space")
        return None
    return ParamSpace(constraints=list(constraints), **specs)


def _apart(text: str) -> list[str]:
    """``a=1:5,b=2,3`` is two parameters, ``a=1,2,3`` is one."""
    parts: list[str] = []
    for piece in text.split(","):
        if "=" in piece or not parts:
            parts.append(piece)
        else:
            parts[-1] += f",{piece}"
    return parts


def _param(text: str) -> tuple[str, Any]:
    name, equals, spec = text.partition("=")
    name, spec = name.strip(), spec.strip()
    if not equals or not name.isidentifier() or not spec:
        raise UsageError(
            f"--param {text!r}: write name=start:stop, name=start:stop:step, name=value,value,… "
            "or name=log:start:stop:points"
        )
    pieces = spec.split(":")
    if pieces[0] == "log":
        return name, ("log", *_numbers(text, pieces[1:]))
    if len(pieces) > 1:
        return name, tuple(_numbers(text, pieces))
    ends = _RANGE_OTHERWISE.fullmatch(spec)
    if ends and not _DATE.fullmatch(spec):
        raise UsageError(
            f"--param {text!r}: a range is written {name}={':'.join(filter(None, ends.groups()))}"
        )
    values = [_value(each) for each in spec.split(",")]
    return name, values if len(values) > 1 else values[0]


def _numbers(text: str, pieces: Sequence[str]) -> list[Any]:
    values = [_value(piece) for piece in pieces]
    if not 2 <= len(values) <= 3 or any(not isinstance(v, int | float) or v is True for v in values):
        raise UsageError(f"--param {text!r}: a range is start:stop or start:stop:step, in numbers")
    return values


def _value(text: str) -> Any:
    """A number, true, false, none, or the text itself."""
    text = text.strip()
    known = {"true": True, "false": False, "none": None}
    if text.lower() in known:
        return known[text.lower()]
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
    return found if isinstance(found, int | float | str) else text


def _from_data(spec: Any) -> Any:
    """TOML and JSON have no tuples: ``{range = [5, 30]}`` says what is meant, a bare list is choices."""
    return {word: _from_data(each) for word, each in spec.items()} if isinstance(spec, dict) else spec


def _several(given: Any) -> list[Any]:
    return [given] if isinstance(given, str) else list(given)


def read_file(path: Any) -> dict[str, Any]:
    """A TOML or JSON file as a dict."""
    import tomllib

    where = Path(path)
    try:
        text = where.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    try:
        found = json.loads(text) if where.suffix.lower() == ".json" else tomllib.loads(text)
    except ValueError as error:
        raise UsageError(
            f"{path} is no good {'JSON' if where.suffix == '.json' else 'TOML'}: {error}"
        ) from None
    if not isinstance(found, dict):
        raise UsageError(f"{path}: a table of parameters is expected, not {type(found).__name__}")
    return found
