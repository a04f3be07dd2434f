"""The memory of sessions: bounded, fair, and of no use to who reads it."""

import json
from dataclasses import replace

import pytest

from apiward.access.authenticator import CredentialAuthenticator
from apiward.access.sessions.memory import LONGEST_S, MAX_PER_ACCOUNT, SessionMemory
from apiward.access.settings import AuthenticateSettings
from apiward.core.call import Answer, Call
from apiward.core.jsonvalue import NOT_JSON, Json
from apiward.core.ports import KeptSession
from apiward.core.principal import PrincipalKind
from tests.access.making import NOW_S, PEPPER, Clock, authenticator, bearer, call, who

TOKEN = "tok_9f8e7d6c5b4a39281706"


def log_in(
    body: Json = None, *, path: str = "/login", method: str = "POST", headers: tuple[tuple[str, str], ...] = ()
) -> Call:
    made = call(*headers, method=method, path=path)
    made.value = {"email": "Ann@Example.com", "password": "x"} if body is None else body
    made.body = json.dumps(made.value).encode()
    return made


def answer(*cookies: str, body: Json = None, status: int = 200, location: str = "") -> Answer:
    headers = [(b"set-cookie", cookie.encode()) for cookie in cookies]
    if location:
        headers.append((b"location", location.encode()))
    text = json.dumps(body).encode()
    return Answer(status, headers, text, NOT_JSON if body is None else body)


def account(guard: CredentialAuthenticator, made: Call) -> str:
    principal = who(guard.authenticate(made))
    return principal.id if principal.kind is PrincipalKind.USER else ""


@pytest.fixture
def guard() -> CredentialAuthenticator:
    return authenticator()


def test_what_two_accounts_get_is_no_session(guard: CredentialAuthenticator) -> None:
    for name in ("ann", "bob", "bob"):
        guard.learn(log_in({"user": name, "password": "x"}), answer(body={"token": TOKEN}))
    assert account(guard, bearer(TOKEN)) == ""


def test_sessions_end() -> None:
    clock = Clock()
    guard = authenticator(clock=clock, settings=replace(AuthenticateSettings(), session_s=60))
    guard.learn(log_in(), answer(body={"token": TOKEN}))
    clock.now_s += 59
    assert account(guard, bearer(TOKEN)) == "ann@example.com"
    clock.now_s += 59
    assert account(guard, bearer(TOKEN)) == "ann@example.com"  # it was used, so it is kept
    clock.now_s += 60
    assert account(guard, bearer(TOKEN)) == ""


def test_an_unknown_token_is_the_same_stranger_each_time(guard: CredentialAuthenticator) -> None:
    first, again = who(guard.authenticate(bearer("opaque-1"))), who(guard.authenticate(bearer("opaque-1")))
    assert first == again
    assert first.kind is PrincipalKind.TOKEN
    assert not first.is_verified
    assert "opaque-1" not in repr(first)
    assert first != who(guard.authenticate(bearer("opaque-2")))
    assert first == who(authenticator().authenticate(bearer("opaque-1"))), "all workers agree"
    other = SessionMemory(pepper=PEPPER[::-1]).unknown(b"opaque-1")
    assert other.id != first.id


def test_one_account_cannot_push_out_others() -> None:
    memory = SessionMemory(pepper=PEPPER, capacity=1_000)
    memory.remember(b"ann's", "ann", NOW_S)
    for number in range(5_000):
        memory.remember(f"flood-{number}".encode(), "mallory", NOW_S)
    assert memory.account(b"ann's", NOW_S) is not None
    assert len(memory) == MAX_PER_ACCOUNT + 1
    for number in range(3_000):
        memory.remember(f"t-{number}".encode(), f"user-{number}", NOW_S)
    assert len(memory) <= 1_000


class Kept:
    """A store that two memories share."""

    def __init__(self) -> None:
        self.all: list[KeptSession] = []
        self.heard = 0

    def news(self) -> list[KeptSession]:
        fresh, self.heard = self.all[self.heard :], len(self.all)
        return fresh

    def keep(self, session: KeptSession) -> None:
        self.all.append(session)


def test_a_session_is_known_after_a_restart_and_its_end_too() -> None:
    kept = Kept()
    before = SessionMemory(pepper=PEPPER, store=kept)
    before.remember(b"token-of-anna", "anna", NOW_S, claims={"sub": "7"})
    before.remember(b"token-of-ben", "ben", NOW_S)
    before.forget(b"token-of-ben")
    before.name_cookie(b"sid")
    kept.heard = 0
    after = SessionMemory(pepper=PEPPER, store=kept)
    known = after.account(b"token-of-anna", NOW_S)
    assert known is not None
    assert (known.id, known.claims) == ("anna", {"sub": "7"})
    assert after.account(b"token-of-ben", NOW_S) is None
    assert after.cookie_names == {b"sid"}


def test_a_token_that_says_its_end_is_forgotten_then_however_it_is_used() -> None:
    memory = SessionMemory(pepper=PEPPER, life_s=100)
    memory.remember(b"token", "anna", NOW_S, claims={"exp": "1"}, ends_s=NOW_S + 60)
    assert memory.account(b"token", NOW_S + 59) is not None
    assert memory.account(b"token", NOW_S + 60) is None
    memory.remember(b"long", "anna", NOW_S, ends_s=NOW_S + 1e9)
    assert memory.account(b"long", NOW_S + LONGEST_S) is None


def test_the_other_sessions_of_an_account_end() -> None:
    guard = authenticator()
    for name, token in (
        ("ann", "tok_of_ann_number_one"),
        ("ann", "tok_of_ann_number_two"),
        ("bob", "tok_of_bob_number_one"),
    ):
        guard.learn(log_in({"user": name, "password": "x"}), answer(body={"token": token}))
    change = bearer("tok_of_ann_number_two")
    change.principal = who(guard.authenticate(change))
    guard.end_others(change)
    assert account(guard, bearer("tok_of_ann_number_one")) == ""
    assert account(guard, bearer("tok_of_ann_number_two")) == "ann"
    assert account(guard, bearer("tok_of_bob_number_one")) == "bob"
    guard.end_others(bearer("tok_of_nobody_at_all"))
