"""The command for the encrypted file of keys."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from real_trade.cli import main
from real_trade.config import Secret, read_secrets
from real_trade.config.command import PASSWORD

WORD = "a long password"


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(PASSWORD, raising=False)
    return tmp_path


@pytest.fixture
def do(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def run(*words: str, typed: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        status = main(["secrets", *words])
        out = capsys.readouterr()
        return status, out.out + out.err

    return run


def test_accounts_are_added_changed_listed_and_removed(do, in_a_folder: Path) -> None:
    assert do("set", "main", typed=f"{WORD}\nKEY1\nSECRET1\n") == (0, "main is added in secrets.json\n")
    assert do("set", "second", "--passphrase", typed=f"{WORD}\nKEY2\nSECRET2\nTHIRD\n")[0] == 0
    assert do("set", "main", typed=f"{WORD}\nKEY3\nSECRET3\n") == (0, "main is changed in secrets.json\n")
    status, text = do("list", typed=f"{WORD}\n")
    assert (status, text) == (0, "main: key, secret\nsecond: key, secret, passphrase\n")
    assert do("remove", "second", typed=f"{WORD}\n")[0] == 0
    found = read_secrets("secrets.json", Secret(WORD))
    assert found == {"main": {"key": Secret("KEY3"), "secret": Secret("SECRET3")}}


def test_the_password_of_the_environment_is_taken(do, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD, WORD)
    assert do("set", "main", typed="KEY\nSECRET\n")[0] == 0
    assert do("list") == (0, "main: key, secret\n")


def test_another_password_for_the_same_keys(do) -> None:
    do("set", "main", typed=f"{WORD}\nKEY\nSECRET\n")
    assert do("password", typed=f"{WORD}\nanother long one\n")[0] == 0
    assert read_secrets("secrets.json", Secret("another long one"))["main"]["key"] == Secret("KEY")


@pytest.mark.parametrize(
    ("words", "typed", "complaint"),
    [
        (("set",), "", "of which account"),
        (("list", "main"), "", "about the whole file"),
        (("list",), "", "secrets.json is not there"),
        (("set", "main"), "short\n", "no protection for money"),
        (("set", "main"), f"{WORD}\n\n", "nothing was typed"),
    ],
)
def test_what_makes_no_sense_is_a_sentence_and_writes_nothing(
    do, in_a_folder: Path, words: tuple[str, ...], typed: str, complaint: str
) -> None:
    status, text = do(*words, typed=typed)
    assert status == 2
    assert complaint in text
    assert not list(in_a_folder.iterdir())


def test_a_wrong_password_and_an_unknown_account_change_nothing(do, in_a_folder: Path) -> None:
    do("set", "main", typed=f"{WORD}\nKEY\nSECRET\n")
    before = (in_a_folder / "secrets.json").read_bytes()
    assert "not opened by this password" in do("set", "main", typed="wrong password\nKEY\nSECRET\n")[1]
    assert "has no account other; it has main" in do("remove", "other", typed=f"{WORD}\n")[1]
    assert do("set", "main", typed=f"{WORD}\nKEY\n") == (130, "\nnothing was changed\n")
    assert (in_a_folder / "secrets.json").read_bytes() == before


def test_no_key_is_ever_shown(do) -> None:
    said = do("set", "main", typed=f"{WORD}\nKEY-TEXT\nSECRET-TEXT\n")[1] + do("list", typed=f"{WORD}\n")[1]
    assert "KEY-TEXT" not in said
    assert "SECRET-TEXT" not in said
    assert WORD not in said
