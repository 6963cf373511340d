"""The providers' clients, unchanged, talking to a server on this machine."""

from __future__ import annotations

import importlib.util
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from . import loopback


def needs(name: str) -> None:
    """Skip without the client; on a build server its absence is a failure."""
    if importlib.util.find_spec(name) is None:
        message = f"{name} is not installed: pip install 'backtrader[online]'"
        if os.environ.get("CI") == "true":
            pytest.fail(message, pytrace=False)
        pytest.skip(message)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    needs("cryptography")
    return loopback.make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def server(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[loopback.Loopback]:
    """A server to which every name leads, whatever the port; its certificate is trusted."""
    running = loopback.Loopback(certificate[1])
    real = socket.getaddrinfo

    def to_here(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        return real("127.0.0.1", running.port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", to_here)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    yield running
    running.stop()


@pytest.fixture
def session(server: loopback.Loopback, certificate: tuple[Path, Path], tmp_path: Path) -> Iterator[Any]:
    """yfinance's own kind of session; libcurl resolves names itself, so it goes through a proxy."""
    needs("yfinance")
    import yfinance
    from curl_cffi.requests import Session

    yfinance.set_tz_cache_location(str(tmp_path / "yfinance"))
    tunnel = loopback.Tunnel(server.port)
    proxy = f"http://127.0.0.1:{tunnel.port}"
    with Session(impersonate="chrome", verify=str(certificate[0]), proxies={"https": proxy}) as made:
        yield made
    tunnel.stop()


@pytest.fixture
def binance(server: loopback.Loopback) -> Any:
    """A ccxt exchange with its real addresses."""
    needs("ccxt")
    import ccxt

    client = ccxt.binance({"enableRateLimit": False, "options": {"fetchMarkets": {"types": ["spot"]}}})
    client.session.trust_env = True  # take the authority from the environment
    client.requests_trust_env = True
    return client
