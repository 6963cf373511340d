"""``python -m real_trade secrets``: the encrypted file of keys, from the terminal.

Neither the password nor a key is ever an argument: everybody on a machine can read those.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from backtrader.errors import OptionalPackageError

from ..errors import ConfigError
from .credentials import read_secrets, write_secrets
from .load import PASSWORD
from .secret import Secret

__all__ = ["EPILOG", "SUMMARY", "add_arguments", "run"]

SUMMARY: Final = "the keys of your accounts, in an encrypted file"
EPILOG: Final = f"""\
examples:
  python -m real_trade secrets set main              asks for the password, the key and the secret
  python -m real_trade secrets set main --passphrase ... and for the third word that some venues want
  python -m real_trade secrets list                  which accounts have what; never shows a key
  python -m real_trade secrets remove main
  python -m real_trade secrets password              another password for the same keys

What is typed is not shown.  {PASSWORD} in the environment is the password if it is set.  If the input
is no terminal, each answer is a line of it.  Settings name the file: secrets_file = "secrets.json".
"""

FIELDS: Final = ("key", "secret", "passphrase")
SHORTEST: Final = 8

Accounts = dict[str, dict[str, Secret]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of the command."""
    parser.add_argument("action", choices=["set", "list", "remove", "password"], help="what to do")
    parser.add_argument("account", nargs="?", default="", help="as the settings call it (set, remove)")
    parser.add_argument(
        "--file", type=Path, default=Path("secrets.json"), help="the file (default: secrets.json)"
    )
    parser.add_argument("--passphrase", action="store_true", help="ask for a passphrase as well (set)")


def run(args: argparse.Namespace) -> int:
    """Do it; 2 if it makes no sense or the file cannot be opened, and then nothing was changed."""
    try:
        _check(args)
        print(_ACTIONS[args.action](args))
    except (ConfigError, OptionalPackageError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except (KeyboardInterrupt, EOFError):
        print("\nnothing was changed", file=sys.stderr)
        return 130
    return 0


def _check(args: argparse.Namespace) -> None:
    needs = args.action in ("set", "remove")
    if needs and not args.account:
        raise ConfigError(f"secrets {args.action}: of which account? Say secrets {args.action} NAME")
    if args.account and not needs:
        raise ConfigError(f"secrets {args.action} is about the whole file, not about {args.account}")
    if args.action != "set" and not args.file.exists():
        raise ConfigError(f"{args.file} is not there: `secrets set NAME` makes it")


def _set(args: argparse.Namespace) -> str:
    if args.file.exists():
        word = _password(f"password of {args.file}")
        accounts: Accounts = read_secrets(args.file, word)
    else:
        word, accounts = _new_password(f"password for the new file {args.file}"), {}
    known = args.account in accounts
    wanted = FIELDS if args.passphrase else FIELDS[:2]
    accounts[args.account] = {field: _ask(f"{field} of {args.account}") for field in wanted}
    write_secrets(args.file, word, accounts)
    return f"{args.account} is {'changed' if known else 'added'} in {args.file}"


def _list(args: argparse.Namespace) -> str:
    accounts = read_secrets(args.file, _password(f"password of {args.file}"))
    return "\n".join(f"{name}: {_what(fields)}" for name, fields in sorted(accounts.items())) or "no accounts"


def _remove(args: argparse.Namespace) -> str:
    word = _password(f"password of {args.file}")
    accounts = read_secrets(args.file, word)
    if args.account not in accounts:
        raise ConfigError(
            f"{args.file} has no account {args.account}; it has {', '.join(sorted(accounts)) or 'none'}"
        )
    del accounts[args.account]
    write_secrets(args.file, word, accounts)
    return f"{args.account} is removed from {args.file}"


def _change(args: argparse.Namespace) -> str:
    accounts = read_secrets(args.file, _password(f"password of {args.file}"))
    write_secrets(args.file, _new_password("new password", fresh=True), accounts)
    return f"{args.file} has another password"


def _what(fields: Mapping[str, Secret]) -> str:
    return ", ".join(field for field, value in fields.items() if value) or "nothing"


def _password(prompt: str) -> Secret:
    found = os.environ.get(PASSWORD, "")
    return Secret(found) if found else _ask(prompt)


def _new_password(prompt: str, *, fresh: bool = False) -> Secret:
    """A password, typed twice if a person types it."""
    found = "" if fresh else os.environ.get(PASSWORD, "")
    word = Secret(found) if found else _ask(prompt)
    if len(word.reveal()) < SHORTEST:
        raise ConfigError(f"a password of fewer than {SHORTEST} characters is no protection for money")
    if not found and sys.stdin.isatty() and _ask("once more") != word:
        raise ConfigError("the two are not the same: nothing was changed")
    return word


def _ask(prompt: str) -> Secret:
    if sys.stdin.isatty():
        value = getpass.getpass(f"{prompt}: ")
    else:
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        value = line.rstrip("\r\n")
    if not value.strip():
        raise ConfigError(f"{prompt}: nothing was typed, and nothing was changed")
    return Secret(value.strip())


_ACTIONS = {"set": _set, "list": _list, "remove": _remove, "password": _change}
