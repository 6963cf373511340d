"""Everything that went over the wire, in memory and on request in a file."""

from __future__ import annotations

import json
import re
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from .faces.base import Call, Reply
    from .rooms import Socket

__all__ = ["WireLog"]

_SIGNATURE = re.compile(r'(signature["=:]+)[0-9a-zA-Z%+/=]+')


class WireLog:
    """Records of requests and messages, oldest first; ``kept`` at the most.

    A request is one record with its answer: ``answer`` is None if none was given.  Signatures are cut out,
    and keys are not noted at all.
    """

    def __init__(self, path: Path | None = None, kept: int = 20000) -> None:
        self.records: deque[dict[str, Any]] = deque(maxlen=kept)
        #: How many records are no longer kept.
        self.forgotten = 0
        self._file: TextIO | None = path.open("a", encoding="utf-8") if path is not None else None

    def request(self, call: Call, reply: Reply | None, faults: list[str], began: float) -> None:
        """Note a request, its answer and the faults that struck."""
        self._keep(
            {
                "kind": "request",
                "via": call.via,
                "host": call.host,
                "name": call.names[-1] if call.names else "",
                "action": call.names[0] if call.names else "",
                "query": _SIGNATURE.sub(r"\1*", call.query or call.body),
                "status": reply.status if reply is not None else None,
                "answer": None if reply is None else reply.payload,
                "faults": faults,
                "took_ms": round((time.perf_counter() - began) * 1000, 3),
            }
        )

    def message(self, direction: str, socket: Socket, text: str) -> None:
        """Note what was sent or heard on a socket, or that one was opened or closed."""
        self._keep(
            {
                "kind": direction,
                "host": socket.host,
                "path": _SIGNATURE.sub(r"\1*", socket.path),
                "socket": socket.number,
                "text": _SIGNATURE.sub(r"\1*", text),
            }
        )

    def requests(self, action: str = "") -> list[dict[str, Any]]:
        """Records of requests, or of those that do one thing (``place``, ``cancel``...)."""
        found = [record for record in self.records if record["kind"] == "request"]
        return [record for record in found if not action or action in (record["action"], record["name"])]

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _keep(self, record: dict[str, Any]) -> None:
        record["at"] = time.time()
        if len(self.records) == self.records.maxlen:
            self.forgotten += 1
        self.records.append(record)
        if self._file is not None:
            self._file.write(json.dumps(record, default=str) + "\n")
            self._file.flush()
