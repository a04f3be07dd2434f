"""CFG13: cookies that show who is logged in lack protection (CWE-1004, CWE-614, CWE-1275, RFC 6265).

Proves: the answer that sets the cookie lacks the attributes. Cannot: know that a cookie shows who is logged in, but by
the scan's own log-in or by its name.
"""

import re
from collections.abc import Iterator
from http.cookies import Morsel
from typing import Final
from urllib.parse import urlsplit

from apiward.core.api import Operation, Place
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import WHOLE_API, Check, Saying
from apiward.scan.calling.cookies import morsels_in
from apiward.scan.level import Phase
from apiward.scan.proofs import looked_at
from apiward.scan.scene import Scene

CODE = "CFG13"
LEAST_VALUE: Final = 12
_SESSION: Final = re.compile(
    r"(?:__host-|__secure-)?(?:.{0,40}sess(?:ion)?(?:[_-]?(?:id|token))?|.{0,20}[._-]?sid|auth(?:[_-]?token)?|"
    r"access[_-]?token|refresh[_-]?token|id[_-]?token|jwt|token|remember.{0,40})",
    re.IGNORECASE,
)
_SENT_BACK: Final = re.compile(r"csrf|xsrf", re.IGNORECASE)
"""Cookies that a page must read, to send them back in another place."""


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for the host."""
    return operation is looked_at.representative(scene)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Read the attributes of every cookie that was set and shows who is logged in."""
    say = Saying(CODE, WHOLE_API)
    known = _shown_by_accounts(scene)
    faults: list[tuple[str, Exchange]] = []
    judged = 0
    for name, exchange in scene.caller.cookies_set.items():
        morsel = _morsel(exchange, name)
        if morsel is None or not _is_session(name, morsel, known):
            continue
        judged += 1
        lacking = list(_faults(morsel, exchange, is_shown=name in known))
        if lacking:
            faults.append((f"the cookie {name[:60]} {', '.join(lacking)}", exchange))
    if faults:
        return say.broken("; ".join(text for text, _ in faults[:4]), faults[0][1])
    if not judged:
        return say.not_run("no cookie was set that shows who is logged in")
    return say.holds("cookies that show who is logged in are protected")


def _shown_by_accounts(scene: Scene) -> frozenset[str]:
    """Return the names of the cookies by which the scan's own accounts are known."""
    names = set()
    for session in (*scene.users, *scene.privileged):
        credential = session.credential
        if credential is not None and credential.place is Place.COOKIE:
            names |= {credential.name, *(part.partition("=")[0].strip() for part in credential.value.split(";")[1:])}
    return frozenset(names)


def _is_session(name: str, morsel: "Morsel[str]", known: frozenset[str]) -> bool:
    if _SENT_BACK.search(name):
        return False
    return name in known or (bool(_SESSION.fullmatch(name)) and len(morsel.value) >= LEAST_VALUE)


def _morsel(exchange: Exchange, name: str) -> "Morsel[str] | None":
    return next((morsel for key, morsel in morsels_in(exchange) if key == name), None)


def _faults(morsel: "Morsel[str]", exchange: Exchange, *, is_shown: bool) -> Iterator[str]:
    parts = urlsplit(exchange.request.url)
    if not morsel["httponly"]:
        yield "can be read by scripts (no HttpOnly)"
    if parts.scheme == "https" and not morsel["secure"]:
        yield "is sent unencrypted as well (no Secure)"
    if is_shown and not morsel["samesite"]:
        yield "names no SameSite"
    if is_shown and morsel["samesite"].lower() == "none":
        yield "is sent along with requests of foreign websites (SameSite=None)"
    domain = morsel["domain"].lstrip(".").lower()
    if domain and domain != parts.hostname and (parts.hostname or "").endswith(f".{domain}"):
        yield f"is sent to all hosts below {domain}"


CHECK = Check(CODE, applies, run, phase=Phase.TIMING, is_passive=True)
