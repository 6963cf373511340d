"""The command line."""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import real_trade.sim
from real_trade.cli import main
from real_trade.errors import ConfigError
from real_trade.sim.command import add_arguments, configure
from real_trade.sim.config import VenueConfig


def read(*words: str) -> VenueConfig:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return configure(parser.parse_args(words))


def test_without_arguments_everything_walks_at_the_pace_of_the_world() -> None:
    config = read()
    assert config.speed == 1
    assert set(config.data.values()) == {"walk"}
    assert {"BTC/USDT", "BTC/USDT:USDT"} <= set(config.data)


def test_arguments_become_settings(tmp_path: Path) -> None:
    (tmp_path / "faults.json").write_text('[{"when": "place", "what": "drop"}]')
    (tmp_path / "accounts.json").write_text(
        json.dumps(
            [{"name": "a", "key": "k", "secret": "s", "money": {"spot": {"USDT": "1.5"}}, "hedged": True}]
        )
    )
    config = read(
        "--data", "btc/usdt=flat", "--speed", "0", "--seed", "9", "--no-limits", "--latency", "5",
        "--faults", str(tmp_path / "faults.json"), "--accounts", str(tmp_path / "accounts.json"),
    )  # fmt: skip
    assert config.data == {"BTC/USDT": "flat"}
    assert (config.speed, config.seed, config.limit_scale, config.latency_ms) == (0, 9, 0, 5)
    assert config.faults[0]["what"] == "drop"
    account = config.accounts[0]
    assert (account.name, account.hedged, account.money["spot"]["USDT"]) == ("a", True, Decimal("1.5"))
    assert "'s'" not in repr(account), "the secret is in no repr"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--data", "BTC/USDT"], "--data BTC/USDT: say SYMBOL=SOURCE"),
        (["--speed", "-1"], "--speed -1.0: a market cannot run backwards"),
        (["--tick", "0"], "--tick 0.0: the time between two prices must be above 0"),
        (["--port", "70000"], "--port 70000: a port is a number from 0 to 65535"),
        (["--latency", "-4"], "--latency -4: an answer cannot come before its request"),
        (["--info", "nowhere/venue.json"], "--info nowhere/venue.json: there is no folder"),
        (["--faults", "nowhere.json"], "nowhere.json: No such file"),
    ],
)
def test_what_makes_no_sense_is_said(words: list[str], complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(*words)
    assert str(caught.value).startswith(complaint)


@pytest.mark.parametrize(
    ("option", "text", "complaint"),
    [
        ("--faults", "{", "no JSON"),
        ("--faults", '[{"what": "drop"}, {"what": "explode"}]', "fault 2: there is no fault 'explode'"),
        ("--accounts", '[{"name": "a"}]', "account 1: 'key' is missing; needed are name, key"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path: Path, option: str, text: str, complaint: str) -> None:
    path = tmp_path / "file.json"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read(option, str(path))
    assert "file.json" in str(caught.value) and complaint in str(caught.value)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--data", "BTC/EUR=walk"], "BTC/EUR is not listed; listed are BTC/USDT"),
        (["--data", "BTC/USDT=nowhere.csv"], "nowhere.csv: no such file"),
    ],
)
def test_a_venue_that_cannot_open_says_why_in_a_line(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sim", *words]) == 2
    said = capsys.readouterr().err
    assert said.startswith(complaint) and said.count("\n") == 1


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["sim", "--data", "BTC/USDT=flat", "--port", str(port)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("cannot open the venue") and str(port) in said


def test_help_names_the_commands_and_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "sim" in capsys.readouterr().out
    with pytest.raises(SystemExit) as caught:
        main(["sim", "--help"])
    assert caught.value.code == 0
    said = capsys.readouterr().out
    assert "examples:" in said and "python -m real_trade sim --data BTC/USDT=btc-2024.csv --speed 60" in said


def test_the_package_serves_its_names_and_is_light() -> None:
    script = (
        "import sys, real_trade.sim as sim\n"
        "heavy = {'aiohttp', 'cryptography', 'ccxt'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert all(getattr(sim, name) is not None for name in sim.__all__)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = real_trade.sim.nothing
