"""Column types that mean the same in SQLite and in PostgreSQL."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Any

from sqlalchemy import BigInteger, Integer, Numeric, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

__all__ = ["DIGITS", "PLACES", "Key", "Money", "Nanos"]

#: Of a number: all digits, and those behind the point.
DIGITS, PLACES = 38, 18

# The usual 28 digits would round what is kept exactly.
_EXACT = Context(prec=DIGITS + PLACES)
_FINEST = Decimal(1).scaleb(-PLACES)
_TOO_LARGE = Decimal(10) ** (DIGITS - PLACES)


class Money(TypeDecorator[Decimal]):
    """A `Decimal`, exactly: SQLite has no such type and keeps its text.

    A number that PostgreSQL would round or refuse is refused for both.
    """

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text in SQLite, a number elsewhere."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(Numeric(DIGITS, PLACES))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """What is sent to the database."""
        if value is None:
            return None
        if not value.is_finite() or abs(value) >= _TOO_LARGE or _EXACT.remainder(value, _FINEST):
            raise ValueError(
                f"{value} cannot be kept: {DIGITS - PLACES} digits before and {PLACES} after the point"
            )
        return format(plain(value), "f") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """The number again, without zeros at its end, whatever the database."""
        return None if value is None else plain(Decimal(value))


def plain(value: Decimal) -> Decimal:
    """The same number with neither zeros at its end nor a positive exponent."""
    short = value.normalize(_EXACT)
    exponent = short.as_tuple().exponent
    return short.quantize(Decimal(1), context=_EXACT) if isinstance(exponent, int) and exponent > 0 else short


#: A moment: nanoseconds since 1970, UTC.  SQLite forgets time zones, so no date type is used.
Nanos = BigInteger

#: A key that counts up; SQLite does that for its INTEGER only.
Key = BigInteger().with_variant(Integer, "sqlite")
