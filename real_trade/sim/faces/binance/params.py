"""Parameters of a request, as Binance reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import parse_qsl

from .errors import BinanceError

__all__ = ["Params", "parse"]

_NUMBER = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?")
_CLIENT_ID = re.compile(r"[.A-Z:/a-z0-9_-]{1,36}")


def parse(query: str, body: str) -> dict[str, str]:
    """Query string and form body as one; the query wins."""
    return {**dict(parse_qsl(body, keep_blank_values=True)), **dict(parse_qsl(query, keep_blank_values=True))}


class Params:
    """Typed access, with the venue's complaints."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str, default: str | None = None) -> str:
        """A word; mandatory without a default."""
        found = self.values.get(name)
        if found is None:
            if default is None:
                raise BinanceError(
                    -1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed."
                )
            return default
        if found == "":
            raise BinanceError(-1105, f"Parameter '{name}' was empty.")
        return found

    def decimal(self, name: str, *, places: int = 20) -> Decimal:
        """An amount, which must be there."""
        found = self.text(name)
        if not _NUMBER.fullmatch(found):
            raise BinanceError(
                -1100,
                f"Illegal characters found in parameter '{name}'; "
                "legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.",
            )
        value = Decimal(found)
        if value != round(value, places):
            raise BinanceError(-1111, f"Parameter '{name}' has too much precision.")
        return value

    def maybe_decimal(self, name: str, *, places: int = 20) -> Decimal | None:
        """An amount, if it is there."""
        return self.decimal(name, places=places) if name in self.values else None

    def integer(self, name: str, default: int | None = None) -> int:
        """A whole number; mandatory without a default."""
        found = self.text(name, "" if default is None else str(default))
        if default is None and name not in self.values:
            self.text(name)
        if not re.fullmatch(r"-?[0-9]{1,20}", found):
            raise BinanceError(
                -1100, f"Illegal characters found in parameter '{name}'; legal range is '^[0-9]{{1,20}}$'."
            )
        return int(found)

    def maybe_integer(self, name: str) -> int | None:
        """A whole number, if it is there."""
        return self.integer(name) if name in self.values else None

    def flag(self, name: str, default: bool = False) -> bool:
        """True or false."""
        found = self.text(name, str(default).lower()).lower()
        if found not in ("true", "false"):
            raise BinanceError(-1130, f"Data sent for parameter '{name}' is not valid.")
        return found == "true"

    def client_id(self, name: str) -> str:
        """A client's own id; empty if it gave none."""
        if name not in self.values:
            return ""
        found = self.text(name)
        if not _CLIENT_ID.fullmatch(found):
            raise BinanceError(
                -1100,
                f"Illegal characters found in parameter '{name}'; "
                "legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'.",
            )
        return found

    def limit(self, default: int, most: int) -> int:
        """How many rows at the most."""
        found = self.integer("limit", default)
        if found <= 0:
            raise BinanceError(-1130, "Data sent for parameter 'limit' is not valid.")
        return min(found, most)

    def forbid(self, *names: str) -> None:
        """Complain about parameters that make no sense here."""
        for name in names:
            if name in self.values:
                raise BinanceError(-1106, f"Parameter '{name}' sent when not required.")
