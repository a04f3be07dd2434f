"""Links that the evidence of two findings shows by itself; nothing is sent."""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from apiward.core.api import Place
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.calling.set_cookies import set_cookies
from apiward.scan.identities.sessions import Session
from apiward.scan.linking.giving import LEAST, holds, request_text, shown_to_others, was_sent
from apiward.scan.scene import Scene

_PARTS: Final = re.compile(r"[^0-9A-Za-z]+")
_LEAST_PART: Final = 6
_LEAST_ID: Final = 10


def name_seen(scene: Scene, first: Verdict, then: Verdict) -> str | None:
    """Say that `first` shows strangers the name by which an account is called at `then`."""
    asked = then.evidence.attack if then.evidence else None
    if asked is None:
        return None
    named = {name for one in _sessions(scene) for name in one.own_names if was_sent(asked, [name])}
    kinds = {"@" in name for name in named}
    for session in _sessions(scene):
        exchange = shown_to_others(first, session)
        names = {name for name in session.own_names if len(name) >= LEAST and ("@" in name) in kinds}
        if exchange is not None and not was_sent(exchange, names) and holds(exchange, names):
            return f"The answer showed who has a test account that did not ask; {then.operation} takes such a name."
    return None


def identifier_seen(scene: Scene, first: Verdict, then: Verdict) -> str | None:
    """Say that `first` shows strangers an identifier that nobody can guess, and that `then` was done with."""
    if first.operation == then.operation or then.evidence is None:
        return None
    asked = request_text(then.evidence.attack.request)
    owners = {session.name: session for session in _sessions(scene)}
    for target in scene.objects:
        known = {text for text in map(str, target.names.values()) if is_hard_to_guess(text, target.marks)}
        session = owners.get(target.owner)
        exchange = shown_to_others(first, session) if session else None
        if exchange is None or was_sent(exchange, known):
            continue
        if holds(exchange, [value for value in known if value in asked]):
            return (
                f"The answer showed the identifier of what another account had made; with it, {then.operation} worked."
            )
    return None


def same_log_in(_: Scene, first: Verdict, then: Verdict) -> str | None:
    """Say that what `first` tells of was seen at the very log-in of `then`."""
    if first.operation == then.operation:
        return "Both were seen at the same log-in."
    if first.evidence is None or then.evidence is None:
        return None
    place = _place(then.evidence.attack)
    if any(exchange.is_success and _place(exchange) == place for exchange in first.evidence.more):
        return f"Such an account was opened at {then.operation}."
    return None


def cookie_in_reach(_: Scene, first: Verdict, then: Verdict) -> str | None:
    """Say that the cookie of `then` is one that programs can read which a link brings into the page of `first`."""
    page = first.evidence.attack if first.evidence else None
    source = then.evidence.attack if then.evidence else None
    if page is None or source is None or not _is_by_link(first, page) or _holds_programs(page):
        return None
    here, there = urlsplit(page.request.url), urlsplit(source.request.url)
    for name, morsel in set_cookies(source):
        reach = morsel["path"] or (there.path.rpartition("/")[0] or "/")
        is_within = here.path == reach or here.path.startswith(reach.rstrip("/") + "/")
        if here.netloc == there.netloc and is_within and not morsel["httponly"] and f"cookie {name[:60]} " in then.saw:
            return f"The cookie {name[:60]} is sent to that page, and has no HttpOnly."
    return None


def _is_by_link(first: Verdict, page: Exchange) -> bool:
    return page.request.method == "GET" and first.place.partition(" ")[0] in (Place.QUERY, Place.PATH)


def _holds_programs(page: Exchange) -> bool:
    """Whether a policy of the page says which programs may run in it: one that came with the address may not."""
    policies = page.response.all_headers("content-security-policy") if page.response else ()
    return any("script-src" in policy or "default-src" in policy for policy in policies)


def is_hard_to_guess(value: str, marks: Iterable[str] = ()) -> bool:
    """Whether an identifier is long and mixes letters with digits, and not because it was made of a title of ours."""
    mixed = [part for part in _PARTS.split(value) if not part.isdigit() and not part.isalpha()]
    is_mixed = any(len(part) >= _LEAST_PART for part in mixed)
    return is_mixed and len(value) >= _LEAST_ID and not any(mark in value for mark in marks)


def _sessions(scene: Scene) -> Iterator[Session]:
    return iter((*scene.users, *scene.spares))


def _place(exchange: Exchange) -> tuple[str, str]:
    return exchange.request.method, urlsplit(exchange.request.url).path
