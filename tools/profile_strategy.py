"""Where a script's run spends its time, line by line of its own code.

    python tools/profile_strategy.py script.py [ARGUMENT...]
    python tools/profile_strategy.py --top 20 --sampling script.py

The script runs as it is. The functions of its own files are watched: the strategy's ``__init__``
and ``next``, its indicators, its helpers. With the package line_profiler every line is counted
exactly, which slows the script down; otherwise, or with ``--sampling``, the line being executed is
looked up a thousand times a second, which does not.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import importlib.machinery
import importlib.util
import linecache
import os
import runpy
import sys
import threading
import time
import types
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Profile:
    """Seconds by line of the script's own files."""

    how: str
    total: float = 0.0
    lines: dict[tuple[str, int], float] = field(default_factory=dict)
    hits: dict[tuple[str, int], int] = field(default_factory=dict)
    functions: dict[tuple[str, int], str] = field(default_factory=dict)
    """The function that each line belongs to."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a script under a profiler and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--top", type=int, default=15, metavar="N", help="lines to show (15)")
    parser.add_argument("--sampling", action="store_true", help="do not use line_profiler")
    parser.add_argument("--interval", type=float, default=1.0, metavar="MS", help="between samples (1)")
    parser.add_argument("script", help="the script; what follows goes to it")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    script = os.path.abspath(options.script)
    if not os.path.isfile(script):
        parser.error(f"{options.script}: there is no such file")
    exact = not options.sampling and importlib.util.find_spec("line_profiler") is not None
    profile = Profile("counted by line_profiler" if exact else f"sampled every {options.interval:g} ms")
    watch = _counting(script, profile) if exact else _sampling(script, profile, options.interval / 1000)
    status = _run(script, options.arguments, watch, profile)
    print(report(profile, options.top, script), file=sys.stderr)
    return status


def _run(script: str, arguments: list[str], watch: AbstractContextManager[Any], profile: Profile) -> int:
    """Run the script as ``python script.py`` would; its exit status, 1 if it raised."""
    before = sys.argv, list(sys.path)
    sys.argv = [script, *arguments]
    sys.path.insert(0, os.path.dirname(script))
    began = time.perf_counter()
    try:
        with watch:
            _execute(script, marked=profile.how.startswith("counted"))
        return 0
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except Exception:
        sys.excepthook(*sys.exc_info())
        return 1
    finally:
        profile.total = time.perf_counter() - began
        sys.argv, sys.path[:] = before


def _own(filename: str, script: str) -> bool:
    """Whether a file is the script's: itself, or beside it and below, but no environment in there."""
    folder = os.path.dirname(script) + os.sep
    return filename == script or (filename.startswith(folder) and "site-packages" not in filename)


# -- sampling ----------------------------------------------------------------------------------------
@contextmanager
def _sampling(script: str, profile: Profile, interval: float) -> Iterator[None]:
    """Look up where the main thread is, again and again; a sample stands for the time since the last one."""
    main_thread = threading.get_ident()
    done = threading.Event()

    def look() -> None:
        before = time.perf_counter()
        while not done.wait(interval):
            now = time.perf_counter()
            frame: types.FrameType | None = sys._current_frames().get(main_thread)
            spent, before = now - before, now
            while frame is not None and not _own(frame.f_code.co_filename, script):
                frame = frame.f_back
            if frame is None:
                continue
            place = (frame.f_code.co_filename, frame.f_lineno)
            profile.lines[place] = profile.lines.get(place, 0.0) + spent
            profile.hits[place] = profile.hits.get(place, 0) + 1
            profile.functions[place] = frame.f_code.co_qualname

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


# -- counting ----------------------------------------------------------------------------------------
_REGISTER = "__profile_lines__"


class _Marked(ast.NodeTransformer):
    """Puts the profiler in front of every function: as its innermost decorator, so nothing is wrapped."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        mark = ast.Name(_REGISTER, ast.Load())
        node.decorator_list.append(ast.copy_location(mark, node))
        return node


def _compile(source: bytes, path: str) -> types.CodeType:
    tree = ast.fix_missing_locations(_Marked().visit(ast.parse(source, path)))
    code: types.CodeType = compile(tree, path, "exec")
    return code


class _Loader(importlib.machinery.SourceFileLoader):
    """Imports a module beside the script with its functions marked."""

    def get_code(self, fullname: str) -> types.CodeType:
        """Compiled from the source, never taken from a file of byte code."""
        path = self.get_filename(fullname)
        return _compile(self.get_data(path), path)


class _Finder:
    """Finds the modules beside the script."""

    def __init__(self, script: str) -> None:
        self.script = script

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The usual answer, with our loader for files that are the script's own."""
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or not spec.origin or not _own(os.path.abspath(spec.origin), self.script):
            return None
        if isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = _Loader(spec.name, spec.origin)
        return spec


@contextmanager
def _counting(script: str, profile: Profile) -> Iterator[None]:
    """Hand every function of the script's files to line_profiler as it is defined."""
    import line_profiler

    profiler: Any = line_profiler.LineProfiler()
    names: dict[tuple[str, int], str] = {}

    def register(function: Any) -> Any:
        code = function.__code__
        names[code.co_filename, code.co_firstlineno] = function.__qualname__
        profiler.add_function(function)
        return function

    builtins_of: Any = builtins
    setattr(builtins_of, _REGISTER, register)
    finder: Any = _Finder(script)
    sys.meta_path.insert(0, finder)
    profiler.enable_by_count()
    try:
        yield
    finally:
        profiler.disable_by_count()
        sys.meta_path.remove(finder)
        stats = profiler.get_stats()
        for (path, first, name), timings in stats.timings.items():
            for line, hits, units in timings:
                place = (path, line)
                profile.lines[place] = profile.lines.get(place, 0.0) + units * stats.unit
                profile.hits[place] = profile.hits.get(place, 0) + hits
                profile.functions[place] = names.get((path, first), name)


def _execute(script: str, marked: bool) -> None:
    """Run the script as the main program."""
    if not marked:
        runpy.run_path(script, run_name="__main__")
        return
    with open(script, "rb") as file:
        code = _compile(file.read(), script)
    module: Any = types.ModuleType("__main__")
    module.__file__ = script
    before = sys.modules["__main__"]
    sys.modules["__main__"] = module
    try:
        exec(code, module.__dict__)
    finally:
        sys.modules["__main__"] = before


# -- the table -----------------------------------------------------------------------------------------
def report(profile: Profile, top: int, script: str) -> str:
    """The table as text: by function, then the most expensive lines."""
    by_function: dict[str, float] = {}
    for place, seconds in profile.lines.items():
        name = profile.functions[place]
        by_function[name] = by_function.get(name, 0.0) + seconds
    text = [f"{profile.total:.2f} seconds, {profile.how}"]
    if not profile.lines:
        return "\n".join([*text, "no line of the script's own was seen"])
    text += ["", "by function, what it calls included:"]
    for name, seconds in sorted(by_function.items(), key=lambda item: -item[1])[:top]:
        text.append(f"  {seconds:9.3f} s {_share(seconds, profile.total)}  {name}")
    text += [
        "",
        "the most expensive lines, what they call included:",
        "    seconds  share       hits  line",
    ]
    folder = os.path.dirname(script)
    for place in sorted(profile.lines, key=lambda place: -profile.lines[place])[:top]:
        seconds = profile.lines[place]
        path, line = place
        where = f"{os.path.relpath(path, folder)}:{line}"
        code = linecache.getline(path, line).strip()
        hits = f"{profile.hits[place]:,}"
        text.append(f"  {seconds:9.3f} {_share(seconds, profile.total)} {hits:>10}  {where}: {code}")
    return "\n".join(text)


def _share(seconds: float, total: float) -> str:
    return f"{seconds / total if total else 0:6.1%}"


if __name__ == "__main__":
    sys.exit(main())
