"""UPS02: a secret key of a third party stands in pages or programs for everybody (CWE-798, CWE-200). Said once.

Proves: a text that only a secret key of that provider looks like stands in what anybody is sent without logging in:
the home page, its own programs and source maps, or an answer that is no JSON (JSON is read by PRO03).
Cannot: tell whether the key still works: it is never tried. Keys for tests are only likely to matter.
"""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Final
from urllib.parse import urljoin, urlsplit

from apiward.classify.placeholders import is_placeholder
from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Request
from apiward.core.jsonvalue import NotJson
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import WHOLE_API, Check, Saying
from apiward.scan.ownership.knowledge import ANONYMOUS
from apiward.scan.proofs import looked_at
from apiward.scan.scene import Scene

CODE = "UPS02"
MAX_PROGRAMS: Final = 4
MAX_TEXT: Final = 2_000_000
_KEYS: Final = (
    ("Stripe", r"[sr]k_live_[0-9A-Za-z]{16,120}"),
    ("Stripe, for tests", r"[sr]k_test_[0-9A-Za-z]{16,120}"),
    ("a webhook's sender", r"whsec_[0-9A-Za-z+/]{24,80}"),
    ("Slack", r"xox[bpars]-\d{8,14}-[0-9A-Za-z-]{15,120}"),
    ("GitHub", r"gh[oprsu]_[0-9A-Za-z]{36}|github_pat_\w{40,120}"),
    ("GitLab", r"glpat-[\w-]{20,60}"),
    ("SendGrid", r"SG\.[\w-]{20,30}\.[\w-]{40,50}"),
    ("Shopify", r"shp(?:at|ca|pa|ss)_[0-9a-f]{32}"),
    ("OpenAI", r"sk-(?:proj|svcacct)-[\w-]{40,200}"),
    ("Anthropic", r"sk-ant-[\w-]{40,200}"),
    ("npm", r"npm_[0-9A-Za-z]{36}"),
    ("a private key", r"-----BEGIN (?:[A-Z]{2,12} ){0,2}PRIVATE KEY-----[\s\\nr]{1,4}[A-Za-z0-9+/=]{40}"),
)
_FOUND: Final = re.compile("|".join(f"(?<![0-9A-Za-z_-])(?P<k{i}>{form})" for i, (_, form) in enumerate(_KEYS)))
_PROGRAM: Final = re.compile(r"<script[^>]{0,300}?\bsrc\s*=\s*[\"']?([^\"'\s>]{1,300})", re.IGNORECASE)
_MAP: Final = re.compile(r"//[#@] sourceMappingURL=([^\s\"']{1,200})\s*\Z")


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for the host."""
    return operation is looked_at.representative(scene)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Read the home page with its own programs, and the answers that are no JSON, as nobody in particular."""
    say = Saying(CODE, WHOLE_API)
    seen = 0
    for exchange in _answers(scene):
        seen += 1
        if verdict := _judged(say, exchange):
            return verdict
    async for exchange in _pages(scene):
        seen += exchange.is_success
        if verdict := _judged(say, exchange):
            return verdict
    if not seen:
        return say.not_run("there is no page, program or text that anybody is sent")
    return say.holds("no text in pages or programs looks like a third party's secret key")


def _judged(say: Saying, exchange: Exchange) -> Verdict | None:
    for found in _FOUND.finditer(exchange.text[:MAX_TEXT]) if exchange.is_success else ():
        whose = _KEYS[int((found.lastgroup or "k0")[1:])][0]
        if not _is_made_up(found[0]):
            path = urlsplit(exchange.request.url).path
            saw = (
                f'A secret key ({whose}) that begins with "{found[0][:8]}" stands in {path}, which everybody may read.'
            )
            confidence = Confidence.LIKELY if "_test_" in found[0] else Confidence.PROVED
            return say.broken(saw, exchange, place=path, confidence=confidence)
    return None


def _is_made_up(text: str) -> bool:
    """Whether a key is a stand-in: masked, or of too few different signs for one that was drawn by chance."""
    body = re.sub(r"[^0-9A-Za-z]", "", text.rpartition("_")[2] if "_" in text else text[6:])
    low = text.lower()
    return (
        is_placeholder(text)
        or len(set(body)) < 8
        or any(word in low for word in ("example", "your", "xxxx", "1234567890"))
    )


def _answers(scene: Scene) -> Iterator[Exchange]:
    for _, viewer, exchange in scene.exchanges_seen():
        if viewer == ANONYMOUS and exchange.response and isinstance(exchange.response.json(), NotJson):
            yield exchange


async def _pages(scene: Scene) -> AsyncIterator[Exchange]:
    """Yield the home page, its own programs, and the source maps that these name."""
    origin = scene.caller.origin
    home = await scene.send(Request("GET", f"{origin}/"))
    yield home
    if not home.is_success or "<" not in home.text[:200]:
        return
    sources = [urljoin(f"{origin}/", found) for found in _PROGRAM.findall(home.text[:MAX_TEXT])]
    own = [url for url in dict.fromkeys(sources) if urlsplit(url)[:2] == urlsplit(origin)[:2]]
    for url in own[:MAX_PROGRAMS]:
        program = await scene.send(Request("GET", url))
        yield program
        named = _MAP.search(program.text[-400:])
        place = urljoin(url, named[1]) if named and program.is_success else ""
        if place and urlsplit(place)[:2] == urlsplit(origin)[:2]:
            yield await scene.send(Request("GET", place))


CHECK = Check(CODE, applies, run, is_passive=True)
