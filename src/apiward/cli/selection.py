"""Which checks and operations are meant by what a person typed."""

from collections.abc import Iterable, Sequence

from apiward.catalogue.loading import FAMILIES, load_catalogue
from apiward.catalogue.lookup import find_check
from apiward.cli.hints import near_checks
from apiward.config.errors import AdvisedError
from apiward.config.errors import nearest as nearest_word
from apiward.core.api import Api
from apiward.scan.api import Check


class UnknownOperationError(AdvisedError):
    """The description has no operation of that name."""


def chosen_checks(checks: Sequence[Check], only: Iterable[str], skip: Iterable[str]) -> tuple[Check, ...]:
    """Return the checks to run; texts are codes, names or families, commas between. Raises AdvisedError."""
    wanted, unwanted = _codes(only), _codes(skip)
    known = {check.code for check in checks}
    for code in wanted:
        if code not in known and len(wanted) == 1:
            raise AdvisedError(f"{code} is known, but this version cannot check it.", "", "See: apiward checks")
    kept = tuple(c for c in checks if (not wanted or c.code in wanted) and c.code not in unwanted)
    if not kept:
        raise AdvisedError("No check is left to run.", "--only and --skip leave nothing.", "See: apiward checks")
    return kept


def chosen_operations(api: Api, typed: Iterable[str]) -> frozenset[str]:
    """Return the keys of the operations meant by `GET /path`, with or without method and base path."""
    return frozenset(key for text in typed for key in _keys(api, text))


def _keys(api: Api, text: str) -> list[str]:
    wanted = " ".join(text.split())
    method, _, path = wanted.rpartition(" ")
    found = [
        op.key
        for op in api.operations
        if path in (op.path, f"{op.base_path}{op.path}") and method.upper() in ("", op.method)
    ]
    if not found:
        keys = tuple(op.key for op in api.operations)
        near = nearest_word(wanted, keys) if len(keys) <= 12 else _near_only(wanted, keys)
        raise UnknownOperationError(
            f"The API has no operation {wanted!a}.", near, "List them with: apiward describe URL"
        )
    return found


def _near_only(wanted: str, keys: tuple[str, ...]) -> str:
    said = nearest_word(wanted, keys)
    return said if said.startswith("Did") else ""


def _codes(texts: Iterable[str]) -> frozenset[str]:
    words = [word.strip() for text in texts for word in text.split(",") if word.strip()]
    return frozenset(code for word in words for code in _code(word))


def _code(word: str) -> list[str]:
    checks = load_catalogue().checks
    if word.lower() in FAMILIES:
        return [code for code, entry in checks.items() if entry.family == word.lower()]
    entry = find_check(word)
    if entry is None:
        near = near_checks(word)
        hint = f"Did you mean {' or '.join(near)}?" if near else ""
        raise AdvisedError(f"There is no check {word[:40]!a}.", hint, "List them with: apiward checks")
    return [entry.code]
