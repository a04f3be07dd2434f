"""The address of an API as people type it."""

import re
from urllib.parse import urlsplit, urlunsplit

from apiward.config.errors import AdvisedError

_HOW = "Write it as http://localhost:8000 or https://api.example.com/v1."


def address_of(text: str) -> str:
    """Return `text` as an absolute http(s) address without fragment or slash at the end.

    A bare host gets a scheme: http where it is this machine, an IP address or has a port, else https.
    Raises AdvisedError.
    """
    typed = text.strip()
    if "?…" in typed:
        raise AdvisedError(
            "The address is not whole.", "We do not show queries: they may hold secrets.", "Write it out."
        )
    if "://" not in typed:
        typed = f"{_scheme(typed)}://{typed}"
    try:
        parts = urlsplit(typed)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, is_good = urlsplit(""), False
    if not is_good or re.search(r"[\s\x00-\x20\x7f\\]", typed):
        raise AdvisedError(f"{text[:80]!a} is no address of an API.", "", _HOW)
    if parts.username is not None or parts.password is not None:
        raise AdvisedError(
            "The address holds a name or a password.",
            "Addresses are shown in reports, so secrets must not stand in them.",
            "Use --account username=…,password-env=VARIABLE instead.",
        )
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), parts.query, ""))


def _scheme(typed: str) -> str:
    host = typed.partition("/")[0]
    is_near = host.startswith(("localhost", "[")) or re.fullmatch(r"[\d.]+(:\d+)?", host) or ":" in host
    return "http" if is_near or "." not in host else "https"
