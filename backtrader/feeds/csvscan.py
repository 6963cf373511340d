"""Rows of a CSV file to numbers in machine code: every byte is looked at once.

A field of plain digits is read exactly (a whole number divided by a power of ten rounds
correctly); any other is left to Python's own ``float``.  Whatever does not fit, a row with another
number of fields or a date of another layout, ends the scan, and the block is read by other means.

This module needs numba: it is imported when it is used (see `csvfast`).
"""

from __future__ import annotations

from collections.abc import Callable
from math import nan
from typing import Any, TypeVar

import numba

_Function = TypeVar("_Function", bound=Callable[..., Any])

SKIP, FLOAT, STAMP, SECONDS = range(4)
FAILED = -1

NEWLINE, RETURN, MINUS, PLUS, POINT, ZERO = 10, 13, 45, 43, 46, 48
# the parts of a stamp, and seconds since 1970 instead
YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, FRACTION, COUNT = range(8)
LAST_DATE, LAST_DAYS = 8, 9  # what was computed for the row before
CLOCK = 10
NO_NUMBER = -10_000_000
DAYS_BEFORE_1970 = 719163
NO_MOMENT = -(DAYS_BEFORE_1970 + 1) * 86_400_000_000

EXACT = 2**53  # whole numbers up to here are exact as floats
MOST_DIGITS = 18  # more could overflow


def _inline(function: _Function) -> _Function:
    """Make a function part of those that call it."""
    njit: Any = numba.njit
    made: _Function = njit(inline="always", error_model="numpy")(function)
    return made


def _machine(function: _Function) -> _Function:
    """Compile a function when it is called first; the code is kept on disk if there is a place for it."""
    njit: Any = numba.njit
    made: _Function
    try:
        made = njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:
        made = njit(nogil=True, error_model="numpy")(function)
    return made


@_machine
def ends(raw: Any, pos: int, separator: int) -> bool:
    """Whether a field ends here."""
    char = raw[pos]
    return bool(char in (separator, NEWLINE) or (char == RETURN and raw[pos + 1] == NEWLINE))


@_machine
def field_end(raw: Any, pos: int, separator: int) -> int:
    """Where the field ends that goes on here."""
    while raw[pos] != separator and raw[pos] != NEWLINE:
        pos += 1
    return pos


@_machine
def number(raw: Any, begin: int, separator: int, tens: Any) -> tuple[float, int, bool]:
    """A plain decimal: its value, where it ends, and whether it is one."""
    pos = begin
    if raw[pos] == MINUS or raw[pos] == PLUS:
        pos += 1
    first = pos
    whole = 0
    digit = int(raw[pos]) - ZERO
    while 0 <= digit <= 9:
        whole = whole * 10 + digit
        pos += 1
        digit = int(raw[pos]) - ZERO
    digits = pos - first
    decimals = 0
    if digit == POINT - ZERO:
        pos += 1
        first = pos
        digit = int(raw[pos]) - ZERO
        while 0 <= digit <= 9:
            whole = whole * 10 + digit
            pos += 1
            digit = int(raw[pos]) - ZERO
        decimals = pos - first
        digits += decimals
    if digits == 0 or digits > MOST_DIGITS or whole > EXACT or not ends(raw, pos, separator):
        return 0.0, pos, False
    value = float(whole) / tens[decimals]
    return -value if raw[begin] == MINUS else value, pos, True


@_inline
def two_digits(raw: Any, pos: int) -> int:
    """A number of two digits; a large negative one if they are none."""
    tens, ones = int(raw[pos]) - ZERO, int(raw[pos + 1]) - ZERO
    below_zero_if_none = tens | ones | (9 - tens) | (9 - ones)
    return NO_NUMBER if below_zero_if_none < 0 else tens * 10 + ones


@_inline
def four_digits(raw: Any, pos: int) -> int:
    """A number of four digits; a large negative one if they are none."""
    return two_digits(raw, pos) * 100 + two_digits(raw, pos + 2)


@_inline
def read_stamp(raw: Any, pos: int, separator: int, places: Any, literals: Any, clock: Any) -> bool:
    """The parts of a date of a fixed layout into ``clock``; false if the text has another one.

    ``places`` says where each part begins (less than 0: there is none), ``literals`` how many other
    characters there are, and then where which one has to stand (less than 0: any).
    """
    for i in range(literals[0, 0]):
        char, expected = raw[pos + literals[i + 1, 0]], literals[i + 1, 1]
        if char != expected and (expected >= 0 or char in (separator, NEWLINE, RETURN)):
            return False
    if places[YEAR] >= 0:
        clock[YEAR] = four_digits(raw, pos + places[YEAR])
    for part in range(MONTH, FRACTION):
        if places[part] >= 0:
            clock[part] = two_digits(raw, pos + places[part])
    if places[FRACTION] >= 0:
        at = pos + places[FRACTION]
        clock[FRACTION] = four_digits(raw, at) * 100 + two_digits(raw, at + 4)
    return True


@_machine
def read_seconds(raw: Any, pos: int, clock: Any) -> int:
    """Whole seconds since 1970 into ``clock``; where they end, or `FAILED`."""
    first, count = pos, 0
    while 0 <= int(raw[pos]) - ZERO <= 9:
        count = count * 10 + int(raw[pos]) - ZERO
        pos += 1
    clock[COUNT] = count
    return pos if 0 < pos - first < 12 else FAILED


@_machine
def days_of(year: int, month: int, day: int) -> int:
    """Days since 1970; less than those of year 1 if there is no such date."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    longest = 28 + leap if month == 2 else 30 + (month + month // 8) % 2
    if year < 1 or month < 1 or month > 12 or day < 1 or day > longest:
        return -DAYS_BEFORE_1970 - 1
    # years begin in March here, so that the odd day comes last
    since = (month + 9) % 12
    shifted = year - (month < 3)
    days = 365 * shifted + shifted // 4 - shifted // 100 + shifted // 400
    return days + (153 * since + 2) // 5 + day - 719469


@_inline
def micros_of(clock: Any) -> int:
    """A read stamp as microseconds since 1970, or `NO_MOMENT`."""
    date = (clock[YEAR] * 100 + clock[MONTH]) * 100 + clock[DAY]
    if clock[LAST_DATE] != date:
        clock[LAST_DATE], clock[LAST_DAYS] = date, days_of(clock[YEAR], clock[MONTH], clock[DAY])
    days = clock[LAST_DAYS]
    hour, minute, second = clock[HOUR], clock[MINUTE], clock[SECOND]
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59 and clock[FRACTION] >= 0):
        return NO_MOMENT
    if days <= -DAYS_BEFORE_1970 - 1:
        return NO_MOMENT
    return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000 + clock[FRACTION]  # type: ignore[no-any-return]


@_machine
def scan(
    raw: Any, separator: int, kinds: Any, targets: Any, places: Any, literals: Any, values: Any, micros: Any,
    clock: Any, special: Any, tens: Any, null: float, takes_empty: bool,
) -> tuple[int, int]:  # fmt: skip
    """Fill ``values`` (lines by rows) and ``micros``; the number of rows, and of special fields.

    Special fields (line, row, begin, end) are those that Python has to read.  The number of rows is
    `FAILED` where something does not fit.
    """
    pos = row = specials = 0
    last = len(kinds) - 1
    counted = (kinds == SECONDS).any()
    while pos < len(raw):
        for column in range(last + 1):
            kind, target = kinds[column], targets[column]
            begin = pos
            if kind == FLOAT:
                value, pos, plain = number(raw, begin, separator, tens)
                if not plain:
                    pos = field_end(raw, begin, separator)
                    if pos == begin and takes_empty:
                        value = null
                    elif specials < len(special):
                        special[specials, 0] = target
                        special[specials, 1] = row
                        special[specials, 2] = begin
                        special[specials, 3] = pos
                        specials += 1
                    else:
                        return FAILED, specials
                values[target, row] = value
            elif kind == STAMP:
                pos = begin + places[target, COUNT]
                if pos >= len(raw) or not read_stamp(
                    raw, begin, separator, places[target], literals[target], clock
                ):
                    return FAILED, specials
            elif kind == SECONDS:
                pos = read_seconds(raw, begin, clock)
            else:
                pos = field_end(raw, begin, separator)
            if column == last and raw[pos] == RETURN:
                pos += 1
            if pos == FAILED or raw[pos] != (NEWLINE if column == last else separator):
                return FAILED, specials
            pos += 1
        when = clock[COUNT] * 1_000_000 if counted else micros_of(clock)
        if when == NO_MOMENT:
            return FAILED, specials
        micros[row] = when
        row += 1
    return row, specials


@_machine
def pair(a: float, b: float) -> tuple[float, float]:
    """The rounded sum and what rounding left out."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


@_machine
def nums(micros: Any, hours: Any, minutes: Any, seconds: Any, out: Any) -> bool:
    """`datetimes_to_nums` without a zone; false if a moment is not of the years 1437 to 2870.

    The fractions of a day are summed as a pair (sum, what rounding left out).  Adding the day rounds
    correctly unless the result falls right between two floats: those are marked by NaN.
    """
    for row in range(len(micros)):
        day = micros[row] // 86_400_000_000
        rest = micros[row] - day * 86_400_000_000
        second = rest // 1_000_000
        minute = second // 60
        high, low = pair(hours[minute // 60], minutes[minute % 60])
        high, error = pair(high, seconds[second % 60])
        low += error
        high, error = pair(high, (rest - second * 1_000_000) / 86400e6)
        low += error
        high, low = pair(high, low)
        day += DAYS_BEFORE_1970
        if day <= 2**19 or day >= 2**20 - 1:
            return False
        num, error = pair(float(day), high)
        tie = 2.0 * abs(error) == 2.0**-33  # half the distance of floats of that size
        out[row] = nan if tie and low != 0.0 else num
    return True
