"""CFG10: links are made of the host name that a caller sends (CWE-644, CWE-640, OWASP ASVS 5.0.0, 4.1.3).

Proves: a made-up host that was sent in X-Forwarded-Host (or Forwarded) stands in links of the answer or in the address
it leads to, and not where it was not sent. Told as likely where only Host itself is taken up: no browser sends a
foreign one. Cannot: see links in e-mails, which are often made the same way.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Headers
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import WHOLE_API, Check, Saying
from apiward.scan.identities.sessions import Session
from apiward.scan.proofs import looked_at
from apiward.scan.scene import Scene

CODE = "CFG10"
MAX_TRIED: Final = 3
MAX_READ: Final = 100_000


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for the host."""
    return operation is looked_at.representative(scene)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask again for answers that hold links, as if another host had been asked."""
    say = Saying(CODE, WHOLE_API)
    asked = list(islice(_with_links(scene), MAX_TRIED))
    if not asked:
        return say.holds("no answer holds links with a host")
    host = f"aw{scene.rng.getrandbits(40):010x}.example"
    is_answered = False
    for headers, is_of_proxies in _spoken(host):
        for one, session in asked:
            attack = await scene.call(one, scene.arguments(one, session), session, headers=headers)
            is_answered = is_answered or not attack.is_doubtful
            if not _links_to(attack, host, with_location=is_of_proxies):
                continue
            control = await scene.call(one, scene.arguments(one, session), session)
            if control.is_doubtful or _links_to(control, host, with_location=True):
                continue
            saw = f"a made-up host in {headers[0][0]} came back in the links of {one.key}"
            sure = Confidence.PROVED if is_of_proxies else Confidence.LIKELY
            return say.broken(saw, attack, control, place=f"header {headers[0][0]}", confidence=sure)
    if not is_answered:
        return say.unsure("no clear answer to requests that name another host")
    return say.holds("links do not follow what a caller says of the host")


def _spoken(host: str) -> Iterator[tuple[Headers, bool]]:
    yield (("X-Forwarded-Host", host),), True
    yield (("Forwarded", f"host={host}"),), True
    yield (("Host", host),), False


def _with_links(scene: Scene) -> Iterator[tuple[Operation, Session | None]]:
    """Yield operations whose answers were seen to hold links, those to the host that was asked in front."""
    own = re.escape(urlsplit(scene.caller.origin).netloc)
    found: set[str] = set()
    for host in (own, r"[\w.-]{1,253}(?::\d{1,5})?"):
        for operation in scene.operations:
            for session in dict.fromkeys((scene.owner, None)):
                seen = scene.seen(operation, session)
                is_new = operation.is_safe and operation.key not in found
                if is_new and seen is not None and _links(seen, host, with_location=True):
                    found.add(operation.key)
                    yield operation, session


def _links_to(exchange: Exchange, host: str, *, with_location: bool) -> bool:
    return _links(exchange, re.escape(host), with_location=with_location)


def _links(exchange: Exchange, host: str, *, with_location: bool) -> bool:
    """Whether an answer links or leads to a host of that form."""
    if exchange.response is None or exchange.is_doubtful:
        return False
    form = re.compile(rf"https?:\\?/\\?/{host}(?![\w.-])")
    place = exchange.response.header("location") or ""
    if with_location and 300 <= exchange.status < 400 and form.match(place):
        return True
    links = f"{exchange.response.header('link') or ''} {exchange.text[:MAX_READ]}" if exchange.is_success else ""
    return form.search(links) is not None


CHECK = Check(CODE, applies, run)
