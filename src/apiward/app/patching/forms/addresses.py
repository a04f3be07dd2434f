"""Rules that switch off: a route that nobody described, an old version, a method that nobody needs."""

import re
from typing import Final
from urllib.parse import urlsplit

from apiward.app.patching.cases import WHOLE_API, Case, Made, Unheld, patch

_VERSION: Final = re.compile(r"v\d+(\.\d+)*", re.IGNORECASE)
_ECHOING: Final = frozenset({"TRACE", "TRACK"})


def off(case: Case) -> Made:
    """Refuse what the finding reached."""
    check = case.finding.check
    if check == "CFG05":
        method = case.finding.evidence.attack.request.method
        if method not in _ECHOING:
            return Unheld("the methods are only listed, and each of them is refused where nobody described it")
        return (patch("method-off", f"{method} /**"),)
    if check in ("CFG06", "CFG07", "CFG14"):
        return _places(case)
    if check == "FUN06":
        return _other_method(case)
    if check == "FUN07":
        return (patch("method-off", f"* {_old_part(case, urlsplit(case.finding.evidence.attack.request.url).path)}"),)
    if check == "GQL06":
        return (patch("method-off", f"GET {urlsplit(case.finding.evidence.attack.request.url).path}"),)
    if case.operation is not None:
        return (patch("method-off", case.operation.key),)
    path = case.finding.place if case.finding.place.startswith("/") else urlsplit(case.finding.operation).path
    path = path.partition(" ")[2] or path
    described = {one.address for one in case.api.operations}
    if not path.startswith("/") or "*" in path or path in described:
        return Unheld("the finding does not tell an address that could be refused alone")
    return (patch("method-off", f"* {_old_part(case, path) if check == 'INV02' else path}"),)


def _other_method(case: Case) -> Made:
    """Refuse the method that nobody described, and not the one that is described."""
    method = case.finding.evidence.attack.request.method
    if method.upper() == case.key.partition(" ")[0] or not method.isupper():
        return Unheld("the methods differ in their spelling alone, which your server has to refuse")
    return (patch("method-off", f"{method} {case.key.partition(' ')[2]}"),)


def _places(case: Case) -> Made:
    """Refuse each address that the finding shows, none of which is described."""
    evidence = case.finding.evidence
    described = {one.address for one in case.api.operations}
    paths = [urlsplit(one.request.url).path for one in (evidence.attack, *evidence.more)]
    kept = [path for path in dict.fromkeys(paths) if path not in described and "*" not in path and len(path) > 1]
    if not kept or case.finding.operation == WHOLE_API:
        return Unheld("it is no single address that could be refused")
    # where a page is read that describes the API, the API itself may be asked by another method (GraphQL)
    method = "GET" if case.finding.check == "CFG14" else "*"
    return tuple(patch("method-off", f"{method} {path}") for path in kept)


def _old_part(case: Case, path: str) -> str:
    """Return all of the old version, where nothing that is described stands in it; else the one address."""
    parts = path.split("/")
    at = next((index for index, part in enumerate(parts) if _VERSION.fullmatch(part)), None)
    if at is None:
        return path
    head = "/".join(parts[: at + 1])
    is_free = not any(f"{one.address}/".startswith(f"{head}/") for one in case.api.operations)
    return f"{head}/**" if is_free and head.count("/") >= 1 else path
