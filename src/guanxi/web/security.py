"""What keeps a browser honest: headers, form tokens, cookies, addresses to return to."""

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from litestar.datastructures import Cookie

SESSION_COOKIE = "guanxi_session"
VISITOR_COOKIE = "guanxi_visitor"
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf"

HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Sent with every answer. Pages hold no inline script and no inline style, so none is allowed."""

ONLY_HTTPS = "max-age=31536000; includeSubDomains"
"""Sent over https only: for a year the browser asks this site in no other way."""


def visitor_token() -> str:
    """Return a fresh token for the cookie of somebody who has not signed in."""
    return secrets.token_urlsafe(24)


def visitor_csrf(secret: str, visitor: str) -> str:
    """Return the form token that belongs to a visitor's cookie; nobody without *secret* can make it."""
    return hmac.new(secret.encode(), b"visitor:" + visitor.encode(), hashlib.sha256).hexdigest()


def is_same(expected: str, given: str) -> bool:
    """Compare two tokens in a time that tells nothing; an empty one is never right."""
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())


def comes_from_here(origin: str, host: str) -> bool:
    """Tell whether the ``Origin`` a browser sent (none at all is fine) is the site itself."""
    try:
        return not origin or (origin != "null" and urlsplit(origin).netloc == host)
    except ValueError:  # an address no browser has
        return False


def safe_next(address: str, otherwise: str = "/") -> str:
    """Return *address* when it is a path of this site, else *otherwise*: no link can lead a sign-in astray."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\"))
    if not plain or "\\" in address or any(ord(sign) < 32 or ord(sign) == 127 for sign in address):
        return otherwise
    return address


def cookie(name: str, value: str, *, secure: bool, seconds: int | None = None) -> Cookie:
    """Return a cookie no script can read and no other site can send along with a form."""
    return Cookie(
        key=name, value=value, path="/", httponly=True, samesite="lax", secure=secure, max_age=seconds
    )
