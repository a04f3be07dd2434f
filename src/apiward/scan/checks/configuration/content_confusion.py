"""CFG11: data is sent as if it were a page, with text of the caller in it (CWE-79, CWE-430, OWASP ASVS 5.0.0, 4.1.1).

Proves: an answer that is JSON is declared as HTML, and markup that was sent stands in it as it was sent.
Cannot: see text that was stored before and is shown to others. JSON that is declared as nothing is no page to any
browser: a page must begin with markup (WHATWG, MIME Sniffing, section 7.1).
"""

from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
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
    if not slots:
        return say.not_run("no value here that a link could hold")
    was_clear = False
    for opening in slots[:MAX_SLOTS]:
        word = f"aw{scene.rng.getrandbits(40):010x}"
        marked = f"{word}<i>"
        attack = await scene.call(operation, opening.with_text(marked), session)
        was_clear = was_clear or not attack.is_doubtful
        if not (_is_confused(attack) and marked in attack.text):
            continue
        control = await scene.call(operation, opening.with_text(word), session)
        if not control.is_doubtful and marked not in control.text:
            kind = attack.response.media_type if attack.response else ""
            saw = f"data is sent as {kind}, with markup from {opening.slot.label} in it"
            return say.broken(saw, attack, control, place=opening.slot.label)
    if not was_clear:
        return say.unsure("no clear answer to a request with markup in it")
    return say.holds("data is sent as a page, but no markup from the request came back in it")


def _is_confused(exchange: Exchange) -> bool:
    """Whether an answer is data that a browser takes for a page."""
    response = exchange.response
    if response is None or exchange.is_doubtful or response.media_type not in _PAGES:
        return False
    body = response.json()
    return not isinstance(body, NotJson) and isinstance(body, dict | list)


CHECK = Check(CODE, applies, run)
