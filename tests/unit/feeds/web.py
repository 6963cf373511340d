"""A web server on loopback that gives recorded answers."""

from __future__ import annotations

import http.server
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Answer = tuple[int, dict[str, str], str]


class Site:
    """Answers by path (a value, or a function of the request), ``"*"`` for all others; keeps what was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: dict[str, Answer | Callable[[dict[str, Any]], Answer]] = {}
        self.asked: list[dict[str, Any]] = []

    def answer(self, request: dict[str, Any]) -> Answer:
        self.asked.append(request)
        found = self.answers.get(request["path"], self.answers.get("*", (404, {}, "")))
        return found(request) if callable(found) else found


def csv_answer(text: str) -> Answer:
    return 200, {"Content-Type": "text/csv; charset=utf-8"}, text


@contextmanager
def site() -> Iterator[Site]:
    """A site that is there as long as the block runs."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urllib.parse.urlsplit(self.path)
            query = dict(urllib.parse.parse_qsl(parts.query))
            request = {"path": parts.path, "query": query, "headers": dict(self.headers)}
            status, headers, body = made.answer(request)
            raw = body.encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(raw))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Site(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
