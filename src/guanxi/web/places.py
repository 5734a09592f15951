"""Where the next page of a list begins, as a signed text that can travel through a link."""

import base64
import hashlib
import hmac
import json
from decimal import Decimal
from typing import Any

from guanxi.expressions.values import normal, value_from_json, value_to_json
from guanxi.kernel.errors import GuanxiError

_SIGNATURE_BYTES = 12


def write_place(place: tuple[Any, ...], secret: str) -> str:
    """Return *place* as text; nobody can change it without *secret*."""
    pairs = [[str(kind), value_to_json(value)] for value, kind in map(normal, place)]
    body = json.dumps(pairs, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_signature(body, secret) + body).decode().rstrip("=")


def read_place(text: str, secret: str) -> tuple[Any, ...] | None:
    """Return the place in *text*; None for an empty or a foreign one: the list then begins at its top."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        if not body or not hmac.compare_digest(signature, _signature(body, secret)):
            return None
        return tuple(_plain(value_from_json(kind, value)) for kind, value in json.loads(body))
    except (ValueError, TypeError, GuanxiError):
        return None


def _plain(value: Any) -> Any:
    # A record's number compared as a whole number uses the index; as a decimal it would not.
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else value


def _signature(body: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), b"place:" + body, hashlib.sha256).digest()[:_SIGNATURE_BYTES]
