"""CFG07: consoles, figures and profilers of the program are open to everybody (CWE-489, CWE-497, OWASP API8:2023).

Proves: the content is that of a known page of this kind, and a made-up name beside it gave something else.
Cannot: find such pages under other names, or say what else they allow.
"""

import re

from apiward.classify.leaks import DJANGO_DEBUGS
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import WHOLE_API, Check, Saying
from apiward.scan.proofs import looked_at, open_places
from apiward.scan.proofs.console_kinds import CONSOLES
from apiward.scan.scene import Scene

CODE = "CFG07"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for the host."""
    return operation is looked_at.representative(scene)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask for the usual names; the page for what is not there may itself be one for those who debug."""
    looked = await open_places.find_open(scene, CONSOLES)
    if looked.found:
        return open_places.told(CODE, looked.found)
    usual = next((one for one in looked_at.views(scene, operation) if one.is_success), None)
    missing = await open_places.get(scene, open_places.bases(scene)[0] + open_places.sibling("/nothing", scene))
    if usual is not None and _debugs(missing) and not _debugs(usual):
        saw = "what is not there is answered with a page for debugging, which lists addresses and settings (Django)"
        return Saying(CODE, WHOLE_API).broken(saw, missing, usual)
    return looked.none(Saying(CODE, operation.key), "no known page for debugging or watching the program was open")


def _debugs(exchange: Exchange) -> bool:
    return re.search(DJANGO_DEBUGS, exchange.text[: open_places.MAX_READ]) is not None


CHECK = Check(CODE, applies, run)
