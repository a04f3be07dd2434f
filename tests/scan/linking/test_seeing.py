"""Links that the evidence of two findings shows: each with a twin where the two do not touch."""

from types import SimpleNamespace
from typing import cast

import pytest

from apiward.core.account import Account
from apiward.core.exchange import Exchange, Headers, Request, Response
from apiward.core.verdict import Evidence, Outcome, Verdict
from apiward.scan.identities.personas import Persona
from apiward.scan.identities.sessions import Session
from apiward.scan.linking.seeing import cookie_in_reach, identifier_seen, is_hard_to_guess, name_seen, same_log_in
from apiward.scan.scene import Scene

ORDER = "ord-7Fq2kkLm93"


def _session(name: str, token: str) -> Session:
    persona = Persona(f"{name}99", f"{name}@home.test", f"{name}-own-12", "0301234567", name.title())

    async def never(*_: object) -> None:
        return None

    session = Session(Account(name, f"{name}99"), persona, log_in=never, clock=lambda: 0.0)
    session.secrets.add(token)
    return session


def _scene(**objects: str) -> Scene:
    owned = [SimpleNamespace(owner="anna", names=objects, marks=frozenset())] if objects else []
    users = [_session("anna", "tok-anna"), _session("bert", "tok-bert")]
    return cast("Scene", SimpleNamespace(users=users, spares=[], objects=owned))


def _found(
    check: str = "PRO04",
    operation: str = "GET /people",
    *,
    answer: str = "",
    sent: str = "",
    url: str = "http://a.test/people",
    headers: Headers = (),
    answers: Headers = (),
    saw: str = "It was seen.",
    more: tuple[Exchange, ...] = (),
    place: str = "",
) -> Verdict:
    attack = Exchange(Request("GET", url, headers, sent.encode()), Response(200, answers, answer.encode()))
    return Verdict(check, operation, Outcome.BROKEN, saw, place, Evidence(attack, None, more))


RESET = _found("AUT22", "POST /forgot", sent='{"email": "bert@home.test"}')
SHOWN = '{"people": [{"email": "anna@home.test", "name": "Anna"}]}'


def test_an_address_that_is_shown_is_one_that_the_reset_takes() -> None:
    assert name_seen(_scene(), _found(answer=SHOWN), RESET)
    assert name_seen(_scene(), _found(answer=SHOWN, headers=(("Authorization", "Bearer tok-bert"),)), RESET)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (_found(answer='{"people": [{"email": "zoe@home.test"}]}'), RESET),
        (_found(answer=SHOWN, headers=(("Authorization", "Bearer tok-anna"),)), RESET),
        (_found(answer=SHOWN, url="http://a.test/people?like=anna%40home.test"), RESET),
        (_found(answer='{"name": "anna99"}'), RESET),
        (_found(answer=SHOWN), _found("AUT22", "POST /forgot", sent='{"phone": "123456"}')),
    ],
    ids=["somebody else's", "one's own", "what was asked for", "another kind of name", "none of these is taken"],
)
def test_a_name_that_does_not_lead_there_is_no_link(first: Verdict, then: Verdict) -> None:
    assert name_seen(_scene(), first, then) is None


def test_an_identifier_that_nobody_guesses_is_listed_and_then_used() -> None:
    first = _found("OBJ08", "GET /orders", answer=f'[{{"id": "{ORDER}"}}]')
    then = _found("OBJ01", "GET /orders/{id}", url=f"http://a.test/orders/{ORDER}")
    assert identifier_seen(_scene(orderid=ORDER), first, then)
    assert identifier_seen(_scene(orderid="17"), _found("OBJ08", "GET /o", answer='["17"]'), then) is None
    assert identifier_seen(_scene(orderid=ORDER), _found("OBJ08", "GET /orders", answer="[]"), then) is None
    assert identifier_seen(_scene(orderid=ORDER), first, _found("OBJ01", "GET /orders/{id}", url="/orders/1")) is None
    assert (
        identifier_seen(_scene(orderid=ORDER), _found("OBJ08", "GET /orders/{id}", answer=f'["{ORDER}"]'), then) is None
    )
    own = _found("OBJ08", "GET /orders", answer=f'["{ORDER}"]', headers=(("Authorization", "Bearer tok-anna"),))
    assert identifier_seen(_scene(orderid=ORDER), own, then) is None


def test_the_log_in_is_the_same_by_name_or_by_what_was_opened() -> None:
    guessed = _found("AUT07", "POST /login", url="http://a.test/login")
    assert same_log_in(_scene(), _found("AUT08", "POST /login"), guessed)
    opened = Exchange(Request("GET", "http://a.test/login?x=1"), Response(200))
    refused = Exchange(Request("GET", "http://a.test/login"), Response(401))
    elsewhere = Exchange(Request("GET", "http://a.test/shop/login"), Response(200))
    assert same_log_in(_scene(), _found("AUT11", "POST /register", more=(opened,)), guessed)
    assert same_log_in(_scene(), _found("AUT11", "POST /register", more=(refused, elsewhere)), guessed) is None
    assert same_log_in(_scene(), _found("AUT08", "POST /shop/login"), guessed) is None


def _cookie(line: str, *, url: str = "http://a.test/shop/login") -> Verdict:
    saw = "The cookie sid can be read by scripts (no HttpOnly)."
    return _found("CFG13", "the whole API", url=url, answers=(("Set-Cookie", line),), saw=saw)


PAGE_URL = "http://a.test/shop/find?q=x"
PAGE = _found("INJ06", "GET /shop/find", url=PAGE_URL, place="query q")


@pytest.mark.parametrize(
    ("line", "is_in_reach"),
    [
        ("sid=1; Path=/", True),
        ("sid=1; Path=/shop", True),
        ("sid=1", True),
        ("sid=1; Path=/shop/find", True),
        ("sid=1; Path=/; HttpOnly", False),
        ("sid=1; Path=/admin", False),
        ("sid=1; Path=/shop/fi", False),
        ("other=1; Path=/", False),
    ],
)
def test_a_cookie_is_in_reach_of_programs_in_a_page(line: str, *, is_in_reach: bool) -> None:
    assert bool(cookie_in_reach(_scene(), PAGE, _cookie(line))) is is_in_reach


def test_a_page_that_names_its_programs_lets_none_from_an_address_run() -> None:
    answers = (("Content-Security-Policy", "default-src 'self'"),)
    page = _found("INJ06", "GET /shop/find", url=PAGE_URL, answers=answers, place="query q")
    assert cookie_in_reach(_scene(), page, _cookie("sid=1; Path=/")) is None


def test_what_no_link_brings_into_a_page_is_no_story() -> None:
    kept = _found("INJ06", "GET /shop/find", url=PAGE_URL)
    assert cookie_in_reach(_scene(), kept, _cookie("sid=1; Path=/")) is None
    sent = _found("INJ06", "POST /shop/find", url=PAGE_URL, place="body text")
    assert cookie_in_reach(_scene(), sent, _cookie("sid=1; Path=/")) is None


def test_a_cookie_of_another_host_is_not() -> None:
    assert cookie_in_reach(_scene(), PAGE, _cookie("sid=1; Path=/", url="http://b.test/shop/login")) is None


@pytest.mark.parametrize(
    ("value", "is_hard"),
    [
        (ORDER, True),
        ("389c1ccf-afef-4ac1-8008-39a925fa97dd", True),
        ("1234567890123", False),
        ("2026-000017", False),
        ("my-first-article", False),
        ("order-000017", False),
        ("a1", False),
    ],
)
def test_hard_to_guess_is_neither_number_nor_word(value: str, *, is_hard: bool) -> None:
    assert is_hard_to_guess(value) is is_hard


def test_what_was_made_of_a_title_of_ours_is_not() -> None:
    assert is_hard_to_guess("goal-mzgs01927x")
    assert not is_hard_to_guess("goal-mzgs01927x", {"mzgs01927x"})
