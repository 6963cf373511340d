"""Providers on this machine: a TLS server that answers for any host, in the form the providers answer."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, str]
Handler = Callable[[str, str, dict[str, str]], Answer | None]

HOSTS = [
    "*.finance.yahoo.com", "*.yahoo.com", "*.eastmoney.com", "*.push2.eastmoney.com",
    "*.finance.sina.com.cn", "api.binance.com", "localhost",
]  # fmt: skip


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for the providers' hosts, valid today: (authority and certificate, with key)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    def build(name: str, issuer: str, key: Any, signer: Any, extensions: list[tuple[Any, bool]]) -> Any:
        now = dt.datetime.now(dt.UTC)
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        by = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)])
        builder = x509.CertificateBuilder(
            by, subject, key.public_key(), x509.random_serial_number(),
            now - dt.timedelta(hours=1), now + dt.timedelta(days=1),
        )  # fmt: skip
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(signer, hashes.SHA256())

    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    usage = {
        name: name in ("digital_signature", "key_cert_sign", "crl_sign")
        for name in (
            "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
            "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
        )
    }  # fmt: skip
    root_id = x509.SubjectKeyIdentifier.from_public_key(root_key.public_key())
    root = build(
        "test authority", "test authority", root_key, root_key,
        [(x509.BasicConstraints(True, None), True), (x509.KeyUsage(**usage), True), (root_id, False)],
    )  # fmt: skip
    names: list[x509.GeneralName] = [x509.DNSName(host) for host in HOSTS]
    names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    leaf = build(
        "test provider", "test authority", key, root_key,
        [
            (x509.SubjectAlternativeName(names), False),
            (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(root_id), False),
        ],
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    authority, served = folder / "authority.pem", folder / "served.pem"
    authority.write_bytes(root.public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    served.write_bytes(private + leaf.public_bytes(pem))
    return authority, served


class Loopback:
    """The server; ``handlers`` are asked in turn, what none answers is a 404 and remembered."""

    def __init__(self, served: Path) -> None:
        self.handlers: list[Handler] = []
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.unknown: list[str] = []
        outer = self

        class Request(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Request)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(served)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def answer(self, request: Any) -> None:
        """Find a handler and send what it says."""
        parts = urlsplit(request.path)
        host = request.headers.get("Host", "").partition(":")[0]
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.asked.append((host, parts.path, query))
        found = next(
            (answer for handler in self.handlers if (answer := handler(host, parts.path, query)) is not None),
            None,
        )
        if found is None:
            self.unknown.append(host + request.path)
            found = (404, "{}")
        status, text = found
        body = text.encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class Tunnel:
    """A proxy through which every host is the server: for clients that resolve names by themselves."""

    def __init__(self, port: int) -> None:
        class Connection(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                if not self.rfile.readline().startswith(b"CONNECT "):
                    return
                while self.rfile.readline().strip():
                    pass
                with socket.create_connection(("127.0.0.1", port)) as target:
                    self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    back = threading.Thread(target=_pour, args=(target, self.connection), daemon=True)
                    back.start()
                    _pour(self.connection, target)
                    back.join(5)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Connection)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()


def _pour(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


# --- bars that a provider knows ----------------------------------------------------------------------

Row = tuple[dt.datetime, float, float, float, float, int]


def days(first: str, count: int, start: float = 100.0) -> list[Row]:
    """Monday to Friday bars."""
    day, rows = dt.datetime.fromisoformat(first), []
    while len(rows) < count:
        if day.weekday() < 5:
            price = start + len(rows) / 4
            rows.append((day, price, price + 1.5, price - 1.25, price + 0.5, 1000 + len(rows)))
        day += dt.timedelta(days=1)
    return rows


def stamp(when: dt.datetime) -> int:
    return int(when.replace(tzinfo=dt.UTC).timestamp())


def yahoo(symbol: str, rows: list[Row], hours: float = -5) -> Handler:
    """Yahoo's chart interface for a symbol of an exchange ``hours`` from UTC; daily bars open at 9:30."""

    def handler(host: str, path: str, query: dict[str, str]) -> Answer | None:
        if not host.endswith("yahoo.com"):
            return None
        if path.endswith("getcrumb"):
            return 200, "crumb"
        if path == "/":
            return 200, ""
        if path != f"/v8/finance/chart/{symbol}":
            reason = {"code": "Not Found", "description": "No data found, symbol may be delisted"}
            return 404, json.dumps({"chart": {"result": None, "error": reason}})
        begin, end = int(query.get("period1", 0)), int(query.get("period2", 1 << 40))
        meta = {
            "currency": "USD", "symbol": symbol, "exchangeName": "NMS", "instrumentType": "EQUITY",
            "firstTradeDate": stamp(rows[0][0]), "gmtoffset": int(hours * 3600), "timezone": "EST",
            "exchangeTimezoneName": "America/New_York", "regularMarketPrice": rows[-1][4], "priceHint": 2,
            "dataGranularity": query.get("interval", "1d"), "range": "",
            "validRanges": ["1d", "5d", "1mo", "1y", "max"],
        }  # fmt: skip
        opens = [stamp(row[0] + dt.timedelta(hours=9.5 - hours)) for row in rows]
        chosen = [i for i, opened in enumerate(opens) if begin <= opened < end]
        result: dict[str, Any] = {"meta": meta, "indicators": {"quote": [{}], "adjclose": [{}]}}
        if chosen:
            result["timestamp"] = [opens[i] for i in chosen]
            names = ("open", "high", "low", "close", "volume")
            result["indicators"] = {
                "quote": [{name: [rows[i][k + 1] for i in chosen] for k, name in enumerate(names)}],
                # half of what was traded: as after a split of two for one
                "adjclose": [{"adjclose": [rows[i][4] / 2 for i in chosen]}],
            }
        return 200, json.dumps({"chart": {"result": [result], "error": None}})

    return handler


def eastmoney(secid: str, rows: list[Row], fmt: str = "%Y-%m-%d") -> Handler:
    """The kline interface of Eastmoney for one ``market.symbol``."""

    def handler(host: str, path: str, query: dict[str, str]) -> Answer | None:
        if not host.endswith("eastmoney.com"):
            return None
        if path == "/api/qt/clist/get":
            market, symbol = secid.split(".")
            found = [{"f3": 0, "f12": symbol, "f13": int(market)}]
            return 200, json.dumps({"data": {"total": 1, "diff": found}})
        if path != "/api/qt/stock/kline/get":
            return None
        if query["secid"] != secid:
            return 200, json.dumps({"rc": 100, "data": None})
        factor = {"0": 1.0, "1": 0.5, "2": 2.0}[query["fqt"]]
        begin, end = query["beg"][:8], query["end"][:8]
        lines = []
        for when, opened, high, low, close, volume in rows:
            if not begin <= when.strftime("%Y%m%d") <= end:
                continue
            prices = ",".join(f"{price * factor:.4f}" for price in (opened, close, high, low))
            lines.append(f"{when.strftime(fmt)},{prices},{volume},123456.0,1.0,0.5,0.25,0.1")
        data = {"code": secid[2:], "klines": lines}
        return 200, json.dumps({"rc": 0, "data": data})

    return handler


def sina(symbol: str, rows: list[Row]) -> Handler:
    """The futures interface of Sina: JSON inside a call."""

    def handler(host: str, path: str, query: dict[str, str]) -> Answer | None:
        if not host.endswith("sina.com.cn") or not path.endswith("InnerFuturesNewService.getDailyKLine"):
            return None
        if query["symbol"] != symbol:
            return 200, "/*<script>*/\nvar _V=(null);"
        table = [
            {
                "d": f"{row[0]:%Y-%m-%d}",
                "o": row[1],
                "h": row[2],
                "l": row[3],
                "c": row[4],
                "v": row[5],
                "p": 77,
                "s": 0,
            }
            for row in rows
        ]
        return 200, "/*<script>location.href='//sina.com';</script>*/\nvar _V21052021_4_12=(" + json.dumps(
            table
        ) + ");"

    return handler


def binance(market: str, rows: list[Row], page: int = 1000) -> Handler:
    """The candle interface of Binance for one market; at most ``page`` candles an answer."""

    def handler(host: str, path: str, query: dict[str, str]) -> Answer | None:
        if path.endswith("/exchangeInfo"):
            base, quote = market[:-4], market[-4:]
            symbol = {
                "symbol": market, "status": "TRADING", "baseAsset": base, "quoteAsset": quote,
                "baseAssetPrecision": 8, "quotePrecision": 8, "isSpotTradingAllowed": True, "filters": [],
                "orderTypes": ["LIMIT"], "permissions": ["SPOT"], "permissionSets": [["SPOT"]],
            }  # fmt: skip
            return 200, json.dumps(
                {"timezone": "UTC", "serverTime": 0, "rateLimits": [], "symbols": [symbol]}
            )
        if not path.endswith("/klines"):
            return None
        begin = int(query.get("startTime", 0))
        limit = min(int(query.get("limit", 500)), page)
        chosen = [row for row in rows if stamp(row[0]) * 1000 >= begin]
        chosen = chosen[:limit] if "startTime" in query else chosen[-limit:]
        length = int((rows[1][0] - rows[0][0]).total_seconds() * 1000)
        candles = [
            [
                stamp(row[0]) * 1000, *(f"{value:.8f}" for value in row[1:5]), f"{row[5]:.8f}",
                stamp(row[0]) * 1000 + length - 1, "0", 1, "0", "0", "0",
            ]
            for row in chosen
        ]  # fmt: skip
        return 200, json.dumps(candles)

    return handler
