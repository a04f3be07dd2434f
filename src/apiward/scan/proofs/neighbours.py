"""Addresses near the documented ones that a description may have left out: forgotten routes and other versions."""

import re
from collections.abc import Iterable
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.scan.meaning import judging
from apiward.spec.meaning import accounts, dangers, naming

LEAST_PREFIXES: Final = 8
PER_PREFIX: Final = 5
BESIDE: Final = tuple("_debug debug admin _export export internal all dump backup test _all config".split())
AT_ROOT: Final = tuple("debug admin env config".split())
"""Names without a content of their own: what is known by its content is looked for apart (CFG06, CFG07)."""
_VERSION: Final = re.compile(r"v(\d{1,2})", re.IGNORECASE)
_LEFT_OVER: Final = re.compile(r"(^|-)(debug|dump|heapdump|internal|phpinfo|actuator|console|trace|profiler)(-|$)")


def fixed_part(path: str) -> str:
    """Return the path up to its first parameter, without a slash at the end."""
    return path.partition("{")[0].rpartition("/")[0] if "{" in path else path.rstrip("/")


def prefixes(operations: Iterable[Operation]) -> dict[str, Operation]:
    """Return the documented prefixes with most operations below them, each with its first operation.

    At least `LEAST_PREFIXES`, and one more for every `PER_PREFIX` operations.
    """
    counts: dict[str, int] = {}
    first: dict[str, Operation] = {}
    total = 0
    for total, operation in enumerate(operations, start=1):  # noqa: B007 - the count is used below
        for prefix in _prefixes_of(operation):
            counts[prefix] = counts.get(prefix, 0) + 1
            first.setdefault(prefix, operation)
    ranked = sorted(counts, key=lambda prefix: (-counts[prefix], len(prefix), prefix))[
        : LEAST_PREFIXES + total // PER_PREFIX
    ]
    return {prefix: first[prefix] for prefix in ranked}


def is_left_over(operation: Operation) -> bool:
    """Whether a documented operation's own name says that it is meant for those who build the API."""
    return operation.method == "GET" and "{" not in operation.path and bool(_LEFT_OVER.search(_last_word(operation)))


def is_documented(path: str, operations: Iterable[Operation]) -> bool:
    """Whether an operation without parameters stands at exactly that path."""
    return any(op.address.rstrip("/") == path for op in operations)


def versions_beside(path: str) -> list[str]:
    """Return the path under other versions, older ones first; empty where it names no version."""
    parts = path.split("/")
    place = next((i for i, part in enumerate(parts) if _VERSION.fullmatch(part)), None)
    if place is None:
        return []
    number = int(parts[place][1:])
    older = list(range(number - 1, -1, -1))[:3]
    names = [f"{parts[place][0]}{n}" for n in (*older, number + 1)] + ["beta"]
    return ["/".join([*parts[:place], name, *parts[place + 1 :]]) for name in names]


def version_unlike(path: str, number: int) -> str:
    """Return the path under a version that nobody has: the control."""
    return "/".join(f"{part[0]}{number}" if _VERSION.fullmatch(part) else part for part in path.split("/"))


def version_stem(path: str) -> str:
    """Return what stands before the version in a path and the version itself, or an empty text."""
    parts = path.split("/")
    place = next((i for i, part in enumerate(parts) if _VERSION.fullmatch(part)), None)
    return "" if place is None else "/".join(parts[: place + 1])


def at_path(operation: Operation, path: str) -> Operation:
    """Return an operation that reads a path which no description names."""
    return Operation("GET", path, security=operation.security)


def is_harmless(path: str) -> bool:
    """Whether the name of a path speaks of nothing dangerous."""
    return dangers.danger(Operation("GET", path)) is None


def has_content(exchange: Exchange) -> bool:
    """Whether an answer is a good one that shows something: no empty body, no log-in page."""
    body = exchange.response.body.strip() if exchange.response else b""
    return judging.is_accepted(exchange) and len(body) > 2 and not judging.is_log_in_page(exchange)


def _prefixes_of(operation: Operation) -> list[str]:
    """Return the collection of an operation and what stands above it, down to the first segment."""
    if not operation.has_address:
        return []
    whole = operation.base_path + fixed_part(operation.path)
    own = whole if "{" in operation.path else whole.rpartition("/")[0]
    found = [own] if own.count("/") >= 1 else []
    if "{" not in operation.path and not accounts.is_account_operation(operation):
        found.append(whole)
    parent = own.rpartition("/")[0]
    return [*found, parent] if parent.count("/") >= 1 else found


def _last_word(operation: Operation) -> str:
    parts = [part for part in naming.segments(operation.path) if not naming.is_template(part)]
    return "-".join(naming.words(parts[-1])) if parts else ""
