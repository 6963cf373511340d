"""Whether a request is signed by who it says it is, and is of now."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from ...accounts import Key
from .errors import BinanceError
from .params import Params

__all__ = ["check_time", "payload_of_message", "payload_of_request", "signature_of", "verify"]


def payload_of_request(query: str, body: str) -> str:
    """What of a REST request is signed: the query string and the body as they are, less the signature."""
    return "".join("&".join(part for part in text.split("&") if not part.startswith("signature="))
                   for text in (query, body))  # fmt: skip


def signature_of(query: str, body: str) -> str:
    """The signature that a REST request carries."""
    for text in (query, body):
        for part in text.split("&"):
            if part.startswith("signature="):
                return unquote(part.removeprefix("signature="))
    raise BinanceError(-1102, "Mandatory parameter 'signature' was not sent, was empty/null, or malformed.")


def payload_of_message(params: Mapping[str, Any]) -> str:
    """What of a socket request is signed: all parameters but the signature, sorted."""
    return "&".join(f"{name}={as_text(params[name])}" for name in sorted(params) if name != "signature")


def as_text(value: Any) -> str:
    """A JSON value as it is signed."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def verify(key: Key, payload: str, signature: str) -> None:
    """Refuse a signature that is not the key's."""
    good = (
        _verify_public(key, payload, signature) if key.public_pem else _verify_secret(key, payload, signature)
    )
    if not good:
        raise BinanceError(-1022, "Signature for this request is not valid.")


def _verify_secret(key: Key, payload: str, signature: str) -> bool:
    expected = hmac.new(key.secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, signature.lower())


def _verify_public(key: Key, payload: str, signature: str) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

    public = serialization.load_pem_public_key(key.public_pem.encode())
    try:
        given = base64.b64decode(signature)
        if isinstance(public, ed25519.Ed25519PublicKey):
            public.verify(given, payload.encode())
        elif isinstance(public, rsa.RSAPublicKey):
            public.verify(given, payload.encode(), padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except (InvalidSignature, ValueError):
        return False
    return True


def check_time(params: Params, now_ms: int) -> None:
    """Refuse what is too old, or from the future."""
    stamp = params.integer("timestamp")
    window = params.integer("recvWindow", 5000)
    if not 0 < window <= 60000:
        raise BinanceError(-1131, "recvWindow must be less than 60000.")
    if stamp >= now_ms + 1000:
        raise BinanceError(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")
    if stamp < now_ms - window:
        raise BinanceError(-1021, "Timestamp for this request is outside of the recvWindow.")
