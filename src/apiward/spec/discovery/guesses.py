"""Which names are worth trying: siblings, versions and account paths beside what was found."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from apiward.spec.discovery.routes import Route, names_in
from apiward.spec.discovery.words import (
    ACCOUNT,
    BELOW,
    ENTERED,
    FIRST,
    HOLDERS,
    LOG_IN,
    NOUNS,
    PREFIXES,
    SIGN_UP,
    VERSIONED,
)
from apiward.spec.meaning import naming

MAX_PREFIXES: Final = 4
MAX_BELOW: Final = 60
MAX_SEEN: Final = 40
_VERSION: Final = re.compile(r"v(\d{1,2})", re.IGNORECASE)
_VERBS: Final = frozenset(
    "login logout register signup token refresh me password search health ping version status".split()
)

__all__ = ["FIRST", "VERSIONED"]


def is_versioned(routes: Mapping[str, Route]) -> bool:
    """Whether a path of an API that was found names a version."""
    return any(_VERSION.fullmatch(part) for template in routes for part in template.split("/"))


def prefixes_to_try(in_use: Iterable[str], bases: Iterable[str]) -> tuple[str, ...]:
    """Return the prefixes to try: those in use, those that programs name, the usual ones."""
    return tuple(dict.fromkeys([*in_use, *bases, *PREFIXES]))


def prefixes_of(routes: Mapping[str, Route]) -> list[str]:
    """Return what stands before the nouns of the routes, the most usual first."""
    counts: Counter[str] = Counter()
    for route in routes.values():
        if route.is_page or route.template == "/":
            continue
        parts = route.template.strip("/").split("/")
        lead = list(_lead(parts))
        counts["/" + "/".join(lead) if lead else ""] += 1
        if parts[1:] and _VERSION.fullmatch(parts[-1]):
            parts.pop()
        parent = "/" + "/".join(parts[:-1])
        if "{}" not in parent and len(parts) > len(lead) + 1 and f"{parent}/{{}}" not in routes:
            counts[parent] += 1
    return [prefix for prefix, count in counts.most_common() if count > 1 or prefix.count("/") < 3]


def names_for(prefix: str, routes: Mapping[str, Route]) -> Iterator[str]:
    """Yield names to try below a prefix: nouns seen elsewhere or in answers, then the usual ones."""
    own = _style(prefix, routes)
    seen = [part for route in routes.values() for part in route.template.split("/") if part and "{}" not in part]
    lists = [
        route.template.rstrip("/").rpartition("/")[2] for route in routes.values() if f"{route.template}/{{}}" in routes
    ]
    if naming.nouns(prefix):
        yield from (f"{name}{own}" for name in dict.fromkeys(lists))
        return
    nouns = [name for name in dict.fromkeys([*seen, *_referred(routes)]) if not _VERSION.fullmatch(name)][:MAX_SEEN]
    yield from (f"{name}{own}" for name in dict.fromkeys([*nouns, *NOUNS]))
    # a thing may be there to ask for where there is no list of its kind
    yield from (f"{name}{own}/{{}}" for name in _referred(routes))
    yield from (f"admin/{name}{own}" for name in dict.fromkeys(lists))


def _referred(routes: Mapping[str, Route]) -> list[str]:
    """Return the nouns that answers refer to: `client_id` speaks of clients."""
    told = (words for name in names_in(route.answer for route in routes.values()) if (words := naming.words(name)))
    return list(dict.fromkeys(f"{words[-2]}s" for words in told if len(words) > 1 and words[-1] == "id"))


def accounts_beside(routes: Mapping[str, Route]) -> Iterator[str]:
    """Yield where accounts may be opened and entered: below the prefixes, and below what holds accounts."""
    last = {template.rpartition("/")[2] for template in routes}
    names = ENTERED if last & LOG_IN and last & SIGN_UP else ACCOUNT
    holders = dict.fromkeys(prefixes_of(routes)[:MAX_PREFIXES])
    for route in list(routes.values()):
        nouns = [part for part in route.template.split("/") if part and not _VERSION.fullmatch(part)]
        if nouns and nouns[-1] in HOLDERS and "{}" not in route.template:
            holders[route.template.rstrip("/")] = None
    for prefix in prefixes_of(routes)[:MAX_PREFIXES]:
        holders[f"{prefix}/auth"] = None
    for holder in list(holders)[: 3 * MAX_PREFIXES]:
        yield from (f"{holder}/{name}" for name in names)


def versions_beside(routes: Mapping[str, Route]) -> Iterator[str]:
    """Yield the same paths under the versions before and after."""
    for route in list(routes.values())[: 4 * MAX_SEEN]:
        parts = route.template.split("/")
        at = next((place for place, part in enumerate(parts) if _VERSION.fullmatch(part)), None)
        if at is None or "{}" in route.template or not may_hold_things(route):
            continue
        number = int(parts[at][1:])
        for other in (number - 1, number + 1):
            if other >= 1:
                yield "/".join([*parts[:at], f"{parts[at][0]}{other}", *parts[at + 1 :]])


def below_things(routes: Mapping[str, Route]) -> Iterator[str]:
    """Yield what may stand below single things: usual names, and the nouns of other lists."""
    things = [route.template for route in routes.values() if route.template.endswith("/{}")][: MAX_BELOW // 3]
    for template in things:
        yield from (f"{template}/{name}" for name in BELOW)


def may_hold_things(route: Route) -> bool:
    """Whether a route may be a list of things."""
    last = route.template.rstrip("/").rpartition("/")[2]
    return bool(last) and "{}" not in last and not set(naming.words(last)) & _VERBS


def _lead(parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        if not _VERSION.fullmatch(part) and part.lower() not in {"api", "rest", "public", "services"}:
            return
        yield part


def _style(prefix: str, routes: Mapping[str, Route]) -> str:
    """Return the version that nouns carry behind them below a prefix (`/users/v1`), or nothing."""
    behind = Counter(
        parts[2] for route in routes.values()
        if (parts := route.template.removeprefix(prefix).split("/"))[2:] and _VERSION.fullmatch(parts[2])
        and not _VERSION.fullmatch(parts[1])
    )  # fmt: skip
    return f"/{behind.most_common(1)[0][0]}" if behind else ""
