"""The origin of an address: scheme, host and port, written so that what is the same is also equal."""

from typing import Final
from urllib.parse import urlsplit

_USUAL: Final = {"http": 80, "https": 443}


def origin_of(address: str) -> str:
    """Return the origin of an address: in lower case, without the port that goes without saying; empty for none."""
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if not parts.scheme or not host:
        return ""
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + ("" if port in {None, _USUAL.get(parts.scheme)} else f":{port}")
