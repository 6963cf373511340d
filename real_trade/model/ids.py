"""Client order ids: one per intention, the same however often it is worked out, and known as ours.

A venue shows an order by the id it was given.  After a crash that id is all there is to tell which
intention an order belongs to, and whether it is one of ours at all, so everything is in it:

    bt  RRRRRRRR  SSSS  NNNNNN  CCCC        24 characters, digits and letters
        run       strat number  checksum

24 characters pass every venue (the tightest takes 24 bytes, another no sign but letters and digits).
Run and strategy are digests of their names, so two runs may in theory share one; the sequence must
therefore be counted per run, not per strategy.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2s
from typing import Final

__all__ = [
    "LENGTH",
    "MAX_SEQUENCE",
    "PREFIX",
    "ClientId",
    "client_id",
    "digest",
    "is_ours",
    "parse_client_id",
]

PREFIX: Final = "bt"
LENGTH: Final = 24
#: No I, L, O, U: nothing that a person mistakes when reading an id aloud.
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES: Final = {sign: value for value, sign in enumerate(_ALPHABET)}
_RUN, _STRATEGY, _SEQUENCE, _CHECK = 8, 4, 6, 4
MAX_SEQUENCE: Final = 32**_SEQUENCE - 1


@dataclass(frozen=True, slots=True)
class ClientId:
    """What an id of ours says; compare ``run`` and ``strategy`` with `digest` of their names."""

    run: str
    strategy: str
    sequence: int


def client_id(run: str, strategy: str, sequence: int) -> str:
    """The id of an intention: number ``sequence`` of the run, wanted by ``strategy``."""
    if not 0 <= sequence <= MAX_SEQUENCE:
        raise ValueError(f"the sequence of a client id is from 0 to {MAX_SEQUENCE}, not {sequence}")
    body = digest(run, _RUN) + digest(strategy, _STRATEGY) + _letters(sequence, _SEQUENCE)
    return PREFIX + body + digest(PREFIX + body, _CHECK)


def parse_client_id(text: str) -> ClientId | None:
    """What the id says, or None if it is not one of ours."""
    if len(text) != LENGTH or not text.startswith(PREFIX) or not text.isascii():
        return None
    body, check = text[len(PREFIX) : -_CHECK], text[-_CHECK:]
    if digest(PREFIX + body, _CHECK) != check or any(sign not in _VALUES for sign in body):
        return None
    sequence = 0
    for sign in body[-_SEQUENCE:]:
        sequence = sequence * 32 + _VALUES[sign]
    return ClientId(body[:_RUN], body[_RUN : _RUN + _STRATEGY], sequence)


def is_ours(text: str) -> bool:
    """Whether the id was made here; any other belongs to a person or another program."""
    return parse_client_id(text) is not None


def digest(name: str, length: int = _RUN) -> str:
    """A name in ``length`` signs; 8 for a run, 4 for a strategy."""
    value = int.from_bytes(blake2s(name.encode(), digest_size=16).digest(), "big")
    return _letters(value % 32**length, length)


def _letters(value: int, length: int) -> str:
    signs = []
    for _ in range(length):
        value, rest = divmod(value, 32)
        signs.append(_ALPHABET[rest])
    return "".join(reversed(signs))
