"""Spaces and objectives in words that can be stored and compared: a study may only go on with its own."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from .codec import plain
from .objective import ObjectiveFunction
from .space import Dimension, ParamSpace

__all__ = ["describe_objectives", "describe_space", "differences"]


def describe_space(space: ParamSpace) -> dict[str, Any]:
    """A space as plain data: its parameters in order, and its constraints."""
    derived = space._derived
    return {
        "params": [_dimension(dimension, derived.get(name)) for name, dimension in space.dimensions.items()],
        "constraints": [
            _function(each._test) if each.text in ("a function", "<lambda>") or not each._names else each.text
            for each in space.constraints
        ],
    }


def _dimension(dimension: Dimension, derived: Callable[..., Any] | None) -> dict[str, Any]:
    found: dict[str, Any] = {"name": dimension.name, "kind": dimension.kind}
    if derived is not None:
        found["value"] = _function(derived)
    elif dimension.kind in ("fixed", "choice"):
        found["values"] = plain(dimension.choices)
    else:
        found |= {"low": dimension.low, "high": dimension.high, "step": dimension.step}
        found |= {"log": dimension.log, "num": dimension.num}
    if dimension.when:
        found["when"] = plain(dict(dimension.when))
    return found


def _function(function: Callable[..., Any]) -> str:
    """A function's name and, where its text can be had, a short sum of what it does (not of its layout)."""
    name = getattr(function, "__name__", type(function).__name__)
    code = getattr(function, "__code__", None)
    if code is None:
        return name
    try:
        text = _meaning(textwrap.dedent(inspect.getsource(function)), code)
    except (OSError, TypeError, SyntaxError):
        text = repr((code.co_names, code.co_varnames, _constants(code)))
    return f"{name} #{blake2b(text.encode(), digest_size=4).hexdigest()}"


def _meaning(text: str, code: Any) -> str:
    """The syntax of a function of which this is the text; of a lambda the text has the lines around it."""
    if code.co_name != "<lambda>":
        return ast.unparse(ast.parse(text))
    for begin in (found.start() for found in re.finditer(r"\blambda\b", text)):
        for end in range(len(text), begin, -1):
            try:
                tree = ast.parse(text[begin:end], mode="eval")
            except SyntaxError:
                continue
            if isinstance(tree.body, ast.Lambda) and _same(compile(tree, "", "eval").co_consts[0], code):
                return ast.unparse(tree)
            break
    raise SyntaxError("no such function in its own text")


def _same(one: Any, other: Any) -> bool:
    return bool(one.co_names == other.co_names and _constants(one) == _constants(other))


def _constants(code: Any) -> list[str]:
    return [repr(each) for each in code.co_consts if not hasattr(each, "co_code")]


def describe_objectives(objectives: Sequence[ObjectiveFunction]) -> list[dict[str, Any]]:
    """What is made large or small, as plain data."""
    return [
        {
            "name": each.name,
            "maximize": each.maximize,
            "metric": each.metric,
            "weights": dict(each.weights),
            "function": _function(each.custom_func) if each.custom_func is not None else None,
            "constraints": [_limit(one) for one in each.constraints],
        }
        for each in objectives
    ]


def _limit(constraint: Any) -> str:
    name = type(constraint).__name__
    numbers = {key: value for key, value in vars(constraint).items() if isinstance(value, int | float)}
    if numbers:
        return f"{name}({', '.join(f'{key}={value:g}' for key, value in numbers.items())})"
    return f"{name}({_function(constraint.condition)})"


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What differs between two descriptions of a space, a sentence each."""
    old = {each["name"]: each for each in before["params"]}
    new = {each["name"]: each for each in now["params"]}
    said = [f"{name} is gone (it was {_shown(old[name])})" for name in old if name not in new]
    said += [f"{name} is new ({_shown(new[name])})" for name in new if name not in old]
    for name in (name for name in old if name in new and old[name] != new[name]):
        said.append(f"{name} was {_shown(old[name])}, now {_shown(new[name])}")
    was, are = before["constraints"], now["constraints"]
    said += [f"the constraint {text!r} is gone" for text in was if text not in are]
    said += [f"the constraint {text!r} is new" for text in are if text not in was]
    if not said and list(old) != list(new):
        said.append(f"the order was {', '.join(old)}, now {', '.join(new)}")
    return said


def _shown(described: Mapping[str, Any]) -> str:
    kind = described["kind"]
    if kind == "derived":
        text = f"derived by {described['value']}"
    elif "values" in described:
        values = described["values"]
        text = ", ".join(map(repr, values[:8])) + (f", … ({len(values)})" if len(values) > 8 else "")
    else:
        text = f"{described['low']:g} to {described['high']:g}"
        text += " logarithmic" if described["log"] else ""
        text += f" step {described['step']:g}" if described["step"] else ""
        text += f" in {described['num']} points" if described["num"] else ""
        text += f" ({kind})"
    if described.get("when"):
        text += " when " + ", ".join(f"{key} is {value!r}" for key, value in described["when"].items())
    return text
