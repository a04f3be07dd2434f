"""Websites that may read answers (the Fetch standard's CORS protocol): an allow-list, and what is too trusting."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_PATTERN: Final = re.compile(r"(https?)://(\*\.)?([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?")
_SHORT_SECOND: Final = 3
"""Longest second-level label (`co.uk`) that is taken for a part of the country's ending."""
_SHARED: Final = frozenset(
    """herokuapp.com github.io gitlab.io vercel.app netlify.app pages.dev workers.dev web.app firebaseapp.com
    azurewebsites.net azurestaticapps.net cloudfront.net amazonaws.com elasticbeanstalk.com onrender.com fly.dev
    railway.app ngrok.io ngrok.app ngrok-free.app ngrok-free.dev appspot.com run.app glitch.me replit.dev repl.co
    surge.sh blogspot.com myshopify.com trycloudflare.com loca.lt deno.dev stackblitz.io codesandbox.io wixsite.com
    wordpress.com supabase.co ondigitalocean.app lovable.app bubbleapps.io""".split()
)
"""Endings under which strangers are neighbours: being beside one another there means nothing."""


@dataclass(frozen=True, slots=True)
class AllowList:
    """Exact origins, and (scheme, ending of the host, port) for those with a star."""

    exact: frozenset[bytes]
    below: tuple[tuple[bytes, bytes, bytes], ...]

    @classmethod
    def read(cls, origins: tuple[str, ...]) -> "AllowList":
        """Return the list. Raises ValueError where an entry is no origin."""
        exact, below = set(), []
        for origin in origins:
            match = _PATTERN.fullmatch(origin.lower().rstrip("/"))
            if match is None:
                raise ValueError(
                    f"allowed_origins: {origin!r} is no website; write https://shop.example or https://*.shop.example"
                )
            scheme, star, host, port = match.groups()
            if star:
                below.append((f"{scheme}://".encode(), f".{host}".encode(), (port or "").encode()))
            else:
                exact.add(match[0].encode())
        return cls(frozenset(exact), tuple(below))

    def holds(self, origin: bytes) -> bool:
        """Whether a website is on the list; compared as a whole, never by its beginning."""
        if origin in self.exact:
            return True
        return any(_is_below(origin, *entry) for entry in self.below)


def is_trusting(allowed: bytes, credentials: bytes, origin: bytes) -> bool:
    """Whether an answer trusts who only asked: any website with its visitor's log-in, or a page without origin."""
    allowed = allowed.strip()
    if allowed.lower() == b"null":
        return True
    with_log_in = credentials.strip().lower() == b"true"
    return with_log_in and (allowed == b"*" or (bool(origin) and allowed == origin.strip()))


def is_own_site(origin: bytes, host: bytes, *, is_https: bool) -> bool:
    """Whether a website is of the same house as the API: the same host, one above it, or one beside it."""
    try:
        parts = urlsplit(origin.decode("ascii").lower())
        theirs, own = parts.hostname or "", urlsplit("//" + host.decode("ascii").lower()).hostname or ""
    except ValueError:
        return False
    if not theirs or not own or (is_https and parts.scheme != "https"):
        return False
    if theirs == own:
        return True
    house = _house(own)
    return bool(house) and (theirs == house or theirs.endswith("." + house))


def _house(host: str) -> str:
    """Return the part of a host's name that its owner has: the last two labels, or three under endings like `co.uk`."""
    labels = host.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or ":" in host:
        return ""
    is_short = len(labels[-2]) <= _SHORT_SECOND and len(labels[-1]) == 2
    size = 3 if is_short else 2
    house = ".".join(labels[-size:]) if len(labels) >= size else ""
    return "" if house in _SHARED else house


def _is_below(origin: bytes, scheme: bytes, ending: bytes, port: bytes) -> bool:
    if not origin.startswith(scheme) or not origin.endswith(ending + port):
        return False
    inner = origin[len(scheme) : len(origin) - len(ending) - len(port)]
    return bool(inner) and inner.replace(b".", b"").replace(b"-", b"").isalnum()
