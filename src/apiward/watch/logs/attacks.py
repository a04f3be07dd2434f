"""Texts in a log line that are meant for a database, a shell or a browser: noted, and never kept themselves."""

import re
from typing import Final

from apiward.core.decision import Decision, Effect, Ruling
from apiward.inspection.bodies import inspect_pairs, pairs_of
from apiward.inspection.model import Hit
from apiward.inspection.requests import inspect_path
from apiward.watch.logs.model import MAX_VALUE
from apiward.watch.logs.values import harmless

_HARMLESS: Final = re.compile(r"[A-Za-z0-9/_.~-]*(?:\?[A-Za-z0-9_~=&,@:-]*)?")
"""Targets of words and numbers, as nearly all are: no text that attacks can be written with these signs alone."""


def rulings_of(target: str) -> tuple[Ruling, ...]:
    """Return what the inspection says of a path and its query, as a note: who reads a log refuses nothing."""
    text = target[:MAX_VALUE]
    if ".." not in text and "__" not in text and _HARMLESS.fullmatch(text):
        return ()
    path, _, query = text.partition("?")
    hit = inspect_path(path)
    if hit is not None:
        return (_noted(hit, "path"),)
    found = inspect_pairs(pairs_of(query)) if query else None
    if found is None:
        return ()
    place, hit = found
    return (_noted(hit, " ".join(("query", *map(str, place))).rstrip()),)


def _noted(hit: Hit, place: str) -> Ruling:
    decision = Decision(f"inspect.{hit.attack.value}", Effect.NOTE, harmless(place[:200]), f"{hit.why} ({hit.rule})")
    return Ruling(decision, is_applied=False)
