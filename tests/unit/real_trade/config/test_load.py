"""Settings: where they come from, what wins, and what is wrong with them in one sentence."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from real_trade.config import Secret, load
from real_trade.config.credentials import write_secrets
from real_trade.errors import ConfigError

TOML = """
profile = "testnet"

[accounts.Main]
venue = "binance"
market = "usdm"
hedged = true
timeout_s = 2.5
maker_fee = 0.0001

[accounts.paper.money]
USDT = "1000.10"

[limits]
max_notional = 5000
"""


def test_a_file_is_read_exactly(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(TOML)
    found = load(path, environ={})
    assert found.profile == "testnet"
    assert found.accounts["Main"].hedged
    # not by way of a binary fraction
    assert found.accounts["Main"].maker_fee == Decimal("0.0001")
    assert found.accounts["paper"].money == {"USDT": Decimal("1000.10")}
    assert found.limits.max_notional == 5000


def test_json_and_a_mapping_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"accounts": {"a": {"taker_fee": 0.1}}}')
    assert load(path, environ={}) == load({"accounts": {"a": {"taker_fee": "0.1"}}}, environ={})


def test_the_environment_wins(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(TOML)
    environ = {
        "REAL_TRADE__ACCOUNTS__MAIN__TIMEOUT_S": "7",
        "REAL_TRADE__LIMITS__MAX_NOTIONAL": "12.5",
        "REAL_TRADE_OTHER": "not ours",
    }
    found = load(path, environ=environ)
    assert found.accounts["Main"].timeout_s == 7
    assert found.limits.max_notional == Decimal("12.5")


def test_without_anything_there_are_defaults() -> None:
    found = load(environ={})
    assert found.profile == "dev"
    assert found.accounts == {}
    assert found.storage.url.reveal() == "sqlite:///real_trade.db"


def test_secrets_come_from_their_file_and_the_environment_wins(tmp_path: Path) -> None:
    sealed = tmp_path / "secrets.json"
    keys = {"main": {"key": Secret("k1"), "secret": Secret("s1")}}
    write_secrets(sealed, Secret("word"), keys)
    settings = {"accounts": {"main": {"venue": "binance"}}, "secrets_file": str(sealed)}
    environ = {"REAL_TRADE_PASSWORD": "word", "REAL_TRADE__ACCOUNTS__MAIN__SECRET": "s2"}
    account = load(settings, environ=environ).accounts["main"]
    assert (account.key.reveal(), account.secret.reveal()) == ("k1", "s2")
    with pytest.raises(ConfigError, match="needs a password"):
        load(settings, environ={})
    assert load(settings, environ={}, password=Secret("word")).accounts["main"].key


REAL = {"venue": "binance", "testnet": False, "key": "k", "secret": "s"}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"acounts": {}}, "acounts: there is no such setting; did you mean accounts?"),
        ({"accounts": {"a": {"timout_s": 1}}}, "accounts.a.timout_s: .* did you mean timeout_s?"),
        ({"accounts": {"a": {"timeout_s": "soon"}}}, "accounts.a.timeout_s: .*valid number"),
        ({"accounts": {"a": {"timeout_s": 0}}}, "accounts.a.timeout_s: .*greater than 0"),
        ({"accounts": {"a": {"venue": "binanse"}}}, "accounts.a.venue: .*'paper' or 'binance'"),
        ({"profile": "prod"}, "profile: .*'dev', 'testnet' or 'production'"),
        ({"accounts": {"a": REAL}}, "real money needs the profile production"),
        ({"profile": "production", "accounts": {"a": REAL | {"key": ""}}}, "accounts.a has no key"),
        ({"profile": "production", "accounts": {"a": REAL | {"secret": ""}}}, "accounts.a has no secret"),
        ({"limits": {"max_notional": -1}}, "limits.max_notional: .*greater than 0"),
        ({"accounts": {"a": {"secret": 5}}}, "accounts.a.secret: a secret is text"),
    ],
)
def test_what_is_wrong_is_said_with_its_name(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence) as caught:
        load(settings, environ={})
    assert "\n" not in str(caught.value)


def test_a_wrong_value_is_not_repeated() -> None:
    # it may be a secret that was put in the wrong place
    with pytest.raises(ConfigError) as caught:
        load({"accounts": {"a": {"market": "TopSecret"}}, "storage": {"url": 5}}, environ={})
    assert "TopSecret" not in str(caught.value)


@pytest.mark.parametrize("field", ["key", "secret", "passphrase"])
def test_secrets_do_not_belong_in_a_file_of_settings(tmp_path: Path, field: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f'[accounts.main]\n{field} = "TopSecret"\n')
    with pytest.raises(ConfigError, match=f"REAL_TRADE__ACCOUNTS__MAIN__{field.upper()}") as caught:
        load(path, environ={})
    assert "TopSecret" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.toml", "profile = ", "a.toml: "),
        ("a.json", "{", "a.json: "),
        ("a.json", "[]", "must hold an object"),
        ("a.yaml", "x: 1", "in .toml or .json, not in .yaml"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, text: str, sentence: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(ConfigError, match=sentence):
        load(path, environ={})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load(tmp_path / "none.toml", environ={})


def test_settings_do_not_change_afterwards() -> None:
    found = load(environ={})
    with pytest.raises(ValueError, match="frozen"):
        found.profile = "production"


def test_real_money_is_possible_when_it_is_meant() -> None:
    found = load({"profile": "production", "accounts": {"a": REAL}}, environ={})
    assert found.accounts["a"].is_real


def test_importing_the_gateways_brings_nothing_heavy() -> None:
    code = (
        "import sys, real_trade.config, real_trade.gateways, real_trade.gateways.binance, real_trade.gateways.paper;"
        "print([m for m in ('ccxt', 'aiohttp', 'pydantic', 'cryptography', 'numpy', 'pytest') if m in sys.modules])"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == "[]"
