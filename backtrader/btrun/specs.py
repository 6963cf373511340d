"""What is written on the command line, read: ``module:name:kwargs``, ``a=1,b=2``, dates, periods."""

from __future__ import annotations

import ast
import datetime as _dt
import importlib.util
import inspect
import itertools
import sys
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import Any

from ..errors import BacktraderError
from ..lines.timeframe import TimeFrame

__all__ = [
    "TIMEFRAMES",
    "OptionError",
    "find_class",
    "find_function",
    "kwargs_of",
    "moment",
    "period",
]

TIMEFRAMES = {
    "microseconds": TimeFrame.MicroSeconds,
    "seconds": TimeFrame.Seconds,
    "minutes": TimeFrame.Minutes,
    "days": TimeFrame.Days,
    "weeks": TimeFrame.Weeks,
    "months": TimeFrame.Months,
    "years": TimeFrame.Years,
}

_loaded = itertools.count(1)


class OptionError(BacktraderError):
    """An option that cannot be understood; the message names the option and what would be right."""


def _split(text: str) -> tuple[str, str, str]:
    """Module, name and keyword arguments; only the first two colons separate."""
    module, _, rest = text.partition(":")
    name, _, kwargs = rest.partition(":")
    return module, name, kwargs


def kwargs_of(option: str, text: str) -> dict[str, Any]:
    """The keyword arguments written as ``a=1,b='text',c=bt.ind.SMA``."""
    if not text:
        return {}
    expected = f"{option}: {text!r} is not of the form name=value,name=value"
    try:
        call = ast.parse(f"dict({text})", mode="eval").body
    except SyntaxError as error:
        raise OptionError(f"{expected} ({error.msg})") from None
    if not isinstance(call, ast.Call) or call.args or any(keyword.arg is None for keyword in call.keywords):
        raise OptionError(f"{expected}: a name is missing")
    return {str(keyword.arg): _value(option, keyword) for keyword in call.keywords}


def _value(option: str, keyword: ast.keyword) -> Any:
    try:
        return eval(compile(ast.Expression(keyword.value), option, "eval"), _names())
    except Exception as error:
        name, written = keyword.arg, ast.unparse(keyword.value)
        raise OptionError(
            f"{option}: {name}={written}: {error}; text needs quotes, as in {name}=\"'{written}'\""
        ) from None


def _names() -> dict[str, Any]:
    """What values on the command line may refer to."""
    import backtrader

    return {"bt": backtrader, "datetime": _dt}


def find_class(option: str, text: str, base: type, builtin: ModuleType) -> tuple[type, dict[str, Any]]:
    """The class that ``module:name:kwargs`` stands for, with its keyword arguments."""
    path, name, kwargs = _split(text)
    found = _find(option, text, builtin, path, name, lambda x: isinstance(x, type) and issubclass(x, base))
    return found, kwargs_of(option, kwargs)


def find_function(option: str, text: str, owner: type) -> tuple[Callable[..., Any], dict[str, Any]]:
    """The function that ``module:name:kwargs`` stands for; without a module a method of ``owner``."""
    path, name, kwargs = _split(text)
    return _find(option, text, owner, path, name, inspect.isfunction), kwargs_of(option, kwargs)


def _find(option: str, text: str, builtin: Any, path: str, name: str, fits: Callable[[Any], bool]) -> Any:
    module = _load(option, path) if path else builtin
    there = {key: value for key, value in inspect.getmembers(module, fits) if not key.startswith("_")}
    if name in there:
        return there[name]
    where, what = path or builtin.__name__, option.removeprefix("--")
    if name or not there:
        near = get_close_matches(name, there, n=1)
        known = f"did you mean {near[0]}?" if near else f"there are: {', '.join(there) or 'none'}"
        raise OptionError(f"{option} {text}: no {what} {name!r} in {where}; {known}")
    # the module's own come before what it imports from others
    own = [value for value in there.values() if value.__module__ == module.__name__]
    return next(iter(own or there.values()))


def _load(option: str, written: str) -> ModuleType:
    """Run a file as a module; each time anew, as it is mentioned."""
    path = Path(written if written.endswith(".py") else f"{written}.py")
    if not path.is_file():
        raise OptionError(f"{option}: there is no file {path} to load {written!r} from")
    name = f"_btrun{next(_loaded)}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise OptionError(f"{option}: {path} cannot be loaded as a module")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        said = f"line {error.lineno}: {error.msg}" if isinstance(error, SyntaxError) else error
        raise OptionError(f"{option}: {path} cannot be loaded: {type(error).__name__}: {said}") from error
    return module


def moment(option: str, text: str | None) -> _dt.datetime | None:
    """A date, with or without a time of day."""
    if not text:
        return None
    try:
        found = _dt.datetime.fromisoformat(text)
    except ValueError:
        raise OptionError(f"{option}: {text!r} is not a date of the form YYYY-MM-DD[THH:MM:SS]") from None
    if found.tzinfo is not None:
        raise OptionError(f"{option}: {text!r} has a time zone: give it in the zone of the data, without one")
    return found


def period(option: str, text: str) -> dict[str, int]:
    """``timeframe`` or ``timeframe:compression`` as arguments for resampling."""
    name, _, number = text.partition(":")
    if name.lower() not in TIMEFRAMES:
        raise OptionError(f"{option}: {name!r} is no timeframe; there are: {', '.join(TIMEFRAMES)}")
    if number and not (number.isdecimal() and int(number)):
        raise OptionError(f"{option}: {number!r} is no compression: a whole number from 1 on")
    return {"timeframe": TIMEFRAMES[name.lower()], "compression": int(number or 1)}
