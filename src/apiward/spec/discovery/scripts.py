"""What the JavaScript of a page calls: addresses, methods, and the names of what is sent. Nothing is run.

Texts that look like addresses are found, also where they are put together from pieces. What stands around one tells
the method (`.post(`, `fetch(…, {method: "PUT"})`, `open("DELETE", …`) and the object that is sent.
"""

import re
from collections.abc import Iterator
from typing import Final

from apiward.core.jsonvalue import NOT_JSON, Json, NotJson
from apiward.spec.discovery.clues import Clue, plain_target
from apiward.spec.discovery.literals import object_at

MAX_SCRIPT: Final = 3_000_000
MAX_CLUES: Final = 2_000
FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
MULTIPART: Final = "multipart/form-data"

# every pattern is linear: no nested repeats, bounded runs
_TEXT: Final = re.compile(
    r"""(["'])((?:https?://|/|\./)?[A-Za-z0-9_.~:@%&?={}\[\]$,;!*+/-]{1,300})\1"""
    r"""|`((?:[^`\\\n$]|\$\{[^`{}]{0,80}\}|\$(?!\{)){1,300})`"""
)
_LOOKS: Final = re.compile(r"^(?:https?://[^/\s]{1,200})?(?:\{\}|\./)?/[A-Za-z0-9_{~.-]|^api/")
_VERB: Final = re.compile(
    r"(?i)\.(get|post|put|patch|delete|del|head)\s{0,3}(?:<[^<>()]{0,60}>)?\(\s{0,5}([\w$.]{1,40}\s{0,3}\+\s{0,3})?$"
)
_FETCH: Final = re.compile(
    r"(?i)(?:\b(?:fetch|request|ajax|axios|ofetch|ky|got|useFetch|api)|\$http)\(\s{0,5}([\w$.]{1,40}\s{0,3}\+\s{0,3})?$"
)
_NAMED: Final = re.compile(
    r"(?i)\(\s{0,9}[\"'`](get|post|put|patch|delete|head)[\"'`]\s{0,3},\s{0,9}([\w$.]{1,40}\s{0,3}\+\s{0,3})?$"
)
_LATER: Final = re.compile(r"\s{0,9},(?:[^,(){}]{0,80},){0,2}\s{0,9}(?=\{)")
_URL: Final = re.compile(
    r"(?i)[{,]\s{0,5}[\"']?(?:url|uri|path|endpoint)[\"']?\s{0,3}:\s{0,3}([\w$.]{1,40}\s{0,3}\+\s{0,3})?$"
)
_BASE_BEFORE: Final = re.compile(
    r"(?i)\b(?:base_?url|api_?(?:url|base|root|prefix|path)|prefix|baseuri)[\"']?\s{0,3}[:=]\s{0,3}$"
)
_PLUS: Final = re.compile(r"\s{0,3}\+\s{0,3}(?:encodeURIComponent\(|String\()?[\w$.\[\]]{1,60}\)?")
_PLUS_TEXT: Final = re.compile(r"""\s{0,3}\+\s{0,3}(["'])([^"'\s\\]{1,200})\1""")
_CONCAT: Final = re.compile(r"\.concat\(")
_ARGUMENT: Final = re.compile(
    r"""\s{0,3}(?:(["'])([^"'\s\\]{1,200})\1|[\w$.\[\]]{1,60}(?:\([\w$.\[\]]{0,60}\))?)\s{0,3}(,|\))"""
)
_METHOD: Final = re.compile(r"(?i)\b(?:method|type)[\"']?\s{0,3}:\s{0,3}[\"'`](get|post|put|patch|delete)[\"'`]")
_SENT: Final = re.compile(
    r"(?i)\b(?:body|data|json)[\"']?\s{0,3}:\s{0,3}"
    r"(JSON\.stringify\(|new URLSearchParams\(|new FormData\(|)\s{0,3}(?=\{|\))"
)
_PARAMS: Final = re.compile(r"(?i)\b(?:params|query|searchParams)[\"']?\s{0,3}:\s{0,3}(?=\{)")
_NEXT: Final = re.compile(r"\s{0,5},\s{0,5}(JSON\.stringify\(|new URLSearchParams\(|)\s{0,3}(?=\{)")
_FORM_TYPE: Final = re.compile(r"(?i)x-www-form-urlencoded")
_AROUND: Final = 160
_AFTER: Final = 700


def script_clues(text: str) -> Iterator[Clue]:
    """Yield what a script tells, bounded."""
    text = text[:MAX_SCRIPT]
    taken = told = 0
    for given, match in enumerate(_TEXT.finditer(text)):
        if given >= 50 * MAX_CLUES or told >= MAX_CLUES:
            return
        if match.start() < taken:  # a piece of an address that is put together
            continue
        clue, taken = _clue(text, match)
        if clue is not None:
            told += 1
            yield clue


def bases(text: str) -> Iterator[str]:
    """Yield the addresses that a script puts before what it calls (`baseURL: "/api/v2"`)."""
    for match in _TEXT.finditer(text[:MAX_SCRIPT]):
        said = match[2] or match[3] or ""
        if "/" in said and _BASE_BEFORE.search(text, max(0, match.start() - _AROUND), match.start()):
            yield said


def _clue(text: str, match: re.Match[str]) -> tuple[Clue | None, int]:
    """Return what a text tells, and where it ends with all that the script adds to it."""
    written = match[2] or match[3] or ""
    if "/" not in written:
        return None, 0
    whole, end = _joined(text, written, match.end())
    target, is_based = plain_target(whole)
    if not _LOOKS.search("{}" + target if is_based else target):
        return None, 0
    target, _, query = target.partition("?")
    method, is_added, sent, sent_type, names = _call(text, match.start(), end)
    told = tuple(dict.fromkeys([*_query_names(query), *names]))
    return Clue(target, method, told, sent_type, sent, is_based or is_added), end


def _joined(text: str, written: str, end: int) -> tuple[str, int]:
    """Return a text with what the script adds to it, and where that ends."""
    whole = written
    for _ in range(4):
        concat = _CONCAT.match(text, end)
        if concat is None:
            break
        whole, end = _concatenated(text, whole, concat.end())
    for _ in range(8):
        added = _PLUS_TEXT.match(text, end)
        if added is None and not whole.endswith(("/", "=", "-", ":")):
            break
        value = added or _PLUS.match(text, end)
        if value is None:
            break
        whole += added[2] if added else "{}"
        end = value.end()
    return whole, end


def _concatenated(text: str, whole: str, end: int) -> tuple[str, int]:
    for _ in range(8):
        argument = _ARGUMENT.match(text, end)
        if argument is None:
            break
        whole += argument[2] or "{}"
        end = argument.end()
        if argument[3] == ")":
            break
    return whole, end


def _call(text: str, start: int, end: int) -> tuple[str, bool, Json | NotJson, str, tuple[str, ...]]:
    """Return method, whether something stands before the address, what is sent and as what, and query names."""
    low = max(0, start - _AROUND)
    verb = _VERB.search(text, low, start)
    if verb is not None:
        method = {"DEL": "DELETE"}.get(verb[1].upper(), verb[1].upper())
        takes_body = method in {"POST", "PUT", "PATCH"}
        sent, kind = _sent_next(text, end) if takes_body else (NOT_JSON, "")
        return method, bool(verb[2]), sent, kind, () if takes_body else _names_in(text, end, end + _AFTER)
    named = _NAMED.search(text, low, start)
    if named is not None:
        later = _LATER.match(text, end) if named[1].upper() in {"POST", "PUT", "PATCH"} else None
        shape = object_at(text, later.end()) if later is not None else {}
        return named[1].upper(), bool(named[2]), shape or NOT_JSON, JSON if shape else "", ()
    fetched = _FETCH.search(text, low, start)
    keyed = None if fetched else _URL.search(text, low, start)
    if fetched is None and keyed is None:
        return "", False, NOT_JSON, "", ()
    from_, to = (end, _stop(text, end)) if fetched else (_opened(text, start), _stop(text, end))
    method = found[1].upper() if (found := _METHOD.search(text, from_, to)) else ""
    sent, kind = _sent_within(text, from_, to)
    is_added = bool((fetched or keyed or [None, None])[1])
    if not method and fetched is not None:
        method = "GET" if isinstance(sent, NotJson) else "POST"
    return method, is_added, sent, kind, _names_in(text, from_, to)


def _stop(text: str, end: int) -> int:
    """Return where the call ends at the latest: before the next one."""
    near = [at for sign in ("fetch(", ".then(", "axios", ";") if (at := text.find(sign, end, end + _AFTER)) >= 0]
    return min(near, default=min(len(text), end + _AFTER))


def _opened(text: str, start: int) -> int:
    at = text.rfind("{", max(0, start - _AROUND), start)
    return at if at >= 0 else start


def _sent_next(text: str, end: int) -> tuple[Json | NotJson, str]:
    found = _NEXT.match(text, end)
    if found is None:
        return NOT_JSON, ""
    shape = object_at(text, found.end())
    if not shape or set(shape) <= {"headers", "params", "signal", "timeout"}:
        return NOT_JSON, ""
    return shape, FORM if "URLSearchParams" in found[1] else JSON


def _sent_within(text: str, from_: int, to: int) -> tuple[Json | NotJson, str]:
    found = _SENT.search(text, from_, to)
    if found is None:
        return NOT_JSON, ""
    if "FormData" in found[1]:
        return NOT_JSON, MULTIPART
    shape = object_at(text, found.end())
    is_form = "URLSearchParams" in found[1] or _FORM_TYPE.search(text, from_, to) is not None
    return (shape, FORM if is_form else JSON) if shape else (NOT_JSON, "")


def _names_in(text: str, from_: int, to: int) -> tuple[str, ...]:
    found = _PARAMS.search(text, from_, min(to, _stop(text, from_)))
    return tuple(object_at(text, found.end())) if found else ()


def _query_names(query: str) -> Iterator[str]:
    for pair in query.split("&")[:40]:
        name = pair.partition("=")[0]
        if re.fullmatch(r"[\w.\[\]-]{1,60}", name):
            yield name
