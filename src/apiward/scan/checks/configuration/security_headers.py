"""CFG03: protective headers are missing (CWE-693, OWASP REST Security Cheat Sheet). A note, said once for the host.

Proves: the headers named were absent from an answer in which they would have an effect. Cannot: show harm.
"""

from collections.abc import Iterator

from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Response
from apiward.core.verdict import Verdict
from apiward.scan.api import WHOLE_API, Check, Saying
from apiward.scan.meaning import judging
from apiward.scan.proofs import looked_at
from apiward.scan.scene import Scene

CODE = "CFG03"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for the host."""
    return operation is looked_at.representative(scene)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Read the headers of one good answer, a private one where there is any."""
    say = Saying(CODE, WHOLE_API)
    private = looked_at.private_view(scene, operation)
    shown = private or next((seen for seen in looked_at.views(scene, operation) if judging.is_accepted(seen)), None)
    if shown is None or shown.response is None:
        return say.unsure("no good answer to read headers from")
    missing = list(_missing(shown, shown.response, is_private=private is not None))
    if missing:
        return say.broken(f"missing: {', '.join(missing)}", shown)
    return say.holds("the protective headers are there")


def _missing(shown: Exchange, response: Response, *, is_private: bool) -> Iterator[str]:
    if (response.header("x-content-type-options") or "").strip().lower() != "nosniff":
        yield "X-Content-Type-Options: nosniff"
    policy = (response.header("content-security-policy") or "").lower()
    if not ("frame-ancestors" in policy or "default-src" in policy or response.header("x-frame-options")):
        yield "Content-Security-Policy: frame-ancestors 'none'"
    caching = (response.header("cache-control") or "").lower()
    if is_private and not any(word in caching for word in ("no-store", "private", "no-cache")):
        yield "Cache-Control: no-store on private answers"
    if shown.request.url.startswith("https:") and not response.header("strict-transport-security"):
        yield "Strict-Transport-Security"
    if response.body and not response.header("content-type"):
        yield "Content-Type"


CHECK = Check(CODE, applies, run, is_passive=True)
