"""Names from the days of two Pythons."""

from __future__ import annotations

import io
import sys
import urllib.parse
import urllib.request

import pytest

from backtrader.utils import py3


def test_every_name_is_there() -> None:
    for name in (*py3.__all__, "urlopen", "ProxyHandler", "build_opener", "install_opener", "urlquote"):
        assert hasattr(py3, name), name
    assert py3.urlopen is urllib.request.urlopen
    assert py3.urlquote is urllib.parse.quote
    assert not hasattr(py3, "anything_else")


def test_dictionaries() -> None:
    pairs = {"a": 1, "b": 2}
    assert (py3.keys(pairs), py3.values(pairs), py3.items(pairs)) == (
        ["a", "b"],
        [1, 2],
        [("a", 1), ("b", 2)],
    )
    assert list(py3.iterkeys(pairs)) == ["a", "b"]
    assert list(py3.itervalues(pairs)) == [1, 2]
    assert list(py3.iteritems(pairs)) == [("a", 1), ("b", 2)]
    assert next(py3.iteritems(pairs)) == ("a", 1)  # an iterator, not a view


def test_text_and_order() -> None:
    assert (py3.bytes("é"), py3.bstr(5)) == (b"\xc3\xa9", "5")
    assert [py3.cmp(1, 2), py3.cmp(2, 1), py3.cmp(1, 1), py3.cmp(1.0, float("nan"))] == [-1, 1, 0, 0]
    assert isinstance("a", py3.string_types)
    assert isinstance(1, py3.integer_types)


def test_a_flushed_file() -> None:
    calls: list[str] = []

    class File(io.StringIO):
        def flush(self) -> None:
            calls.append("flush")

    target = File()
    wrapped = py3.flushfile(target)
    wrapped.write("text")
    wrapped.flush()
    assert target.getvalue() == "text"
    assert calls == ["flush", "flush"]


def test_silence(capsys: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout
    silence = py3.StdOutDevNull()
    try:
        assert sys.stdout is silence
        print("unheard")
        silence.flush()
    finally:
        silence.stop()
    assert sys.stdout is before
    assert capsys.readouterr().out == ""
