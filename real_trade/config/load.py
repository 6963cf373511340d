"""Reading the settings: a file (TOML, JSON) or a mapping, then the file of secrets, then the environment.

What comes later wins.  ``REAL_TRADE__ACCOUNTS__MAIN__TESTNET=false`` in the environment sets
``accounts.main.testnet``; ``REAL_TRADE_PASSWORD`` opens the file of secrets.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from backtrader.utils.optional import require

from ..errors import ConfigError
from .credentials import read_secrets
from .secret import Secret

if TYPE_CHECKING:
    from .schema import GlobalConfig

__all__ = ["PASSWORD", "PREFIX", "load"]

PREFIX: Final = "REAL_TRADE__"
PASSWORD: Final = "REAL_TRADE_PASSWORD"
_SECRET_FIELDS: Final = ("key", "secret", "passphrase")

Tree = dict[str, Any]


def load(
    source: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    password: Secret | None = None,
) -> GlobalConfig:
    """The settings; `ConfigError` names the setting and where it came from."""
    environ = os.environ if environ is None else environ
    if isinstance(source, Mapping):
        tree, origin = _copy(source), "the settings"
    elif source is not None:
        path = Path(source)
        tree, origin = _read(path), str(path)
        _no_secrets(tree, origin)
    else:
        tree, origin = {}, "the environment"
    from_environment = _from_environment(environ)
    secrets_file = from_environment.get("secrets_file", tree.get("secrets_file"))
    if secrets_file:
        word = password or Secret(environ.get(PASSWORD, ""))
        if not word:
            raise ConfigError(f"{secrets_file} needs a password: set {PASSWORD} or type it when asked")
        accounts = {name: dict(fields) for name, fields in read_secrets(str(secrets_file), word).items()}
        _merge(tree, {"accounts": accounts})
    _merge(tree, from_environment)
    return _checked(tree, origin)


def _read(path: Path) -> Tree:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    try:
        if path.suffix == ".toml":
            return tomllib.loads(text, parse_float=Decimal)
        if path.suffix == ".json":
            found = json.loads(text, parse_float=Decimal)
            if isinstance(found, dict):
                return found
            raise ConfigError(f"{path} must hold an object")
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from None
    raise ConfigError(
        f"{path}: settings are in .toml or .json, not in {path.suffix or 'a file without ending'}"
    )


def _no_secrets(tree: Tree, origin: str) -> None:
    accounts = tree.get("accounts")
    for name, account in accounts.items() if isinstance(accounts, dict) else ():
        for field in _SECRET_FIELDS:
            if isinstance(account, dict) and account.get(field):
                variable = f"{PREFIX}ACCOUNTS__{name.upper()}__{field.upper()}"
                raise ConfigError(
                    f"{origin}: accounts.{name}.{field} does not belong there: put it into the environment "
                    f"({variable}) or into the file of secrets"
                )


def _from_environment(environ: Mapping[str, str]) -> Tree:
    tree: Tree = {}
    for variable, value in environ.items():
        if variable.startswith(PREFIX):
            *path, last = variable.removeprefix(PREFIX).lower().split("__")
            place = tree
            for step in path:
                place = _within(place.setdefault(step, {}), variable)
            if isinstance(place.get(last), dict):
                raise _both(variable)
            place[last] = value
    return tree


def _within(place: Any, variable: str) -> Tree:
    if isinstance(place, dict):
        return place
    raise _both(variable)


def _both(variable: str) -> ConfigError:
    return ConfigError(
        f"the environment sets {variable} and a group that it belongs to, or something within it: one only"
    )


def _merge(into: Tree, other: Mapping[str, Any]) -> None:
    """Lay ``other`` over it; names are the same whatever their case, as the environment has none."""
    for name, value in other.items():
        known = next((key for key in into if key.lower() == name.lower()), name)
        if isinstance(value, Mapping) and isinstance(into.get(known), dict):
            _merge(into[known], value)
        else:
            into[known] = value


def _copy(source: Mapping[str, Any]) -> Tree:
    return {key: _copy(value) if isinstance(value, Mapping) else value for key, value in source.items()}


def _checked(tree: Tree, origin: str) -> GlobalConfig:
    pydantic = require("pydantic", "live", "reading settings")
    from .schema import GlobalConfig

    try:
        return GlobalConfig.model_validate(tree)
    except pydantic.ValidationError as error:
        # the values are left out: one of them may be a secret in the wrong place
        problems = error.errors(include_url=False, include_input=False, include_context=False)
        raise ConfigError("; ".join(_sentence(origin, one) for one in problems)) from None


def _sentence(origin: str, problem: Mapping[str, Any]) -> str:
    path = [str(step) for step in problem["loc"]]
    name, text = ".".join(path), str(problem["msg"])
    if problem["type"] == "extra_forbidden":
        near = get_close_matches(path[-1], list(_names(path[:-1])), 1)
        text = "there is no such setting" + (f"; did you mean {near[0]}?" if near else "")
    text = text.removeprefix("Value error, ")
    return f"{origin}: {name}: {text}" if name else f"{origin}: {text}"


def _names(path: list[str]) -> Iterable[str]:
    """The settings there are at a place."""
    from .schema import AccountSettings, GlobalConfig, LimitSettings, StorageSettings

    at: Mapping[str, Any] = {"accounts": AccountSettings, "storage": StorageSettings, "limits": LimitSettings}
    return list((at.get(path[0], GlobalConfig) if path else GlobalConfig).model_fields)
