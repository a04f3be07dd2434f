"""CFG11: data is sent as if it were a page, with text of the caller in it (CWE-79, CWE-430, OWASP ASVS 5.0.0, 4.1.1).

Proves: an answer that is JSON is declared as HTML (or as nothing, with leave to guess), and markup that was sent
stands in it as it was sent. Cannot: see text that was stored before and is shown to others.
"""

from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Response
from apiward.core.jsonvalue import NotJson
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.proofs import looked_at, openings
from apiward.scan.scene import Scene

CODE = "CFG11"
MAX_SLOTS: Final = 4
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether it was seen to send data as a page."""
    is_asked = operation.method == "GET" and bool(operation.parameters)
    return is_asked and any(_is_confused(seen) for seen in looked_at.views(scene, operation))


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send a harmless piece of markup in each value; the same without markup is the control."""
    say = Saying(CODE, operation.key)
    session = scene.owner
    base, _ = await openings.working(scene, operation, session)
    slots = [one for one in openings.openings(scene, operation, session, base) if one.slot.place in ("path", "query")]
    for opening in slots[:MAX_SLOTS]:
        word = f"aw{scene.rng.getrandbits(40):010x}"
        marked = f"{word}<i>"
        attack = await scene.call(operation, opening.with_text(marked), session)
        if not (_is_confused(attack) and marked in attack.text):
            continue
        control = await scene.call(operation, opening.with_text(word), session)
        if not control.is_doubtful and marked not in control.text:
            kind = attack.response.media_type if attack.response else ""
            saw = f"data is sent as {kind or 'nothing in particular'}, with markup from {opening.slot.label} in it"
            return say.broken(saw, attack, control, place=opening.slot.label)
    return say.holds("data is sent as a page, but no markup from the request came back in it")


def _is_confused(exchange: Exchange) -> bool:
    """Whether an answer is data that a browser takes for a page."""
    response = exchange.response
    if response is None or exchange.is_doubtful or not _may_be_page(response):
        return False
    body = response.json()
    return not isinstance(body, NotJson) and isinstance(body, dict | list)


def _may_be_page(response: Response) -> bool:
    is_fixed = (response.header("x-content-type-options") or "").strip().lower() == "nosniff"
    return response.media_type in _PAGES or (not response.media_type and not is_fixed)


CHECK = Check(CODE, applies, run)
