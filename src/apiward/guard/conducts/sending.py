"""What a call says of accounts and passwords, whatever form its body has."""

import hashlib
import ipaddress
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from apiward.core.call import Call
from apiward.core.jsonvalue import NotJson, leaves
from apiward.core.principal import PrincipalKind
from apiward.spec.meaning import naming

MAX_ACCOUNTS: Final = 4
MAX_PASSWORDS: Final = 8
MANY: Final = "*"
"""Stands for accounts of which there are too many in one body."""
MAX_TEXT: Final = 300
_OLD: Final = frozenset({"old", "current", "previous", "existing"})


@dataclass(frozen=True, slots=True)
class Sent:
    """`accounts` are names, e-mail addresses, telephone numbers; `passwords` go with the names of their fields."""

    accounts: tuple[str, ...] = ()
    passwords: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def sent_in(call: Call) -> Sent:
    """Return what body and query say of an account; the old password of a change is left out.

    All fields are read, so that nothing hides behind many others; more accounts than MAX_ACCOUNTS
    become one stand-in for them all.
    """
    accounts: dict[str, None] = {}
    passwords: dict[tuple[str, str], None] = {}
    for name, text in _texts(call):
        if naming.is_password_name(name):
            if len(passwords) < MAX_PASSWORDS and _OLD.isdisjoint(naming.words(name)):
                passwords[name[:100], text[:MAX_TEXT]] = None
        elif len(accounts) <= MAX_ACCOUNTS and text and naming.is_account_name(name):
            accounts[unicodedata.normalize("NFKC", text[:MAX_TEXT]).strip().lower()] = None
    return Sent(tuple(accounts) if len(accounts) <= MAX_ACCOUNTS else (MANY,), tuple(passwords))


def is_unread(call: Call) -> bool:
    """Whether there is a body that could not be read, so that an account may stand in it unseen."""
    return bool(call.body) and isinstance(call.value, NotJson) and not call.form_pairs


def mark_of(text: str) -> str:
    """Return a short stand-in for an account in counters, so that no name is kept."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=9).hexdigest()


def whereabouts(call: Call) -> str:
    """Return from where a call comes: a device that showed itself, else an address (of IPv6 the first 64 bits)."""
    if call.principal.kind is PrincipalKind.DEVICE:
        return call.principal.key
    client = call.client or call.peer
    if ":" not in client:
        return client
    try:
        return str(ipaddress.IPv6Network((client.partition("%")[0], 64), strict=False).network_address)
    except ValueError:
        return client


def caller_of(call: Call) -> str:
    """Return who calls: the principal where one is known, else the address."""
    principal = call.principal
    return f"at:{whereabouts(call)}" if principal.is_anonymous else principal.key


def _texts(call: Call) -> Iterator[tuple[str, str]]:
    if not isinstance(call.value, NotJson):
        for pointer, leaf in leaves(call.value):
            name = next((step for step in reversed(pointer) if isinstance(step, str)), "")
            if isinstance(leaf, str | int) and not isinstance(leaf, bool) and name:
                yield name, str(leaf) if isinstance(leaf, str) or abs(leaf) < 10**40 else ""
    yield from call.form_pairs
    yield from call.query_pairs
