"""Refresh tokens: where a log-in gives one, and how it is shown to get the next pair of tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from apiward.core.account import Credential
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NotJson, leaves
from apiward.scan.calling import values
from apiward.scan.calling.arguments import Arguments, Slot
from apiward.scan.identities import credentials
from apiward.scan.identities.log_in import LogInForm
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.proofs.trials.entering import credential_in
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts, naming
from apiward.spec.meaning.spoken import spoken_name

_RENEWS: Final = re.compile(r"(^|-)(refresh|renew)(ed|ing|al)?(-|$)")
MIN_TOKEN: Final = 16


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token, and the name of the cookie that it is (empty: it stands in a body)."""

    value: str = field(repr=False)
    cookie: str = ""


@dataclass(frozen=True, slots=True)
class Renewed:
    """What showing a refresh token gave: the answer, the credential in it, and the next refresh token."""

    exchange: Exchange
    credential: Credential | None
    refresh: Refresh | None


def renews(operation: Operation) -> bool:
    """Whether the operation gives new tokens for a refresh token."""
    if operation.method not in ("POST", "PUT", "GET") or "{" in operation.path or accounts.is_log_out(operation):
        return False
    return bool(_RENEWS.search(spoken_name(operation))) and not accounts.has_password(operation)


def refresh_in(exchange: Exchange) -> Refresh | None:
    """Return the refresh token that an answer gives, in its body or as a cookie."""
    body = exchange.response.json() if exchange.response else None
    for pointer, value in () if isinstance(body, NotJson) else leaves(body):
        parts = set(naming.words(str(pointer[-1]))) if pointer else set()
        is_token = isinstance(value, str) and len(value) >= MIN_TOKEN and not parts & {"expires", "expiry", "in"}
        if "refresh" in parts and is_token:
            return Refresh(str(value))
    cookies = credentials.cookies_in(exchange)
    return next((Refresh(value, name) for name, value in cookies if "refresh" in name.lower()), None)


async def renew(scene: Scene, operation: Operation, form: LogInForm, session: Session, refresh: Refresh) -> Renewed:
    """Show a refresh token, and return what it gave."""
    arguments = _filled(scene.arguments(operation, session), refresh)
    exchange = await scene.call(operation, arguments, headers=_shown(arguments, refresh), backs_off=False)
    session.secrets.add(refresh.value)
    if not judging.is_accepted(exchange):
        return Renewed(exchange, None, None)
    found = refresh_in(exchange)
    session.secrets |= {found.value} if found else set()
    return Renewed(exchange, credential_in(scene, form, session, exchange), found)


def made_up(scene: Scene, refresh: Refresh) -> Refresh:
    """Return a refresh token of the same form that nobody gave out."""
    return replace(refresh, value=str(values.unlike(refresh.value, scene.rng)))


def _filled(arguments: Arguments, refresh: Refresh) -> Arguments:
    for slot, _ in list(arguments.slots()):
        if naming.plain(slot.name) == "granttype":
            arguments = arguments.put(slot, "refresh_token")
    for slot in list(_slots(arguments)):
        arguments = arguments.put(slot, refresh.value)
    return arguments


def _shown(arguments: Arguments, refresh: Refresh) -> tuple[tuple[str, str], ...]:
    """Return the header that shows a refresh token which no field asks for."""
    if refresh.cookie:
        return (("Cookie", f"{refresh.cookie}={refresh.value}"),)
    return () if list(_slots(arguments)) else (("Authorization", f"Bearer {refresh.value}"),)


def _slots(arguments: Arguments) -> Iterator[Slot]:
    slots = [slot for slot, _ in arguments.slots() if slot.place in ("body", "query")]
    named = [slot for slot in slots if "refresh" in naming.words(slot.name)]
    return iter(named or [slot for slot in slots if naming.plain(slot.name) == "token"])
