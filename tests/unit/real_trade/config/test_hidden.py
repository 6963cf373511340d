"""What was put into a setting is not in the error about it, whoever makes the settings."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from real_trade.config import AccountSettings, GlobalConfig, StorageSettings, load
from real_trade.errors import ConfigError

WORD = "MustNotBeSeen123"


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (AccountSettings, {"api_key": WORD}),
        (AccountSettings, {"key": WORD.encode()}),
        (AccountSettings, {"secret": [WORD]}),
        (AccountSettings, {"venue": WORD}),
        (StorageSettings, {"url": {"password": WORD}}),
        (GlobalConfig, {"accounts": {"main": {"venue": "binance", "keys": WORD}}}),
        (GlobalConfig, {"accounts": {"main": {"venue": "binance", "testnet": False, "secret": WORD}}}),
    ],
)
def test_an_error_of_the_model_itself_shows_no_value(model: Any, values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        model(**values)
    assert WORD not in str(caught.value) and WORD not in repr(caught.value)


@pytest.mark.parametrize("first", [True, False])
def test_a_variable_for_a_group_and_one_within_it_are_a_sentence(first: bool) -> None:
    group = ("REAL_TRADE__ACCOUNTS", WORD)
    within = ("REAL_TRADE__ACCOUNTS__MAIN__KEY", WORD)
    environ = dict([group, within] if first else [within, group])
    with pytest.raises(ConfigError, match="REAL_TRADE__ACCOUNTS") as caught:
        load(environ=environ)
    assert WORD not in str(caught.value)
