"""Where a file that was sent is served from, and whether a browser that opens it would run its script."""

from collections.abc import Container, Iterator
from typing import Final
from urllib.parse import urljoin, urlsplit

from apiward.core.api import Operation, Place
from apiward.core.exchange import Exchange, Request
from apiward.core.jsonvalue import NotJson, leaves
from apiward.scan.calling.arguments import Arguments
from apiward.scan.calling.showing import with_credential
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.ownership.objects import OwnedObject, pointings
from apiward.scan.proofs import openings, pages
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts, dangers, naming

MAX_PLACES: Final = 3
MAX_VIEWS: Final = 3
_ENDS: Final = (".html", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")
_LEADING: Final = frozenset("url uri href link path src file filename location key image photo picture avatar".split())


async def found(
    scene: Scene, operation: Operation, session: Session | None, sent: Exchange, made: OwnedObject | None
) -> list[Exchange]:
    """Return what a browser gets that opens the places which the answers name: first the upload's own answer."""
    places = list(_named_in(scene, sent))
    if not places:
        for view, arguments in _views(scene, operation, session, made):
            exchange = await scene.call(view, arguments, session)
            places += [exchange.request.url] if _is_file(exchange) else list(_named_in(scene, exchange))
    return [await opened(scene, operation, session, url) for url in list(dict.fromkeys(places))[:MAX_PLACES]]


async def opened(scene: Scene, operation: Operation, session: Session | None, url: str) -> Exchange:
    """Return what a browser gets there: without a log-in, or with the cookie of one, but with no header of ours."""
    request = Request("GET", url, (("Accept", "text/html,image/*;q=0.9,*/*;q=0.8"),))
    exchange = await scene.send(request)
    shown = await session.current(scene.accounts.area_of(operation).schemes) if session is not None else None
    if shown is None or shown.place is not Place.COOKIE or not judging.is_refused(exchange):
        return exchange
    return await scene.send(with_credential(request, shown))


def runs(exchange: Exchange, word: str, script: str, types: Container[str]) -> bool:
    """Whether a browser takes the answer for a page of these types with our element in it, and would run its script."""
    if exchange.response is None or exchange.response.media_type not in types:
        return False
    is_whole = pages.has_element(exchange, word) and f"<script>{script}</script>" in exchange.text
    return exchange.is_success and is_whole and not _forbids_scripts(exchange)


def _forbids_scripts(exchange: Exchange) -> bool:
    """Whether a policy of the answer keeps scripts that stand in it from running (CSP level 3)."""
    policies = exchange.response.all_headers("content-security-policy") if exchange.response else ()
    return any(_forbids(policy) for whole in policies for policy in whole.lower().split(","))


def _forbids(policy: str) -> bool:
    parts = [part.split() for part in policy.split(";") if part.split()]
    rules = {part[0]: part[1:] for part in reversed(parts)}  # the first of a name counts
    if "sandbox" in rules:
        return "allow-scripts" not in rules["sandbox"]
    sources = rules.get("script-src-elem", rules.get("script-src", rules.get("default-src")))
    if sources is None:
        return False
    # Where some scripts are named, 'unsafe-inline' counts for nothing (CSP level 3, section 6.7.3.2).
    names_some = any(source.startswith(("'nonce-", "'sha", "'strict-dynamic'")) for source in sources)
    return names_some or "'unsafe-inline'" not in sources


def _is_file(exchange: Exchange) -> bool:
    kind = exchange.response.media_type if exchange.response and exchange.is_success else ""
    return bool(kind) and not kind.endswith("json")


def _named_in(scene: Scene, exchange: Exchange) -> Iterator[str]:
    """Yield the addresses of the same origin that an answer names as places of files."""
    body = exchange.response.json() if exchange.response and exchange.is_success else None
    texts = [] if isinstance(body, NotJson) else [(path, text) for path, text in leaves(body) if isinstance(text, str)]
    for path, text in texts:
        names = {word for step in path if isinstance(step, str) for word in naming.words(step)}
        is_place = text.startswith(("/", "http://", "https://")) or ("/" in text and text.lower().endswith(_ENDS))
        if is_place and (_LEADING & names or text.lower().endswith(_ENDS)):
            url = _at_home(scene, text)
            if url:
                yield url


def _at_home(scene: Scene, text: str) -> str:
    """Return the address as a whole where it lies at the API's own origin, else nothing."""
    try:
        url = urljoin(f"{scene.caller.origin}/", text[:2_000])
        parts, own = urlsplit(url), urlsplit(scene.caller.origin)
    except ValueError:  # the target may name anything
        return ""
    is_clean = text.isascii() and text.isprintable() and " " not in text
    return url.partition("#")[0] if is_clean and parts[:2] == own[:2] and _only_shows(parts.path) else ""


def _only_shows(path: str) -> bool:
    """Whether opening the address seems to change nothing: the target chose it, and may name a log-out or a reset."""
    operation = Operation("GET", path)
    is_meant = openings.only_reads(operation) and not accounts.is_log_out(operation)
    return is_meant and not dangers.danger(operation)


def _views(
    scene: Scene, operation: Operation, session: Session | None, made: OwnedObject | None
) -> list[tuple[Operation, Arguments]]:
    """Return the reading operations that may show the file or its address: at the same path, of the object, our own."""
    reading = [op for op in scene.operations if op.method == "GET" and op.has_address and not dangers.danger(op)]
    chosen = [(op, scene.arguments(op, session)) for op in reading if op.path == operation.path]
    if made is not None:
        ways = [(op, way) for op in scene.pointing_at(made) if op in reading for way in pointings(op, made)[:1]]
        chosen += [(op, scene.pointed(op, session, way)) for op, way in ways]
    if session is not None:
        probe = scene.accounts.area_of(operation).probes[:1]
        chosen += [(one.operation, scene.arguments(one.operation, session)) for one in probe]
    return chosen[:MAX_VIEWS]
