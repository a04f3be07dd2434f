"""Links that one or two further requests show: with what a finding gives, our own test accounts are opened."""

import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, leaves
from apiward.core.verdict import Evidence, Verdict
from apiward.scan.identities.sessions import Session
from apiward.scan.linking.giving import LEAST, holds, shown_to_others, values_in
from apiward.scan.linking.seeing import is_hard_to_guess
from apiward.scan.meaning import judging
from apiward.scan.proofs.trials.entering import enter_by_any_name, refusal_of
from apiward.scan.proofs.trials.keys import guess_key
from apiward.scan.proofs.trials.tokens import (
    HASHES,
    Jwt,
    all_jwts,
    decoded,
    encoded,
    jwt_in,
    later,
    signed,
    unsigned,
    with_broken_signature,
)
from apiward.scan.proofs.trials.trial import JwtTrial, open_jwt_trial
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming

_OF_TOKEN: Final = frozenset({"exp", "iat", "nbf", "jti", "auth_time", "sid", "session", "nonce"})
_KEY_CHARS: Final = range(12, 513)
"""Shorter keys are words that stand in an answer by chance; AUT04 guesses those."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the scan did with what a finding gave: at which operation, in words, and what shows it."""

    operation: str
    saw: str
    evidence: Evidence


async def password_opens(scene: Scene, first: Verdict) -> Step | None:
    """Log in with a password of a test account that the answer shows to others."""
    form = scene.accounts.log_in_form
    for session in (*scene.users, *scene.spares) if form is not None else ():
        exchange = shown_to_others(first, session)
        is_there = exchange is not None and _shows_password(exchange, session.password)
        if not is_there or form is None or session in scene.closed:
            continue
        username, opened, entered = await enter_by_any_name(scene, form, session)
        refused = await refusal_of(scene, form, session, username) if opened is not None else None
        if refused is not None:
            saw = "The password of a test account that the answer shows opened that account; a wrong one did not."
            return Step(form.operation.key, saw, Evidence(entered, refused))
    return None


def _shows_password(exchange: Exchange, password: str) -> bool:
    """Whether a password stands in an answer, and not by chance: under the name of one, or no word and no number."""
    if not password or not holds(exchange, [password]):
        return False
    body = exchange.response.json() if exchange.response else NotJson.NOT_JSON
    named = () if isinstance(body, NotJson) else leaves(body)
    is_named = any(value == password and p and naming.is_password_name(str(p[-1])) for p, value in named)
    return is_named or is_hard_to_guess(password)


async def key_signs(scene: Scene, first: Verdict) -> Step | None:
    """Look whether the answer shows the key that signs our tokens, and show a token that we signed with it."""
    for area in scene.accounts.areas:
        probe, session = next(iter(area.probes), None), scene.owner
        token = jwt_in(session.credential_for(area.schemes)) if session else None
        key = _key_in(first, token) if token is not None and token.algorithm in HASHES else None
        if key is None or token is None or probe is None:
            continue
        trial = await open_jwt_trial(scene, session, probe.operation)
        if isinstance(trial, str):
            continue
        claims = later(trial.token, scene.clock())
        text = signed(trial.token.header, claims, key, token.algorithm)
        is_accepted, attack = await trial.accepts_twice(text)
        wrong = signed(trial.token.header, claims, key + b"?wrong", token.algorithm)
        is_wrong_accepted, control = await trial.accepts_twice(wrong)
        if is_accepted and is_wrong_accepted is False:
            saw = "A token signed with the key that the answer shows was accepted; another key's was refused."
            return Step(probe.operation.key, saw, Evidence(attack, control))
    return None


async def forged_opens(scene: Scene, first: Verdict) -> Step | None:
    """Write a log-in for the second test account in the way that the finding shows, and see whose data come."""
    operation = next((one for one in scene.operations if one.key == first.operation), None)
    peer = scene.peer
    if operation is None or peer is None or first.evidence is None:
        return None
    trial = await open_jwt_trial(scene, scene.owner, operation)
    theirs = jwt_in(peer.credential_for(scene.accounts.area_of(operation).schemes))
    if isinstance(trial, str) or theirs is None:
        return None
    claims = claims_of_other(trial.token, theirs)
    text = await _forged(scene, first, trial.token, claims) if claims is not None else None
    return await _opened(trial, peer, text, operation.key) if text is not None else None


def claims_of_other(own: Jwt, theirs: Jwt) -> dict[str, Json] | None:
    """Return the claims of our token with those that say who is meant taken from another; None where none does."""
    who = {
        name: value
        for name, value in theirs.claims.items()
        if name in own.claims and own.claims[name] != value and name not in _OF_TOKEN and not _is_time(own, name)
    }
    return {**own.claims, **who} if who else None


async def _forged(scene: Scene, first: Verdict, token: Jwt, claims: Mapping[str, Json]) -> str | None:
    """Return a token with these claims, made like the one that the finding shows."""
    if first.check == "AUT04":
        key = await guess_key(token, (scene.api.title,), scene.clock)
        return signed(token.header, claims, key, token.algorithm) if key is not None else None
    assert first.evidence is not None  # noqa: S101 - `forged_opens` has looked
    headers = {value for _, value in first.evidence.attack.request.headers}
    shown = next(all_jwts(headers), None)
    if shown is None:
        return None
    body = unsigned(shown.header, claims)
    broken = with_broken_signature(Jwt("", shown.header, claims, body.encode(), token.signature))
    return broken if first.check == "AUT03" else f"{body}.{encoded(shown.signature)}"


async def _opened(trial: JwtTrial, peer: Session, text: str, operation: str) -> Step | None:
    """Show the token twice: the answer must speak of the other account, as the owner's own answer does not."""
    names = {name for name in peer.own_names if name not in trial.trial.good.text and len(name) >= LEAST}
    credential = trial.forged(text)
    peer.note(credential)
    attack = None
    for _ in range(2):
        is_accepted, attack = await trial.trial.probe.ask(trial.trial.scene.caller, credential)
        if not is_accepted or not judging.is_accepted(attack) or not any(name in attack.text for name in names):
            return None
    assert attack is not None  # noqa: S101 - it was asked twice
    saw = "A forged log-in for the second test account showed what belongs to that one; a made-up log-in was refused."
    return Step(operation, saw, Evidence(attack, trial.trial.garbage, (trial.trial.good,)))


def _key_in(first: Verdict, token: Jwt) -> bytes | None:
    """Return the value in the answer that signed the token, as it stands there or decoded."""
    exchange = first.evidence.attack if first.evidence else None
    for text in dict.fromkeys(values_in(exchange)) if exchange is not None else ():
        for key in _keys(text) if len(text) in _KEY_CHARS else ():
            if key and hmac.digest(key, token.signed, HASHES[token.algorithm]) == token.signature:
                return key
    return None


def _keys(text: str) -> tuple[bytes, ...]:
    try:
        return text.encode(), decoded(text)
    except (binascii.Error, ValueError, UnicodeEncodeError):
        return (text.encode("utf-8", "replace"),)


def _is_time(token: Jwt, name: str) -> bool:
    """Whether a claim tells a time: forging one that has ended would say nothing."""
    value = token.time(name)
    return value is not None and 1e9 < value < 4e9
