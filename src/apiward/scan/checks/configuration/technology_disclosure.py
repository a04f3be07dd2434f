"""CFG01: headers name the programs in use and their versions (CWE-497, OWASP API8:2023). Said once for the host.

Proves: the answer names a product with its version, or a framework. Cannot: tell whether the name is true.
"""

from apiward.classify.leaks import PRODUCT_HEADERS, PRODUCT_VERSION
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import WHOLE_API, Check, Saying
from apiward.scan.proofs import looked_at
from apiward.scan.scene import Scene

CODE = "CFG01"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for the host."""
    return operation is looked_at.representative(scene)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Read the headers of everything that was looked at."""
    say = Saying(CODE, WHOLE_API)
    seen = [*looked_at.views(scene, operation), *(exchange for _, exchange in looked_at.all_seen(scene))]
    if not seen:
        return say.unsure("nothing was answered")
    for exchange in seen:
        told = _told(exchange)
        if told:
            return say.broken(f"answers carry {', '.join(told)}", exchange)
    return say.holds("no header names a product with its version")


def _told(exchange: Exchange) -> list[str]:
    found = []
    for name, value in exchange.response.headers if exchange.response else ():
        lower = name.lower()
        if (lower in PRODUCT_HEADERS and value.strip()) or (lower == "server" and PRODUCT_VERSION.search(value)):
            found.append(f'"{name}: {value[:80]}"')
    return found


CHECK = Check(CODE, applies, run, is_passive=True)
