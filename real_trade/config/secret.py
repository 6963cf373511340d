"""A secret that does not show itself."""

from __future__ import annotations

import hmac
from typing import Any, NoReturn

__all__ = ["Secret"]


class Secret:
    """A key, a password, a token: anything that prints, logs or pickles it gets stars.

    Only `reveal` gives the text, so that a search for that word finds every place that has it.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str | Secret) -> None:
        self._value: str = value.reveal() if isinstance(value, Secret) else str(value)

    def reveal(self) -> str:
        """The text itself; keep it in no attribute, no message and no log."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __repr__(self) -> str:
        return "Secret('***')" if self._value else "Secret('')"

    def __str__(self) -> str:
        return "***" if self._value else ""

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled or copied to disk")

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: Any) -> Secret:
        return self

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Lets a pydantic model have a field of this type: text goes in, stars come out."""
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            _from_input, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )


def _from_input(value: Any) -> Secret:
    if not isinstance(value, str | Secret):
        raise ValueError("a secret is text")
    return Secret(value)
