"""FUN05: a refusal is got around by a header that the server believes (CWE-290, CWE-348, OWASP API5:2023).

Proves: a normal account that was refused was served what staff gets once it sent headers that name
another path, an inner address, or a role, twice; without them it was refused again. Cannot: know a
header that only this API uses; it tries those that servers and frameworks are known to read.
"""

from collections.abc import Iterator
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Headers, Request
from apiward.core.verdict import Outcome, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.proofs import bypassing
from apiward.scan.proofs.bypassing import Closed, Way
from apiward.scan.scene import Scene

CODE = "FUN05"
MAX_ROLES: Final = 2
_PATHS: Final = ("X-Original-URL", "X-Rewrite-URL", "X-Original-URI", "X-Override-URL", "X-Forwarded-Uri")
_ADDRESSES: Final = (
    "X-Forwarded-For", "X-Real-IP", "X-Client-IP", "Client-IP", "True-Client-IP", "CF-Connecting-IP",
    "X-Cluster-Client-IP", "X-Originating-IP", "X-Remote-IP", "X-Remote-Addr", "X-Custom-IP-Authorization",
)  # fmt: skip
_ROLES: Final = ("X-Role", "X-Roles", "X-User-Role", "X-User-Roles", "X-Auth-Role", "Role", "X-User-Type", "X-Group")
_FLAGS: Final = ("X-Admin", "X-Is-Admin", "Is-Admin", "IsAdmin", "X-Internal", "X-Internal-Request", "X-Staff")
_INSIDE: Final = "127.0.0.1"
_OUTSIDE: Final = "203.0.113.77"
"""An address for documents (RFC 5737), which is nobody's own."""


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is one of the first operations for staff that can be read as they are."""
    return bypassing.is_tried(scene, operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask plainly as a normal account, then with many headers at once; where that is served, with each alone."""
    say = Saying(CODE, operation.key)
    closed = await bypassing.find_closed(scene, operation)
    if isinstance(closed, str):
        return say.not_run(closed)
    verdict = await bypassing.get_around(scene, say, closed, _ways(scene, closed, alone=False))
    if verdict.outcome is not Outcome.BROKEN:
        return verdict
    single = await bypassing.get_around(scene, say, closed, _ways(scene, closed, alone=True))
    return single if single.outcome is Outcome.BROKEN else verdict


def _ways(scene: Scene, closed: Closed, *, alone: bool) -> Iterator[Way]:
    plain, shown = closed.plain, scene.probe
    path, nowhere = (bypassing.path_of(one) for one in (plain, bypassing.elsewhere_of(plain)))
    for place in dict.fromkeys(("/", shown.operation.address if shown else "/")):
        for words, one, other in _pairs(_PATHS, path, nowhere, alone=alone):
            yield _way(f"{words} for it", bypassing.moved(plain, place) if "{" not in place else plain, one, other)
    inside = _pairs(_ADDRESSES, _INSIDE, _OUTSIDE, alone=alone)
    for words, one, other in inside:
        yield _way(f"{words} naming an inner address", plain, one, other)
    for role in dict.fromkeys(("admin", *sorted(scene.staff_roles)[:MAX_ROLES])):
        for words, one, other in _pairs(_ROLES, role, "none", alone=alone):
            yield _way(f"{words} naming a role", plain, one, other)
    flags = [*_pairs(_FLAGS, "true", "false", alone=alone), ("with a cookie", _cookie("true"), _cookie("false"))]
    for words, one, other in flags:
        yield _way(f"{words} that says so", plain, one, other)


def _pairs(names: tuple[str, ...], value: str, other: str, *, alone: bool) -> Iterator[tuple[str, Headers, Headers]]:
    """Yield headers with a value and with another one: all at once, or each alone."""
    if not alone:
        yield "with a header", tuple((name, value) for name in names), tuple((name, other) for name in names)
        return
    for name in names:
        yield f"with the header {name}", ((name, value),), ((name, other),)


def _cookie(value: str) -> Headers:
    return (
        ("Cookie", f"admin={value}; isAdmin={value}; is_admin={value}; role={'admin' if value == 'true' else 'user'}"),
    )


def _way(words: str, request: Request, one: Headers, other: Headers) -> Way:
    return Way(words, bypassing.with_headers(request, one), bypassing.with_headers(request, other))


CHECK = Check(CODE, applies, run)
