"""Certificates and the remapped names."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from real_trade.sim.wire import Link, make_certificates


def test_a_client_believes_the_throw_away_authority_and_nobody_else() -> None:
    async def scenario() -> None:
        hosts = ("api.example.com",)
        good, other = make_certificates(hosts), make_certificates(hosts)

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"hello")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=good.server_context())
        port = server.sockets[0].getsockname()[1]

        async def dial(link: Link, host: str) -> bytes:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", port, ssl=link.ssl_context(), server_hostname=host
            )
            said = await reader.read()
            writer.close()
            return said

        assert await dial(Link(port, good.authority, hosts), "api.example.com") == b"hello"
        with pytest.raises(ssl.SSLCertVerificationError):
            await dial(Link(port, other.authority, hosts), "api.example.com")
        with pytest.raises(ssl.SSLCertVerificationError):
            await dial(Link(port, good.authority, hosts), "other.example.com")
        server.close()
        await server.wait_closed()

    asyncio.run(scenario())


def test_strict_verification_accepts_the_certificate() -> None:
    made = make_certificates(("api.example.com",))
    context = Link(1, made.authority, ()).ssl_context()
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    server, client = ssl.MemoryBIO(), ssl.MemoryBIO()
    there = made.server_context().wrap_bio(client, server, server_side=True)
    here = context.wrap_bio(server, client, server_hostname="api.example.com")
    for _ in range(5):
        for side in (here, there):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert here.version() == "TLSv1.3"


def test_a_name_that_the_venue_does_not_serve_leads_nowhere() -> None:
    async def scenario() -> None:
        link = Link(1, make_certificates(("api.example.com",)).authority, ("api.example.com",))
        connector = link.connector()
        with pytest.raises(OSError, match=r"evil\.example\.org is no host of the rehearsal venue"):
            await connector._resolve_host("evil.example.org", 443)
        assert link.asked == ["evil.example.org"]
        await connector.close()

    asyncio.run(scenario())


def test_the_key_is_in_no_repr() -> None:
    made = make_certificates(("api.example.com",))
    assert "PRIVATE" not in repr(made)
    assert "PRIVATE KEY" in made.key


def test_a_link_is_written_down_and_read(tmp_path: Path) -> None:
    link = Link(12345, "pem", ("a", "b"), "http://127.0.0.1:1")
    link.save(tmp_path / "venue.json")
    assert Link.read(tmp_path / "venue.json") == link
