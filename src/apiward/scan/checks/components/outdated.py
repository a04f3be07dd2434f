"""CMP01: an answer names a program whose maker does not mend it any more (CWE-1104, OWASP API8:2023). Said once.

Proves: a header names a version whose last day has passed, by the table of the catalogue, whose own age is said.
Cannot: tell whether the name is true, or whether a distributor still mends that version; so it is only likely.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

from apiward.catalogue.end_of_life import EndOfLife, load_end_of_life
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import WHOLE_API, Check, Saying
from apiward.scan.proofs import looked_at
from apiward.scan.scene import Scene

CODE = "CMP01"
_HEADERS: Final = frozenset("server x-powered-by x-generator via x-powered-cms x-php-version".split())
_NAMED: Final = re.compile(r"([A-Za-z][\w.+-]{1,40})[/ ]v?(\d{1,4}(?:\.\d{1,4}){1,3}[a-z]?)(\S{0,40})")
_PACKAGED: Final = re.compile(
    r"ubuntu|debian|deb\d|\.el\d|\+dfsg|centos|red hat|rhel|fedora|amzn|suse|alpine", re.IGNORECASE
)


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for the host."""
    return operation is looked_at.representative(scene)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Read the headers of everything that was looked at."""
    say, table = Saying(CODE, WHOLE_API), load_end_of_life()
    today = datetime.fromtimestamp(scene.clock(), UTC).date()
    seen = [*looked_at.views(scene, operation), *(exchange for _, exchange in looked_at.all_seen(scene))]
    if not seen:
        return say.unsure("nothing was answered")
    for exchange in seen:
        told = next(_ended(exchange, table, today), None)
        if told is not None:
            saw = f"{told} The table of such days was checked on {table.checked_on}, by {table.source}"
            return say.broken(saw, exchange, confidence=Confidence.LIKELY)
    return say.holds("no header names a program whose maker has stopped mending it, as far as our table knows")


def _ended(exchange: Exchange, table: EndOfLife, today: date) -> Iterator[str]:
    for name, value in exchange.response.headers if exchange.response else ():
        # A distributor's own mark says that somebody else may still mend it.
        if name.lower() not in _HEADERS or _PACKAGED.search(value):
            continue
        for product, version, _ in _NAMED.findall(value[:400]):
            known = table.products.get(product.lower())
            end = known.end_of(version) if known else None
            if known and end and end[1] < today:
                named = f'"{name}: {value[:80]}" names {known.title} {version}'
                yield f"{named}; its maker has not mended it since {end[1]}."


CHECK = Check(CODE, applies, run, is_passive=True)
