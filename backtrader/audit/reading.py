"""Files as tables, forgiving: what cannot be read becomes a finding, the rest is audited."""

from __future__ import annotations

import csv
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..errors import DataError
from ..feeds.tablefiles import _MISSING, TableFile, open_text
from ..feeds.tables import find_columns, texts_to_micros
from .model import Finding, Table, shown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LINES = ["datetime", "open", "high", "low", "close", "volume", "openinterest"]
_POSITIONS = dict(zip(LINES, range(7), strict=True))  # of a file without names

_DIGITS = re.compile(r"\d+")
_COMMA_NUMBER = re.compile(r"-?\d+,\d+$")
_THOUSANDS = re.compile(r"-?\d{1,3}([,' ]\d{3})+(\.\d+)?$")


def read(path: str, separator: str | None = None) -> Table:
    """The bars of a Parquet or text file; `DataError` if nothing in it can be understood."""
    if path.lower().endswith((".parquet", ".pq")):
        return _read_parquet(path)
    return _TextReader(path, separator).table()


def _read_parquet(path: str) -> Table:
    import numpy as np

    parts: dict[str, list[Any]] = {}
    aware = False
    for columns, zoned in TableFile(path, LINES, {}).blocks():
        aware = zoned
        for name, column in columns.items():
            parts.setdefault(name, []).append(column)
    values = {name: np.concatenate(columns) for name, columns in parts.items()}
    micros = values.pop("datetime", np.empty(0, dtype=np.int64))
    return Table(path, np.arange(1, len(micros) + 1), micros, values, aware)


class _TextReader:
    """One text file: its layout is guessed, each row is looked at."""

    def __init__(self, path: str, separator: str | None) -> None:
        self.path, self.separator = path, separator
        self.findings: list[Finding] = []

    def table(self) -> Table:
        """Read it."""
        import numpy as np

        names, numbers, rows = self._rows()
        places = find_columns(names, LINES, {}, self.path) if names else self._by_position(rows)
        numbers, rows = self._of_one_width(numbers, rows, len(names) or len(rows[0]))
        columns = list(zip(*rows, strict=True)) or [()] * (max(places.values()) + 1)
        texts = [text.strip() for text in columns[places["datetime"]]]
        texts = self._with_time_of_day(names, places, columns, texts)
        micros, good, aware = self._times(texts, numbers)
        values = {}
        for line, place in places.items():
            if line != "datetime":
                values[line] = self._numbers(line, columns[place], numbers)[good]
        rows_read = np.array(numbers, dtype=np.int64)[good]
        return Table(self.path, rows_read, micros, values, aware, self.findings)

    # -- rows ------------------------------------------------------------------------------------
    def _rows(self) -> tuple[list[str], list[int], list[list[str]]]:
        """Names (empty if the file has none), row numbers and rows."""
        try:
            with open_text(self.path) as file:
                sample = list(islice(file, 20))
                file.seek(0)
                if not any(line.strip() for line in sample):
                    raise DataError(f"{self.path}: the file is empty")
                self.separator = self.separator or _separator(sample)
                reader = csv.reader(file, delimiter=self.separator)
                numbered = [(reader.line_num, row) for row in reader if row]
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise DataError(f"{self.path}: cannot be read: {error}") from error
        numbers, rows = [number for number, _ in numbered], [row for _, row in numbered]
        first = rows[0]
        if any(text[:1].isdigit() for text in first):
            return [], numbers, rows
        names = [text.strip() for text in first]
        again = [i for i, row in enumerate(rows[1:], 1) if row == first]
        if again:
            self._say(
                "mixed-format", "error", [numbers[i] for i in again],
                "the column names stand between the rows again",
                "two files were put together: remove the row",
            )  # fmt: skip
        kept = [i for i in range(1, len(rows)) if i not in set(again)]
        return names, [numbers[i] for i in kept], [rows[i] for i in kept]

    def _by_position(self, rows: list[list[str]]) -> dict[str, int]:
        """Without names: date, open, high, low, close, volume, open interest."""
        return {line: place for line, place in _POSITIONS.items() if place < len(rows[0])}

    def _of_one_width(
        self, numbers: list[int], rows: list[list[str]], width: int
    ) -> tuple[list[int], list[list[str]]]:
        odd = [i for i, row in enumerate(rows) if len(row) != width]
        if not odd:
            return numbers, rows
        some = rows[odd[0]]
        cut = odd == [len(rows) - 1] and len(some) < width
        self._say(
            "mixed-format", "error", [numbers[i] for i in odd],
            f"{len(some)} fields where the others have {width}"
            + (": the file breaks off in its last row" if cut else ""),
            "write the file again from its source"
            if cut
            else "numbers with a comma need quotes or another separator",
        )  # fmt: skip
        skip = set(odd)
        kept = [i for i in range(len(rows)) if i not in skip]
        return [numbers[i] for i in kept], [rows[i] for i in kept]

    def _with_time_of_day(
        self, names: list[str], places: dict[str, int], columns: list[Any], texts: list[str]
    ) -> list[str]:
        """Date and time in two columns become one text."""
        lower = [name.lower() for name in names]
        for name in ("time", "时间"):
            if name in lower and lower.index(name) != places["datetime"]:
                clocks = columns[lower.index(name)]
                return [f"{day} {clock.strip()}" for day, clock in zip(texts, clocks, strict=True)]
        return texts

    # -- times -----------------------------------------------------------------------------------
    def _times(self, texts: list[str], numbers: list[int]) -> tuple[NDArray[np.int64], Any, bool]:
        """Microseconds of the rows whose date can be read, which rows those are, whether it is UTC."""
        import numpy as np

        shapes: dict[str, list[int]] = {}
        for i, text in enumerate(texts):
            shapes.setdefault(_shape(text), []).append(i)
        micros = np.zeros(len(texts), dtype=np.int64)
        good = np.zeros(len(texts), dtype=bool)
        aware = False
        for places in sorted(shapes.values(), key=len, reverse=True):
            found, readable, zoned = _read_times([texts[i] for i in places])
            micros[places], good[places] = found, readable
            aware = aware or zoned
        self._about_shapes(texts, numbers, shapes, good)
        return micros[good], good, aware

    def _about_shapes(
        self, texts: list[str], numbers: list[int], shapes: dict[str, list[int]], good: Any
    ) -> None:
        bad = [i for i in range(len(texts)) if not good[i]]
        if bad:
            self._say(
                "unreadable", "error", [numbers[i] for i in bad],
                f"{texts[bad[0]]!r} is no date", "correct or remove the row; a feed stops here",
            )  # fmt: skip
        readable = {shape: rows for shape, rows in shapes.items() if good[rows].any()}
        if len(readable) > 1:
            usual = max(readable, key=lambda shape: len(readable[shape]))
            other = sorted(i for shape, rows in readable.items() if shape != usual for i in rows if good[i])
            example = texts[readable[usual][0]]
            self._say(
                "mixed-format", "error", [numbers[i] for i in other],
                f"the date is written {texts[other[0]]!r}, elsewhere {example!r}",
                "write all dates in one form; a feed reads only the one it was told",
            )  # fmt: skip

    # -- numbers ---------------------------------------------------------------------------------
    def _numbers(self, line: str, texts: Any, numbers: list[int]) -> NDArray[np.float64]:
        import numpy as np

        values = np.full(len(texts), np.nan)
        bad, comma = [], []
        for i, text in enumerate(texts):
            text = text.strip()
            try:
                values[i] = float(text)
            except ValueError:
                if text in _MISSING:
                    continue
                if _COMMA_NUMBER.match(text) or _THOUSANDS.match(text):
                    comma.append(i)
                    values[i] = _loose(text)
                else:
                    bad.append(i)
        if comma:
            self._say(
                "mixed-format", "error", [numbers[i] for i in comma],
                f"{line} is written {texts[comma[0]].strip()!r}, with a comma or spaces",
                "write numbers with a point and without separators of thousands",
            )  # fmt: skip
        if bad:
            self._say(
                "unreadable", "error", [numbers[i] for i in bad],
                f"{line} holds {texts[bad[0]]!r}", "correct or remove the row; a feed stops here",
            )  # fmt: skip
        return values

    def _say(self, kind: str, severity: str, rows: list[int], what: str, do: str) -> None:
        self.findings.append(
            Finding(self.path, kind, severity, what, do, rows=tuple(rows[:10]), count=len(rows))
        )


def _separator(sample: list[str]) -> str:
    """The separator that divides most sample lines into the same number of fields, the most fields first."""
    best, score = ",", (0, 0)
    for candidate in (",", ";", "\t", "|"):
        usual, lines = Counter(line.count(candidate) for line in sample if line.strip()).most_common(1)[0]
        if usual and (lines, usual) > score:
            best, score = candidate, (lines, usual)
    return best


def _shape(text: str) -> str:
    """How a date is written: digits by their number, the rest as it is; fractions of a second are alike."""
    shape = _DIGITS.sub(lambda digits: str(len(digits.group())), text)
    return re.sub(r"(?<=2)\.\d$", ".f", shape)


_FORMATS = [
    days + clock
    # day first and month first can only be told apart by a day after the 12th somewhere
    for sep in "/.-"
    for days in (f"%d{sep}%m{sep}%Y", f"%m{sep}%d{sep}%Y", f"%Y{sep}%m{sep}%d")
    for clock in ("", " %H:%M", " %H:%M:%S", "T%H:%M:%S")
]


def _read_times(texts: list[str]) -> tuple[Any, Any, bool]:
    """Texts of one shape as microseconds, which of them are dates, and whether they are UTC."""
    import numpy as np

    good = np.ones(len(texts), dtype=bool)
    for dtformat in (None, *_FORMATS):
        try:
            micros, aware = texts_to_micros(texts, dtformat)
            return micros, good, aware
        except (ValueError, OverflowError):
            continue
    best: dict[int, tuple[int, bool]] = {}
    for dtformat in (None, *(_FORMATS if texts[0][:4].isdigit() is False else ())):
        found = {}
        for i, text in enumerate(texts):
            try:
                one, aware = texts_to_micros([text], dtformat)
                found[i] = (int(one[0]), aware)
            except (ValueError, OverflowError):
                continue
        best = max(best, found, key=len)
    micros = np.zeros(len(texts), dtype=np.int64)
    good[:] = False
    for i, (one_time, _) in best.items():
        micros[i], good[i] = one_time, True
    return micros, good, any(zoned for _, zoned in best.values())


def _loose(text: str) -> float:
    """A number with a decimal comma or separators of thousands."""
    if _COMMA_NUMBER.match(text) and not re.fullmatch(r"-?\d{1,3},\d{3}", text):
        return float(text.replace(",", "."))
    return float(re.sub(r"[,' ]", "", text))


__all__ = ["LINES", "read", "shown"]
