"""Set-Cookie lines with the attributes that keep a cookie safe (RFC 6265bis, section 4.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from apiward.classify.names import words_of

_SESSION_WORDS: Final = frozenset(
    """session sess sessid sid sessionid auth token jwt remember login connect phpsessid jsessionid identity
    ticket""".split()
)
_READ_BY_PAGES: Final = frozenset("csrf xsrf csrftoken xsrftoken theme locale lang language consent currency".split())
_SESSION_ENDS: Final = ("sid", "sess", "sessid", "session", "sessionid", "auth", "token", "jwt")


HOST: Final = b"__Host-"


@dataclass(frozen=True, slots=True)
class CookieRules:
    """What is added. `same_site` is for cookies that name none; empty adds none.

    Cookies of the names in `host` become `__Host-` cookies towards browsers, which then keep other hosts of the same
    domain from setting them.
    """

    same_site: str = "Lax"
    host: frozenset[bytes] = frozenset()


@lru_cache(maxsize=512)
def is_session_name(name: str) -> bool:
    """Whether a cookie of that name keeps somebody logged in, and no page needs to read it."""
    words = words_of(name.removeprefix("__Host-").removeprefix("__Secure-"))
    if not _READ_BY_PAGES.isdisjoint(words) or "csrf" in name.lower() or "xsrf" in name.lower():
        return False
    return not _SESSION_WORDS.isdisjoint(words) or "".join(words).endswith(_SESSION_ENDS)


def hardened(line: bytes, rules: CookieRules, *, is_https: bool) -> bytes:
    """Return a Set-Cookie value with what it lacks; one that lacks nothing is returned as it is."""
    pair, _, rest = line.partition(b";")
    attributes = {part.strip().partition(b"=")[0].lower(): part.strip() for part in rest.split(b";") if part.strip()}
    same_site = attributes.get(b"samesite", b"").lower().removeprefix(b"samesite=").strip()
    more = b""
    if is_https and b"secure" not in attributes:
        more += b"; Secure"
    name = pair.partition(b"=")[0].strip().decode("latin-1")
    if b"httponly" not in attributes and is_session_name(name[:200]):
        more += b"; HttpOnly"
    if not same_site and rules.same_site:
        more += b"; SameSite=" + rules.same_site.encode()
    safe = line.rstrip(b"; ") + more if more else line
    if is_https and pair.partition(b"=")[0].strip() in rules.host and _is_of_host(attributes):
        return HOST + safe.lstrip()
    return safe


def _is_of_host(attributes: Mapping[bytes, bytes]) -> bool:
    """Whether browsers take it as a `__Host-` cookie: for all paths of this host, and for no other one."""
    path = attributes.get(b"path", b"").partition(b"=")[2].strip()
    return path == b"/" and b"domain" not in attributes


def told_apart(shown: bytes, names: frozenset[bytes]) -> bytes | None:
    """Return the cookies of a request under the names that the API gave them, or None where nothing changes.

    Of the names that are kept for this host, only what came as a `__Host-` cookie is believed.
    """
    parts = [part.strip() for part in shown.split(b";")]
    kept = []
    for part in parts:
        name = part.partition(b"=")[0].strip()
        if name in names:
            continue
        kept.append(part.removeprefix(HOST) if name.removeprefix(HOST) in names else part)
    return None if kept == parts else b"; ".join(kept)
