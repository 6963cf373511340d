"""Who a server of studies turns away."""

from __future__ import annotations

import pytest

from backtrader.opt.guard import Guard, is_loopback, shown_host

OURS = {"Host": "127.0.0.1:8765"}
ORDER = {**OURS, "X-Backtrader": "1", "Origin": "http://127.0.0.1:8765"}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.9.9.9"])
def test_this_machine_alone(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.4", "example.org", "localhost.example.org"])
def test_others_get_there(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8765", "localhost:8765", "LOCALHOST:9000", "[::1]:8765", "localhost", "[::1]"]
)
def test_names_of_ours(host: str) -> None:
    assert Guard("127.0.0.1", None).objection("GET", {"Host": host}, None) is None


@pytest.mark.parametrize(
    "host", ["evil.example:8765", "127.0.0.1.evil.example", "localhost.evil.example:8765", "", "[::2]:8765"]
)
def test_a_name_that_was_made_to_point_here(host: str) -> None:
    found = Guard("127.0.0.1", None).objection("GET", {"Host": host}, None)
    assert found is not None
    assert found[0] == 421


@pytest.mark.parametrize("token", [None, "", "wrong", "secre", "secrets", "sécret"])
def test_without_the_token(token: str | None) -> None:
    found = Guard("0.0.0.0", "secret").objection("GET", {"Host": "10.0.0.7:8765"}, token)
    assert found is not None
    assert found[0] == 401


def test_with_the_token() -> None:
    assert Guard("0.0.0.0", "secret").objection("GET", {"Host": "10.0.0.7:8765"}, "secret") is None


@pytest.mark.parametrize(
    "headers",
    [
        {**ORDER, "Origin": "http://evil.example"},
        {**ORDER, "Origin": "http://127.0.0.1:9999"},
        {**ORDER, "Origin": "null"},
        {**ORDER, "Sec-Fetch-Site": "cross-site"},
        {**ORDER, "Sec-Fetch-Site": "same-site"},
        OURS,
    ],
)
def test_orders_from_elsewhere(headers: dict[str, str]) -> None:
    found = Guard("127.0.0.1", None).objection("POST", headers, None)
    assert found is not None
    assert found[0] == 403


@pytest.mark.parametrize("more", [{}, {"Sec-Fetch-Site": "same-origin"}])
def test_our_own_orders(more: dict[str, str]) -> None:
    assert Guard("127.0.0.1", None).objection("POST", ORDER | more, None) is None


def test_hosts_as_they_stand_in_an_address() -> None:
    assert [shown_host(each) for each in ("0.0.0.0", "::", "::1", "10.0.0.7")] == [
        "127.0.0.1", "127.0.0.1", "[::1]", "10.0.0.7",
    ]  # fmt: skip
