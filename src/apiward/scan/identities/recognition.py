"""What answers say of the account that got them: facts such as its number, by which operations ask for it."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, Pointer, at, leaves, walk
from apiward.scan.calling.arguments import Arguments
from apiward.scan.identities.sessions import token_claims
from apiward.scan.ownership.objects import ACCOUNT_NOUNS
from apiward.spec.meaning import naming

_NEUTRAL: Final = frozenset("data result response payload content".split())
IDS: Final = ("id", "uuid", "guid")
MIN_TELLING: Final = 6
_CLAIMED: Final = frozenset((*IDS, "uid", *(f"{noun}id" for noun in ACCOUNT_NOUNS)))
_LIKE_AN_ID: Final = re.compile(r"\d{1,18}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24}", re.IGNORECASE)

Facts = dict[str, Json]


def tells_who(name: str) -> bool:
    """Whether a field of that name may identify an account."""
    if naming.is_password_name(name) or naming.is_token_name(name):
        return False
    marks = ("mail", "user", "login", "phone", "mobile", "handle", "name")
    return naming.is_id_name(name) or any(mark in naming.plain(name) for mark in marks)


def facts_at_sign_up(sent: Arguments, answer: Exchange) -> Facts:
    """Return what identifies a new account: what was sent, and what the answer adds."""
    facts: Facts = {}
    for body in (None if isinstance(sent.body, NotJson) else sent.body, _body(answer)):
        for pointer, value in leaves(body):
            if pointer and _is_scalar(value) and tells_who(str(pointer[-1])):
                facts.setdefault(str(pointer[-1]), value)
    return facts


def facts_at_log_in(exchange: Exchange, tokens: Iterable[str], names: frozenset[str]) -> Facts:
    """Return what the answer to a log-in says of the account: beside the tokens, and in their claims.

    A bare `id` beside the token may be the session's, unless one of the account's own `names` stands there, too.
    """
    own = tuple(tokens)
    found: Facts = {}
    body = _body(exchange)
    for pointer, value in leaves(body):
        if pointer and _is_scalar(value) and value not in own and _is_about_account(body, pointer, names):
            found.setdefault(str(pointer[-1]), value)
    for token in own:
        found = {**_claimed(token_claims(token) or {}), **found}
    return found


def facts_in_view(exchange: Exchange, names: frozenset[str], *, is_own: bool = False) -> Facts:
    """Return what a page about the caller says, if one of its `names` stands there; lists may be of others' things.

    With `is_own`, the page is known to be the caller's.
    """
    if not exchange.is_success:
        return {}
    outside = [(p, value) for p, value in leaves(_body(exchange)) if p and not any(isinstance(s, int) for s in p)]
    if not is_own and not any(is_name_in(name, str(value)) for _, value in outside for name in names):
        return {}
    found: Facts = {}
    for pointer, value in outside:
        if _is_scalar(value) and tells_who(str(pointer[-1])):
            found.setdefault(str(pointer[-1]), value)
    return found


def is_name_in(name: str, text: str) -> bool:
    """Whether a text is the name, or, for one that is long enough to be nobody else's, has it as a word of its own."""
    if text.casefold() == name.casefold():
        return True
    return len(name) >= MIN_TELLING and bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))


def facts_in_list(exchange: Exchange, nouns: tuple[str, ...], names: frozenset[str]) -> Facts:
    """Return the identifier beside one of an account's own `names`, in an object that is an account.

    `nouns` are those of the path: the entries of `/admin/users` are accounts, those of `/orders` are not.
    """
    if not exchange.is_success:
        return {}
    for pointer, node in walk(_body(exchange)):
        if isinstance(node, dict) and _kind_of(pointer, nouns) in ACCOUNT_NOUNS and _is_named(node, names):
            found = {key: value for key, value in node.items() if naming.plain(key) in IDS and _is_scalar(value)}
            if found:
                return found
    return {}


def _claimed(claims: dict[str, Json]) -> Facts:
    found = {key: value for key, value in claims.items() if naming.plain(key) in _CLAIMED and _is_scalar(value)}
    subject = claims.get("sub")
    if not found and _is_scalar(subject) and _LIKE_AN_ID.fullmatch(str(subject)):
        text = str(subject)
        found["id"] = int(text) if text.isdecimal() and len(text) < 16 else text
    return found


def _is_about_account(body: Json, pointer: Pointer, names: frozenset[str]) -> bool:
    """Whether the field tells who has logged in; a bare `id` does so only in the account's own part."""
    *holders, name = [step for step in pointer if isinstance(step, str)] or [""]
    if not tells_who(name):
        return False
    if len(naming.words(name)) > 1:
        return naming.plain(name) in _CLAIMED or not naming.is_id_name(name)
    kind = _kind_of(tuple(holders), ())
    if kind or not naming.is_id_name(name):
        return kind in ("", *ACCOUNT_NOUNS)
    holder = at(body, pointer[:-1])
    return isinstance(holder, dict) and _is_named(holder, names)


def _kind_of(pointer: Pointer, nouns: tuple[str, ...]) -> str:
    """Return the noun of the object at that place: of its holder, else the last of the path."""
    named: Iterator[str] = (step for step in reversed(pointer) if isinstance(step, str))
    kinds = (naming.singular(naming.words(step)[-1]) for step in named if naming.words(step))
    return next((kind for kind in kinds if kind not in _NEUTRAL), nouns[-1] if nouns else "")


def _is_named(node: dict[str, Json], names: frozenset[str]) -> bool:
    return any(value in names for key, value in node.items() if isinstance(value, str) and tells_who(key))


def _is_scalar(value: Json) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def _body(exchange: Exchange) -> Json:
    body = exchange.response.json() if exchange.response else None
    return None if isinstance(body, NotJson) else body
