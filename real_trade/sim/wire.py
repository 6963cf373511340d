"""The way to the venue: TLS with a throw-away certificate, and names that lead here.

A client keeps the addresses of the real venue.  What changes is where its host names resolve to, and which
authority it believes; both go into the aiohttp connector that it is handed.  Every host that was asked for
is noted, and one that the venue does not serve is refused: nothing else is ever contacted.
"""

from __future__ import annotations

import datetime
import errno
import ipaddress
import json
import socket
import ssl
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp.abc import AbstractResolver, ResolveResult

if TYPE_CHECKING:
    import aiohttp

__all__ = ["Certificates", "Link", "make_certificates"]


@dataclass(frozen=True)
class Certificates:
    """A throw-away authority, and the certificate it gave for all hosts of the venue; all in PEM."""

    authority: str
    certificate: str
    key: str = field(repr=False)

    def server_context(self) -> ssl.SSLContext:
        """What the venue serves with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # The standard library reads keys from files only.
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "venue.pem"
            path.touch(mode=0o600)
            path.write_text(self.certificate + self.key, encoding="ascii")
            context.load_cert_chain(path)
        return context


def make_certificates(hosts: tuple[str, ...]) -> Certificates:
    """A new authority and a certificate for ``hosts``, valid for thirty days."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    now = datetime.datetime.now(datetime.UTC)
    root_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def builder(subject: str, public_key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("rehearsal authority"))
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=30))
        )

    def usage(*, authority: bool) -> x509.KeyUsage:
        return x509.KeyUsage(
            digital_signature=True, key_cert_sign=authority, crl_sign=authority, content_commitment=False,
            key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
            decipher_only=False,
        )  # fmt: skip

    root = (
        builder("rehearsal authority", root_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    names: list[x509.GeneralName] = [x509.DNSName(host) for host in (*hosts, "localhost")]
    names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    leaf = (
        builder("rehearsal venue", leaf_key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = leaf_key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return Certificates(root.public_bytes(pem).decode(), leaf.public_bytes(pem).decode(), secret)


class _Remap(AbstractResolver):
    """Answers every host of the venue with its port on this machine, and notes what was asked."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self._link.asked.append(host)
        if host not in self._link.hosts:
            text = f"{host} is no host of the rehearsal venue: nothing else is contacted"
            raise OSError(errno.EHOSTUNREACH, text)
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=self._link.port,
                family=socket.AF_INET, proto=0, flags=socket.AI_NUMERICHOST,
            )
        ]  # fmt: skip

    async def close(self) -> None:
        """Nothing is held open."""


@dataclass
class Link:
    """All that a client needs to reach a venue, in this process or in another.

    ``control`` is the address of the control API, ``asked`` every host that a client wanted to reach.
    """

    port: int
    authority: str
    hosts: tuple[str, ...]
    control: str = ""
    asked: list[str] = field(default_factory=list)

    def ssl_context(self) -> ssl.SSLContext:
        """A client's context that believes the venue's authority and nobody else."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self.authority)
        return context

    def connector(self, context: ssl.SSLContext | None = None) -> aiohttp.TCPConnector:
        """A new connector, for one session; needs a running event loop."""
        import aiohttp

        return aiohttp.TCPConnector(
            resolver=_Remap(self), ssl=context or self.ssl_context(), use_dns_cache=False, limit=0
        )

    def client_settings(self) -> dict[str, Any]:
        """What a ccxt client is given before its first request, by the names of its attributes."""
        import asyncio

        import aiohttp

        context = self.ssl_context()
        connector = self.connector(context)
        return {
            "asyncio_loop": asyncio.get_running_loop(),
            "ssl_context": context,
            "tcp_connector": connector,
            "session": aiohttp.ClientSession(connector=connector, trust_env=False),
        }

    def attach(self, exchange: Any) -> Any:
        """Let a ccxt client talk to the venue; gives the client back."""
        for name, value in self.client_settings().items():
            setattr(exchange, name, value)
        return exchange

    def save(self, path: Path) -> None:
        """Write it down, for a client in another process."""
        known = {"port": self.port, "authority": self.authority, "hosts": self.hosts, "control": self.control}
        # Whoever waits for the file must not see half of it.
        part = path.with_name(path.name + ".part")
        part.write_text(json.dumps(known), encoding="utf-8")
        part.replace(path)

    @classmethod
    def read(cls, path: Path | str) -> Link:
        """What `save` wrote."""
        known = json.loads(Path(path).read_text(encoding="utf-8"))
        return cls(known["port"], known["authority"], tuple(known["hosts"]), known["control"])
