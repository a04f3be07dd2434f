"""CFG12: secure connections are not as secure as they look (CWE-326, CWE-327, CWE-295, CWE-319, RFC 8996, RFC 9325).

Proves: the server agreed on an old version or a weak cipher, its certificate is not believed by a look as browsers
have it, or the same answer comes unencrypted as well. Cannot: try what the OpenSSL of this computer cannot speak.
What only browsers distrust is not told of names and addresses of inner networks: their certificates are their own.
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Request
from apiward.core.tls import Distrust, TlsFacts
from apiward.core.verdict import Verdict
from apiward.scan.api import WHOLE_API, Check, Saying
from apiward.scan.meaning import judging
from apiward.scan.proofs import looked_at
from apiward.scan.scene import Scene

CODE = "CFG12"
SHORTLY_S: Final = 7 * 86_400.0
PORT: Final = 443
MAX_DETAIL: Final = 100
_DISTRUST: Final = {
    Distrust.EXPIRED: "its certificate has ended",
    Distrust.NOT_YET: "its certificate does not hold yet",
    Distrust.OTHER_NAME: "its certificate is for another name",
    Distrust.SELF_SIGNED: "its certificate is signed by nobody else",
    Distrust.UNKNOWN_ISSUER: "its certificate leads to no issuer that browsers know, or a part between is missing",
}
_OF_TIME: Final = (Distrust.EXPIRED, Distrust.NOT_YET)
_INNER: Final = ("localhost", ".localhost", ".local", ".internal", ".test", ".lan", ".home.arpa", ".intranet")


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for the host, and the host is asked in secret."""
    return scene.caller.origin.lower().startswith("https://") and operation is looked_at.representative(scene)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Agree on connections, and ask for one public answer without encryption."""
    say = Saying(CODE, WHOLE_API)
    shown = next((one for one in looked_at.views(scene, operation) if one.response is not None), None)
    if scene.tls is None or shown is None:
        return say.not_run("nobody here can look at secure connections")
    parts = urlsplit(scene.caller.origin)
    host = parts.hostname or ""
    facts = await scene.tls.look(host, parts.port or PORT)
    if facts is None:
        return say.unsure("no secure connection could be agreed for a look")
    faults = list(_faults(facts, host, scene.clock()))
    plain = await _unencrypted(scene) if (parts.port or PORT) == PORT else None
    if plain is not None:
        faults.append("the same answers come unencrypted as well")
    if faults:
        more = (plain,) if plain is not None else ()
        return say.broken("; ".join(faults), shown, more=more)
    if facts.distrust is Distrust.NONE:
        return say.holds("only new versions and strong ciphers were agreed, and the certificate is believed")
    if _is_inner(host):
        return say.holds("only new versions and strong ciphers were agreed, and the certificate is one of its own")
    return say.unsure(f"the certificate is not believed, and it is not clear why ({facts.detail[:MAX_DETAIL]})")


def _faults(facts: TlsFacts, host: str, now_s: float) -> Iterator[str]:
    if facts.old_versions:
        yield f"it still speaks {' and '.join(facts.old_versions)}"
    if facts.weak_ciphers:
        yield f"it agrees on a weak cipher ({', '.join(facts.weak_ciphers)})"
    if facts.distrust in _DISTRUST and (facts.distrust in _OF_TIME or not _is_inner(host)):
        yield _DISTRUST[facts.distrust]
    if facts.ends_s is not None and 0 <= facts.ends_s - now_s < SHORTLY_S:
        yield f"its certificate ends in {int((facts.ends_s - now_s) // 86_400)} days"


def _is_inner(host: str) -> bool:
    """Whether a host is one that no public issuer would sign for."""
    is_number = ":" in host or host.replace(".", "").isdigit()
    return is_number or "." not in host or host.endswith(_INNER)


async def _unencrypted(scene: Scene) -> Exchange | None:
    """Return a good answer that came without encryption and is the same as the encrypted one, asked by nobody."""
    for operation in scene.operations:
        seen = scene.seen(operation, None)
        if operation.method == "GET" and seen is not None and judging.is_accepted(seen):
            parts = urlsplit(seen.request.url)
            url = urlunsplit(("http", parts.netloc.removesuffix(f":{PORT}"), parts.path, parts.query, ""))
            # Without the extra headers of the scan: they may hold a secret, which must not travel in the open.
            plain = await scene.caller.traffic.send(Request("GET", url, (("Accept", "application/json, */*;q=0.5"),)))
            return plain if judging.is_accepted(plain) and judging.is_alike(plain, seen) else None
    return None


CHECK = Check(CODE, applies, run, is_passive=True)
