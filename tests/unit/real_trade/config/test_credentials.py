"""The encrypted file of keys."""

from __future__ import annotations

import copy
import json
import os
import pickle
import stat
from pathlib import Path

import pytest

from real_trade.config.credentials import read_secrets, write_secrets
from real_trade.config.secret import Secret
from real_trade.errors import ConfigError

WORD = Secret("a long password")
ENTRIES = {"main": {"key": Secret("KEY"), "secret": Secret("SECRET-ß")}, "other": {"key": Secret("X")}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    where = tmp_path / "secrets.json"
    write_secrets(where, WORD, ENTRIES)
    return where


def test_what_was_written_is_read(path: Path) -> None:
    assert read_secrets(path, WORD) == ENTRIES


def test_nothing_of_it_can_be_read_without_the_password(path: Path) -> None:
    text = path.read_text()
    assert "KEY" not in text
    assert "SECRET" not in text
    with pytest.raises(ConfigError, match="not opened by this password"):
        read_secrets(path, Secret("another"))


def test_only_the_owner_may_read_it(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="rights are not in the mode there")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(ConfigError, match=rf"mode {mode:04o}\): chmod 600"):
        read_secrets(path, WORD)


@pytest.mark.parametrize("field", ["salt", "nonce", "data", "n"])
def test_a_changed_file_is_noticed(path: Path, field: str) -> None:
    content = json.loads(path.read_text())
    content[field] = 2**15 if field == "n" else content[field][::-1]
    path.write_text(json.dumps(content))
    with pytest.raises(ConfigError):
        read_secrets(path, WORD)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"nonce": "!", "data": ""}', '{"nonce": "", "data": "", "format": "x", "version": 1}'],
)
def test_another_file_is_not_taken_for_one(path: Path, text: str) -> None:
    path.write_text(text)
    with pytest.raises(ConfigError, match="is no file of secrets"):
        read_secrets(path, WORD)


def test_a_file_cannot_ask_for_all_memory(path: Path) -> None:
    content = json.loads(path.read_text())
    content["n"] = 2**40
    path.write_text(json.dumps(content))
    with pytest.raises(ConfigError, match="is no file of secrets"):
        read_secrets(path, WORD)


def test_writing_again_leaves_nothing_beside_it(path: Path) -> None:
    write_secrets(path, WORD, {})
    assert read_secrets(path, WORD) == {}
    assert [one.name for one in path.parent.iterdir()] == ["secrets.json"]


def test_two_files_of_the_same_are_different(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "again.json"
    write_secrets(other, WORD, ENTRIES)
    assert json.loads(other.read_text())["data"] != json.loads(path.read_text())["data"]


def test_a_password_is_needed(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="needs a password"):
        write_secrets(tmp_path / "x", Secret(""), ENTRIES)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        read_secrets(tmp_path / "none", WORD)


def test_a_secret_is_not_pickled_and_copies_to_itself() -> None:
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(WORD)
    assert copy.deepcopy(WORD) is WORD
    assert copy.copy(WORD) is WORD
