"""Asking web services for files, with nothing but the standard library."""

from __future__ import annotations

import io
import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from typing import Any

from ..errors import DataError

_TIMEOUT = 30.0  # seconds without an answer
_CRUMB = re.compile(r'"CrumbStore"\s*:\s*\{\s*"crumb"\s*:\s*"((?:[^"\\]|\\.)*)"')


class Session:
    """Requests that share cookies; ``proxies`` maps a scheme to the address of a proxy."""

    def __init__(self, proxies: dict[str, str] | None = None) -> None:
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        # an empty mapping leaves it to the environment
        proxy = urllib.request.ProxyHandler(dict(proxies) if proxies else None)
        self._opener = urllib.request.build_opener(proxy, cookies)
        self._opener.addheaders = [("User-Agent", "backtrader")]

    @staticmethod
    def quote(name: str) -> str:
        """A symbol as part of an address."""
        return urllib.parse.quote(name)

    def text(self, url: str, query: dict[str, str] | None = None) -> str:
        """The body of an answer."""
        return self._ask(url, query)[1]

    def table(self, url: str, query: dict[str, str] | None = None) -> Any:
        """The body of an answer that has to be CSV, as a stream."""
        kind, body = self._ask(url, query)
        if not kind.startswith(("text/csv", "text/plain", "application/csv")):
            raise DataError(f"{url} gave {kind or 'something of unknown type'} instead of CSV: {body[:80]!r}")
        return io.StringIO(body, newline=None)

    def _ask(self, url: str, query: dict[str, str] | None) -> tuple[str, str]:
        address = f"{url}?{urllib.parse.urlencode(query)}" if query else url
        if not address.startswith(("http://", "https://")):
            raise DataError(f"{address!r} is no web address")
        try:
            with self._opener.open(address, timeout=_TIMEOUT) as answer:
                charset = answer.headers.get_content_charset("utf-8")
                return answer.headers.get("Content-Type", "").lower(), answer.read().decode(charset)
        except urllib.error.HTTPError as error:
            # the query is left out: it may hold a key
            raise DataError(f"{url} answered {error.code} {error.reason}") from error
        except (OSError, LookupError, UnicodeDecodeError) as error:
            raise DataError(f"{url} cannot be read: {error}") from error


def crumb_of(page: str, url: str) -> str:
    """The token that a page of Yahoo hides, which its download asks for."""
    found = _CRUMB.search(page)
    if found is None:
        raise DataError(f"{url} has no crumb: the service has changed, or takes us for a robot")
    return found.group(1).encode("ascii", "backslashreplace").decode("unicode_escape")
