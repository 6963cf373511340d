"""The encrypted file of keys: scrypt for the password, AES-GCM for the content, mode 0600.

The password comes from the caller (a prompt, the environment), never from the command line, which
everybody on a machine can read.
"""

from __future__ import annotations

import base64
import json
import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from backtrader.utils.optional import require

from ..errors import ConfigError
from .secret import Secret

__all__ = ["Secret", "check_mode", "read_secrets", "write_secrets"]

FORMAT: Final = "real_trade secrets"
VERSION: Final = 1
#: 64 MB and a fifth of a second: dear for whoever guesses, unnoticed at a start.
SCRYPT: Final = {"n": 2**16, "r": 8, "p": 1}
#: What a file may ask for; more would only serve to exhaust the reader.
MOST_N: Final = 2**20

Entries = Mapping[str, Mapping[str, Secret]]


def write_secrets(path: str | os.PathLike[str], password: Secret, entries: Entries) -> None:
    """Write the keys of all accounts: ``{"main": {"key": …, "secret": …}}``; replaces the file at once."""
    if not password:
        raise ConfigError(f"{path}: a file of secrets needs a password")
    plain = {
        name: {field: value.reveal() for field, value in fields.items()} for name, fields in entries.items()
    }
    salt, nonce = os.urandom(16), os.urandom(12)
    header: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "kdf": "scrypt",
        **SCRYPT,
        "salt": _text(salt),
    }
    sealed = _cipher(password, header).encrypt(nonce, json.dumps(plain).encode(), _bound(header))
    _replace(Path(path), json.dumps({**header, "nonce": _text(nonce), "data": _text(sealed)}, indent=1))


def read_secrets(path: str | os.PathLike[str], password: Secret) -> dict[str, dict[str, Secret]]:
    """The keys by account; `ConfigError` if others may read the file or the password does not open it."""
    where = Path(path)
    check_mode(where)
    try:
        content = json.loads(where.read_text(encoding="utf-8"))
        nonce, sealed = _bytes(content.pop("nonce")), _bytes(content.pop("data"))
        _bytes(content["salt"])
        costs = content["n"], content["r"], content["p"]
        if (content["format"], content["version"]) != (FORMAT, VERSION) or not _bearable(*costs):
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        told = f": {error.strerror}" if isinstance(error, OSError) else ""
        raise ConfigError(f"{where} is no file of secrets of version {VERSION}{told}") from None
    cryptography = require("cryptography.exceptions", "live", "a file of secrets")
    try:
        plain = json.loads(_cipher(password, content).decrypt(nonce, sealed, _bound(content)))
    except cryptography.InvalidTag:
        raise ConfigError(f"{where} is not opened by this password, or it was changed") from None
    return {name: {field: Secret(value) for field, value in fields.items()} for name, fields in plain.items()}


def check_mode(path: Path) -> None:
    """`ConfigError` if anybody but the owner may read or write the file."""
    try:
        found = path.stat()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    if os.name != "posix":
        return  # rights are not in the mode there
    mode = stat.S_IMODE(found.st_mode)
    if mode & 0o077:
        raise ConfigError(f"{path} can be read by others (mode {mode:04o}): chmod 600 {path}")


def _bearable(n: int, r: int, p: int) -> bool:
    """Whether what the file asks for can be asked for, and is not there to exhaust the reader."""
    return 1 < n <= MOST_N and n & (n - 1) == 0 and 0 < r <= 32 and 0 < p <= 16


def _cipher(password: Secret, header: Mapping[str, Any]) -> Any:
    scrypt = require("cryptography.hazmat.primitives.kdf.scrypt", "live", "a file of secrets")
    aead = require("cryptography.hazmat.primitives.ciphers.aead", "live", "a file of secrets")
    salt = _bytes(header["salt"])
    kdf = scrypt.Scrypt(salt=salt, length=32, n=header["n"], r=header["r"], p=header["p"])
    return aead.AESGCM(kdf.derive(password.reveal().encode()))


def _bound(header: Mapping[str, Any]) -> bytes:
    """The head of the file is sealed with the rest: nobody can make the password cheaper to guess."""
    return json.dumps(header, sort_keys=True).encode()


def _replace(path: Path, text: str) -> None:
    """Write beside it and put it in its place; never readable by others, not even for a moment."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
