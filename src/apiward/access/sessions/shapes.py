"""What a log-in and a log-out look like: a password goes in, a cookie or a token comes out."""

import re
from collections.abc import Iterator
from http.cookies import CookieError, SimpleCookie
from typing import Final

from apiward.core.call import Answer, Call
from apiward.core.jsonvalue import NotJson, leaves
from apiward.spec.meaning import naming
from apiward.spec.meaning.accounts import is_log_out_path
from apiward.spec.meaning.failures import says_failure

MIN_TOKEN: Final = 16
MAX_TOKEN: Final = 8_192
MAX_ACCOUNT: Final = 200
MAX_LOG_IN: Final = 16_384
MAX_FOUND: Final = 5

_MAY_BE_PASSWORD: Final = (b"pass", b"pwd", b"pin", b"kennwort", b"contrase", b"senha", b"wachtwoord", b"haslo")
_MAY_NAME_PASSWORD: Final = re.compile(b"|".join((*_MAY_BE_PASSWORD, b"secret")).decode())
_NESTED: Final = frozenset({dict, list})
_ACCOUNT: Final = (
    "email", "emailaddress", "mail", "username", "login", "loginname", "userid", "user", "account", "identifier",
    "phone", "mobile", "phonenumber", "handle", "name",
)  # fmt: skip
_NO_CREDENTIAL: Final = naming.NO_CREDENTIAL | {"id", "url", "uri", "scope"}
_ENDS: Final = re.compile(r"/(log[_-]?(out|off)|sign[_-]?(out|off)|end[_-]?session)/?$", re.IGNORECASE)
_RENEWS: Final = re.compile(r"/(refresh|renew|token|tokens|session|sessions)([/_-][a-z_-]*)?/?$", re.IGNORECASE)
_SESSION_ITEM: Final = re.compile(r"/(sessions?|tokens?)(/[^/]*)?/?$", re.IGNORECASE)
_LOG_IN_AGAIN: Final = re.compile(r"log[_-]?in|sign[_-]?in|error|fail|denied", re.IGNORECASE)
_NO_SESSION: Final = re.compile(r"csrf|xsrf|^_ga|^_gid|lang|locale|theme|consent|refresh", re.IGNORECASE)
_SAYS_NO: Final = re.compile(
    r"\b(wrong|incorrect|invalid|failed|failure|denied|unknown|not found|bad credentials|try again|locked|disabled)\b",
    re.IGNORECASE,
)
_BEARER: Final = re.compile(r"(?:bearer|token|jwt)\s+", re.IGNORECASE)


def is_log_in(call: Call) -> bool:
    """Whether the request could be a log-in or a sign-up: it sends a password."""
    if call.method not in ("POST", "PUT") or not 0 < len(call.body) <= MAX_LOG_IN:
        return False
    return _may_name_password(call) and any(naming.is_own_password_name(name) for name, _ in _fields(call))


def _may_name_password(call: Call) -> bool:
    """Whether a word for a password stands in the names, or anywhere in a body with parts: most have none."""
    value = call.value
    if isinstance(value, dict) and not call.form_pairs and _NESTED.isdisjoint(map(type, value.values())):
        return _MAY_NAME_PASSWORD.search("\n".join(value).lower()) is not None
    return any(map(call.body.lower().__contains__, _MAY_BE_PASSWORD))


def is_renewal(call: Call) -> bool:
    """Whether the request may ask for a fresh session in exchange for what it has, judged by its path."""
    return call.method in ("POST", "PUT") and bool(_RENEWS.search(call.path)) and not is_log_out(call)


def is_log_out(call: Call) -> bool:
    """Whether the request ends a session, judged by its path."""
    if call.method == "DELETE":
        return bool(_SESSION_ITEM.search(call.path))
    low = call.path.lower()
    if "out" not in low and "off" not in low and "session" not in low:
        return False
    return call.method in ("POST", "GET", "PUT") and is_log_out_path(call.path)


def ends_own_session(call: Call) -> bool:
    """Whether the request ends the very session that it shows, and not perhaps another one of the same account."""
    return is_log_out(call) and bool(_ENDS.search(call.path))


def says_success(answer: Answer) -> bool:
    """Whether the answer to a log-in says that it worked, by status, by where it leads, and in its body."""
    if 300 <= answer.status < 400:
        place = answer.header(b"location") or b""
        return bool(place) and not _LOG_IN_AGAIN.search(place.decode("latin-1"))
    if not 200 <= answer.status < 300:
        return False
    if answer.media_type == b"text/html" and answer.body is not None:
        return b'type="password"' not in answer.body.lower().replace(b"'", b'"')
    return isinstance(answer.value, NotJson) or not says_failure(answer.value)


def sounds_refused(answer: Answer) -> bool:
    """Whether a text in the answer sounds like a refusal. A cookie alone proves no log-in, so doubt counts here."""
    if isinstance(answer.value, NotJson):
        return bool(_SAYS_NO.search((answer.body or b"")[:4_096].decode("utf-8", "replace")))
    texts = (leaf for _, leaf in leaves(answer.value) if isinstance(leaf, str))
    return any(_SAYS_NO.search(text[:500]) for text in texts)


def account_of(call: Call) -> str:
    """Return the account that the request names: e-mail, user name, phone; in small letters; empty where none."""
    found = {naming.plain(name): value for name, value in _fields(call) if not naming.is_password_name(name)}
    for name in _ACCOUNT:
        value = found.get(name, "").strip().lower()
        if value and len(value) <= MAX_ACCOUNT and value.isprintable():
            return value
    return ""


def tokens_in(answer: Answer) -> Iterator[bytes]:
    """Yield what may be a token in the answer: in its JSON by name, in its headers, at most a few."""
    for name in (b"authorization", b"x-auth-token", b"x-access-token"):
        if value := answer.header(name):
            yield from _token(value.decode("latin-1"))
    if isinstance(answer.value, NotJson):
        return
    found = 0
    for pointer, leaf in leaves(answer.value):
        names = [step for step in pointer if isinstance(step, str)]
        if isinstance(leaf, str) and (not names or _is_token_name(names[-1])):
            yield from _token(leaf)
            found += 1
            if found >= MAX_FOUND:
                return


def renewals_in(answer: Answer) -> Iterator[bytes]:
    """Yield what may be handed back later for a fresh token: it is known by its name."""
    if isinstance(answer.value, NotJson):
        return
    found = 0
    for pointer, leaf in leaves(answer.value):
        if isinstance(leaf, str) and pointer and "refresh" in str(pointer[-1]).lower():
            yield from _token(leaf)
            found += 1
            if found >= MAX_FOUND:
                return


def tokens_sent(call: Call) -> Iterator[bytes]:
    """Yield the tokens that a request carries in its body, at most a few."""
    texts = [value for name, value in _fields(call) if "token" in name.lower()]
    for text in texts[:MAX_FOUND]:
        yield from _token(text)


_HOST: Final = b"__Host-"
"""Stands before names of cookies towards browsers: the guard itself may put it there (harden)."""


def cookies_set(answer: Answer) -> list[tuple[bytes, bytes]]:
    """Return name and value of the cookies that may hold a session; the value is empty where one is taken back.

    Sessions are kept from scripts (HttpOnly): where some cookies are, the others are left out (RFC 6265).
    """
    found: list[tuple[bytes, bytes, bool]] = []
    for name, value in answer.headers:
        if name == b"set-cookie" and len(value) <= MAX_TOKEN and len(found) < MAX_FOUND:
            found += _cookie(value.decode("latin-1"))
    hidden = [(name, value) for name, value, is_hidden in found if is_hidden]
    return hidden or [(name, value) for name, value, _ in found]


def has_session_form(value: bytes) -> bool:
    """Whether a cookie's value could be a session: long, and not of a few signs only."""
    return MIN_TOKEN <= len(value) <= MAX_TOKEN and len(set(value)) >= 8


def cookies_shown(call: Call) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and value of the cookies that the request shows, at most 50."""
    for part in _cookie_text(call).split(b";", 50)[:50]:
        name, _, value = part.partition(b"=")
        yield name.strip().removeprefix(_HOST), value.strip().strip(b'"')


def _cookie_text(call: Call) -> bytes:
    """Return all cookies as one header: HTTP/2 may bring them in several (RFC 9113, section 8.2.3)."""
    if len(call.header) == len(call.headers):
        return call.header.get(b"cookie", b"")
    return b"; ".join(value for name, value in call.headers if name == b"cookie")


def _cookie(line: str) -> Iterator[tuple[bytes, bytes, bool]]:
    try:
        jar: SimpleCookie = SimpleCookie(line)
    except CookieError:
        return
    for name, morsel in jar.items():
        if not _NO_SESSION.search(name):
            is_gone = not morsel.value or morsel["max-age"] == "0" or "1970" in morsel["expires"]
            value = b"" if is_gone else morsel.coded_value.strip('"').encode("latin-1")
            yield name.encode("latin-1").removeprefix(_HOST), value, bool(morsel["httponly"])


def _fields(call: Call) -> Iterator[tuple[str, str]]:
    yield from call.form_pairs[:50]
    if isinstance(call.value, dict):
        for pointer, leaf in leaves(call.value):
            if len(pointer) > 3:
                continue
            if isinstance(leaf, str) and isinstance(pointer[-1], str):
                yield pointer[-1], leaf


def _token(text: str) -> Iterator[bytes]:
    plain = _BEARER.sub("", text.strip(), count=1)
    if MIN_TOKEN <= len(plain) <= MAX_TOKEN and plain.isascii() and plain.isprintable() and " " not in plain:
        yield plain.encode()


def _is_token_name(name: str) -> bool:
    words = frozenset(naming.words(name))
    is_access = "access" in words or not words & _NO_CREDENTIAL
    is_good = bool(words & naming.CREDENTIAL_WORDS)
    return is_access and (is_good or naming.plain(name) in ("accesstoken", "authtoken", "apikey", "key"))
