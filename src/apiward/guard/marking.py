"""What the guard says of a request beside its columns, for watch: session, program, customer, whose account.

Most of it is the same for all requests with the same headers, so it is made once for those. Only where somebody logs
in, pays, or sends a code, the body is looked into. Hashes are keyed; passwords with a key that lives in memory alone.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from apiward.core import marks
from apiward.core.call import Call, Pairs
from apiward.core.jsonvalue import Json, NotJson, leaves
from apiward.core.principal import Principal
from apiward.guard.answers.counting import RECORDS
from apiward.guard.conducts.sending import sent_in
from apiward.guard.origins.locating import Locating
from apiward.guard.tenants import LONGEST, tenant_of
from apiward.spec.meaning import naming, purposes

Marks: TypeAlias = tuple[tuple[str, str], ...]

MOST_LEAVES: Final = 200
_NAMED: Final = purposes.LOG_IN | purposes.SIGN_UP | purposes.RESET | purposes.CODE
_LOOKED_INTO: Final = _NAMED | purposes.PAYMENT | purposes.COUPON | purposes.ORDER
_AGENT: Final = re.compile(rb"[A-Za-z][A-Za-z0-9_.+-]{1,30}")
_BROWSERS: Final = (
    (b"edg/", "edge"), (b"opr/", "opera"), (b"firefox/", "firefox"), (b"headlesschrome/", "headless chrome"),
    (b"chrome/", "chrome"), (b"safari/", "safari"),
)  # fmt: skip
_DEVICE_HEADERS: Final = (b"x-device-id", b"device-id", b"x-client-id", b"x-installation-id")
_SESSION_COOKIE: Final = re.compile(rb"sess|sid|auth|token|jwt|login", re.IGNORECASE)
_CARD: Final = re.compile(r"\d{12,19}")
_AMOUNTS: Final = frozenset({"amount", "total", "price", "sum"})
_COUPON_WORDS: Final = frozenset({"code", "coupon", "voucher", "promo"})
_NO_OBJECTS: Final = frozenset({"page", "limit", "offset", "size", "per", "count", "skip", "top", "from", "to", "year"})


def no_marks(call: Call) -> Marks:  # noqa: ARG001 - stands in the place of Marking
    """Return none: where nobody watches."""
    return ()


class Marking:
    """Makes the marks of a call. `key` is for what must mean the same tomorrow, `fleeting` for what must not.

    `locating` says where addresses are, if the owner has a file that tells it.
    """

    __slots__ = ("_fleeting", "_key", "_locate", "_purposes")

    def __init__(self, key: bytes, fleeting: bytes, locating: Locating | None = None) -> None:
        self._locate = locating.marks if locating is not None else None
        self._key = key[:64]
        self._fleeting = fleeting[:64]
        self._purposes: dict[str, int] = {}

    def marks(self, call: Call) -> Marks:
        """Return the marks of a call that has been judged."""
        block = call.block
        if block is None:
            found = self._of_head(call)
        else:
            ready = block.ready.get(marks.SESSION)
            if isinstance(ready, tuple) and ready[0] is call.principal:
                found = ready[1]
            else:
                found = self._of_head(call)
                block.keep(marks.SESSION, (call.principal, found))
        if self._locate is not None:
            found += self._locate(call.client)
        if call.query_pairs and call.method == "GET":
            found += _of_query(call.query_pairs)
        records = call.notes.get(RECORDS)
        if records:
            found += ((marks.RECORDS, str(records)),)
        return found + tuple(self._of_body(call)) if call.body else found

    def _of_head(self, call: Call) -> Marks:
        found = []
        shown = _shown(call)
        if shown:
            found.append((marks.SESSION, _hashed(shown, self._key)))
        device = next((call.header[name] for name in _DEVICE_HEADERS if name in call.header), b"")
        if device:
            found.append((marks.DEVICE, _hashed(device, self._key)))
        agent = agent_of(call.header.get(b"user-agent", b""))
        if agent:
            found.append((marks.AGENT, agent))
        found += _of_principal(call.principal)
        return tuple(found)

    def _of_body(self, call: Call) -> Iterator[tuple[str, str]]:
        known = call.operation_key or f"{call.method} {call.path}"
        purpose = self._purposes.get(known)
        if purpose is None:
            if len(self._purposes) > 4_096:  # paths that nobody described have no bound
                self._purposes.clear()
            method, _, path = known.partition(" ")
            purpose = self._purposes[known] = purposes.purposes(method, path) & _LOOKED_INTO
        if not purpose:
            return
        if purpose & _NAMED:
            yield from self._of_account(call, purpose)
        if purpose & purposes.PAYMENT or purpose & purposes.ORDER:
            yield from self._of_payment(call.value)
        if purpose & purposes.COUPON:
            yield from self._of_coupon(call.value)

    def _of_account(self, call: Call, purpose: int) -> Iterator[tuple[str, str]]:
        sent = sent_in(call)
        if sent.accounts:
            account = _hashed(sent.accounts[0].encode(), self._key)
            yield marks.ACCOUNT, account
            if purpose & (purposes.CODE | purposes.RESET):
                yield marks.RECIPIENT, account
        if purpose & purposes.LOG_IN and sent.passwords:
            yield marks.SECRET, _hashed(sent.passwords[0][1].encode("utf-8", "replace"), self._fleeting)

    def _of_payment(self, value: Json | NotJson) -> Iterator[tuple[str, str]]:
        for name, leaf in _leaves(value):
            text = str(leaf).replace(" ", "").replace("-", "") if isinstance(leaf, str | int) else ""
            words = set(naming.words(name))
            if _CARD.fullmatch(text) and words & {"card", "number", "pan"}:
                yield marks.CARD, _hashed(text.encode(), self._key)
            elif words & _AMOUNTS and isinstance(leaf, int | float) and not isinstance(leaf, bool):
                yield marks.AMOUNT, str(leaf)[:LONGEST]

    def _of_coupon(self, value: Json | NotJson) -> Iterator[tuple[str, str]]:
        for name, leaf in _leaves(value):
            if isinstance(leaf, str) and _COUPON_WORDS & set(naming.words(name)):
                yield marks.OBJECT, _hashed(leaf.lower().encode("utf-8", "replace"), self._key)
                return


def agent_of(header: bytes) -> str:
    """Return the program that a User-Agent names, without its version: `firefox`, `curl`, `python-requests`."""
    lower = header[:400].lower()
    if lower.startswith(b"mozilla/"):
        return next((name for sign, name in _BROWSERS if sign in lower), "browser")
    found = _AGENT.match(lower)
    return found.group().partition(b"/")[0].decode("ascii") if found else ""


def _shown(call: Call) -> bytes:
    """Return the credential that a call shows; a cookie only where its name says that it is one."""
    header = call.header
    shown = header.get(b"authorization") or header.get(b"x-api-key")
    if shown is not None:
        return shown
    cookies = header.get(b"cookie")
    if cookies is None:
        return b""
    return next((part.strip() for part in cookies.split(b";") if _SESSION_COOKIE.search(part.partition(b"=")[0])), b"")


def _of_principal(principal: Principal) -> Iterator[tuple[str, str]]:
    tenant = tenant_of(principal)
    if tenant:
        yield marks.TENANT, tenant
    if principal.roles:
        yield marks.ROLE, ",".join(sorted(principal.roles))[:LONGEST]


def _of_query(pairs: Pairs) -> Marks:
    for name, value in pairs:
        if value.isdecimal() and len(value) <= 18 and _NO_OBJECTS.isdisjoint(naming.words(name)):
            return ((marks.NUMBER, value),)
    return ()


def _leaves(value: Json | NotJson) -> Iterator[tuple[str, object]]:
    if isinstance(value, NotJson):
        return
    for number, (pointer, leaf) in enumerate(leaves(value)):
        if number >= MOST_LEAVES:
            return
        yield next((step for step in reversed(pointer) if isinstance(step, str)), ""), leaf


def _hashed(text: bytes, key: bytes) -> str:
    return hashlib.blake2b(text, key=key, digest_size=9).hexdigest()
