"""A folder of CSV files: read in parallel as data frames, or played as feeds."""

from __future__ import annotations

import fnmatch
import importlib.util
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..utils.optional import require
from .arrowcsv import TableReader, assemble, takes
from .columns import ColumnsCSVData
from .tablefiles import Block

Progress = Callable[[int, int], Any]

# Below this size pandas holds the interpreter nearly all the time: threads only get in each other's way.
_THREADS_PAY_BYTES = 1 << 20
_TOGETHER = 16  # files handed to a thread at a time


class ParallelCSVLoader:
    """Reads many CSV files in threads, to the frames that ``pandas.read_csv`` gives.

    pyarrow does the reading (it leaves Python's lock alone); without it, and for ``read_args``
    that it does not know, pandas does. A file that cannot be read does not stop the others: it is
    left out and its error is in ``errors``, by path.
    """

    def __init__(self, max_workers: int | None = None) -> None:
        if max_workers is not None and max_workers < 1:
            raise ValueError(f"max_workers={max_workers}: at least one thread has to read")
        self.max_workers = max_workers or min(32, os.cpu_count() or 1)
        self.errors: dict[str, Exception] = {}

    def load_directory(
        self,
        directory: str | os.PathLike[str],
        pattern: str = "*.csv",
        read_args: Mapping[str, Any] | None = None,
        progress_callback: Progress | None = None,
    ) -> dict[str, Any]:
        """The frames of all files of a folder that fit ``pattern``, by file name without suffix.

        ``read_args`` are arguments of ``pandas.read_csv``; ``progress_callback(completed, total)``
        is called after each file.
        """
        paths = files_of(directory, pattern)
        frames = self._load(paths, read_args or {}, progress_callback)
        return {_stem(path): frame for path, frame in zip(paths, frames, strict=True) if frame is not None}

    def load_multiple(
        self,
        paths: Sequence[str | os.PathLike[str]],
        read_args: Mapping[str, Any] | None = None,
        progress_callback: Progress | None = None,
    ) -> list[Any]:
        """The frames of the files given, in their order; without those that cannot be read."""
        frames = self._load([os.fspath(path) for path in paths], read_args or {}, progress_callback)
        return [frame for frame in frames if frame is not None]

    def _load(
        self, paths: list[str], read_args: Mapping[str, Any], progress_callback: Progress | None
    ) -> list[Any]:
        pandas = require("pandas", extra="pandas", why="ParallelCSVLoader")
        self.errors = {}
        count = _Counter(len(paths), progress_callback)
        if importlib.util.find_spec("pyarrow") is None or not takes(read_args):
            return self._by_pandas(pandas, paths, read_args, count)
        tables = self._tables(paths, TableReader(read_args), count)
        frames: list[Any] = [None] * len(paths)
        whole = [i for i, table in enumerate(tables) if table is not None]
        for i, frame in zip(whole, assemble([tables[i] for i in whole], read_args), strict=True):
            frames[i] = frame
        # what pyarrow gave up on: pandas forgives more, and says better what is wrong
        for i, table in enumerate(tables):
            if table is None:
                frames[i] = self._one(
                    paths[i], lambda path: pandas.read_csv(path, **_exact(pandas, read_args))
                )
        return frames

    def _tables(self, paths: list[str], reader: TableReader, count: _Counter) -> list[Any]:
        """Every file as a table, some at a time; None for those that pandas should read."""

        def read(first: int) -> list[Any]:
            tables = reader.read_together(paths[first : first + _TOGETHER])
            for _ in tables:
                count.one_more()
            return tables

        firsts = list(range(0, len(paths), _TOGETHER))
        return [table for tables in self._in_threads(firsts, read, _Counter(0, None)) for table in tables]

    def _by_pandas(
        self, pandas: Any, paths: list[str], read_args: Mapping[str, Any], count: _Counter
    ) -> list[Any]:
        options = _exact(pandas, read_args)

        def read(path: str) -> Any:
            return self._one(path, lambda p: pandas.read_csv(p, **options))

        sizes = [os.path.getsize(path) for path in paths if os.path.exists(path)]
        workers = self.max_workers if sizes and max(sizes) >= _THREADS_PAY_BYTES else 1
        return self._in_threads(paths, read, count, workers)

    def _in_threads(
        self, items: Sequence[Any], read: Callable[[Any], Any], count: _Counter, workers: int | None = None
    ) -> list[Any]:
        """``read`` of each item; each thread takes every n-th, cheaper than handing out one by one."""
        workers = max(1, min(workers or self.max_workers, len(items)))
        results: list[Any] = [None] * len(items)

        def work(first: int) -> None:
            for i in range(first, len(items), workers):
                results[i] = read(items[i])
                count.one_more()

        if workers == 1:
            work(0)
        else:
            with ThreadPoolExecutor(workers, thread_name_prefix="csv") as pool:
                list(pool.map(work, range(workers)))  # an error of the callback comes out here
        return results

    def _one(self, path: str, read: Callable[[str], Any]) -> Any:
        try:
            return read(path)
        except Exception as error:  # whatever is wrong with one file, the others go on
            self.errors[path] = error
            return None


class _Counter:
    """Counts finished files for the callback, from any thread."""

    def __init__(self, total: int, callback: Progress | None) -> None:
        self.done, self.total, self.callback = 0, total, callback
        self._lock = threading.Lock()

    def one_more(self) -> None:
        """Another file is done."""
        if self.callback is None:
            return
        with self._lock:
            self.done += 1
            self.callback(self.done, self.total)


class CSVDirectoryData(ColumnsCSVData):
    """A folder of CSV files as one feed, or as one feed a file.

    Added to Cerebro it plays the files one after the other by their first date, as parts of one
    series (``2020.csv``, ``2021.csv``). Where each file is a symbol, `feeds` makes a feed of each.
    Columns are found by name. Files that cannot be read are in ``errors``.
    """

    params: Any = (
        ("directory", None),
        ("pattern", "*.csv"),
        ("parallel", True),
        ("max_workers", None),
    )

    errors: dict[str, Exception]

    def _after_init(self) -> None:
        self.errors = {}
        if self.p.directory is None:
            self.p.directory = self.p.dataname
        if self.p.directory is None:
            raise DataError("CSVDirectoryData needs a folder: directory='prices'")
        if not self.p.name and not self._name:
            self._name = os.path.basename(os.path.normpath(os.fspath(self.p.directory)))
        super()._after_init()

    def feeds(self, progress_callback: Progress | None = None) -> list[Any]:
        """A feed for each file, named like the file, with this feed's parameters; all are read now.

        A file that cannot be read is left out and is in ``errors``.
        """
        given = self.p._getkwargs()
        for own in ("directory", "pattern", "parallel", "max_workers", "dataname", "name"):
            given.pop(own, None)
        made = []
        for path, blocks in self._read_all(progress_callback):
            feed = _LoadedFile(dataname=path, name=_stem(path), **given)
            feed.blocks = blocks
            made.append(feed)
        return made

    def _files(self) -> Iterator[Iterator[Block]]:
        loaded = [(path, blocks) for path, blocks in self._read_all(None) if blocks]
        if self.errors:
            path, error = next(iter(self.errors.items()))
            more = f" ({len(self.errors)} files in all)" if len(self.errors) > 1 else ""
            # one series with a hole in it is not what was asked for
            raise DataError(f"{path}: cannot be read{more}: {error}") from error
        loaded.sort(key=lambda item: int(item[1][0][0]["datetime"][0]))
        for (before, earlier), (path, later) in pairwise(loaded):
            if int(later[0][0]["datetime"][0]) <= int(earlier[-1][0]["datetime"][-1]):
                raise DataError(
                    f"{path} starts before {before} ends: they are no parts of one series. "
                    "Where each file is a symbol: "
                    "for feed in CSVDirectoryData(directory=...).feeds(): cerebro.adddata(feed)"
                )
        for _, blocks in loaded:
            yield ((dict(columns), aware) for columns, aware in blocks)

    def _read_all(self, progress_callback: Progress | None) -> list[tuple[str, list[Block]]]:
        paths = files_of(self.p.directory, self.p.pattern)
        if not paths:
            raise DataError(f"{self.p.directory}: no file there is called {self.p.pattern}")
        loader = ParallelCSVLoader(self.p.max_workers if self.p.parallel else 1)
        count = _Counter(len(paths), progress_callback)
        read: Callable[[str], Any] = lambda path: list(self._table(path).blocks())  # noqa: E731
        blocks = loader._in_threads(paths, lambda path: loader._one(path, read), count)
        self.errors = dict(sorted(loader.errors.items()))
        return [(path, found) for path, found in zip(paths, blocks, strict=True) if found is not None]


class _LoadedFile(ColumnsCSVData):
    """A file of a folder, read already."""

    blocks: list[Block]

    def _files(self) -> Iterator[Iterator[Block]]:
        yield ((dict(columns), aware) for columns, aware in self.blocks)


CSVDirectoryDataFeed = CSVDirectoryData


def files_of(directory: str | os.PathLike[str], pattern: str) -> list[str]:
    """The files of a folder whose names fit, sorted."""
    folder = Path(directory)
    if not folder.is_dir():
        raise DataError(f"{folder}: there is no such folder")
    names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file())
    return [str(folder / name) for name in fnmatch.filter(names, pattern)]


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def _exact(pandas: Any, read_args: Mapping[str, Any]) -> dict[str, Any]:
    """pandas' arguments; unless told otherwise numbers are read to the nearest double, as feeds do."""
    version = tuple(int(part) for part in pandas.__version__.split(".")[:2])
    other_engine = read_args.get("engine") in ("python", "python-fwf", "pyarrow")
    if other_engine or version >= (3, 1):  # from there on it is the only way
        return dict(read_args)
    return {"float_precision": "round_trip", **read_args}
