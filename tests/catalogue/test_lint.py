"""The catalogue that ships is clean, and each rule of the linter fires on a bad twin of it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from apiward.catalogue.entries import Catalogue, CheckEntry, LimitEntry, Risk, Story
from apiward.catalogue.lint import LIMIT_PLACES, lint
from apiward.catalogue.loading import load_catalogue

Change = Callable[[CheckEntry], CheckEntry]


def with_check(change: Change) -> Catalogue:
    catalogue = load_catalogue()
    return replace(catalogue, checks={**catalogue.checks, "OBJ01": change(catalogue.checks["OBJ01"])})


def with_risk(risk: Risk) -> Catalogue:
    catalogue = load_catalogue()
    return replace(catalogue, risks={**catalogue.risks, risk.id: risk})


def with_limit(limit: LimitEntry) -> Catalogue:
    catalogue = load_catalogue()
    return replace(catalogue, limits={**catalogue.limits, limit.id: limit})


def test_the_catalogue_is_clean() -> None:
    assert lint(load_catalogue()) == ()


BAD_CHECKS: tuple[tuple[str, Change], ...] = (
    ("title has 80 characters, more than 70", lambda e: replace(e, title="T" * 80)),
    ("meaning does not end with a full stop", lambda e: replace(e, meaning="No stop")),
    ("meaning has 301 characters, more than 300", lambda e: replace(e, meaning="M" * 300 + ".")),
    ("fix has 701 characters, more than 700", lambda e: replace(e, fix="F" * 700 + ".")),
    ("ask has 720 characters, more than 700", lambda e: replace(e, ask="{operation} {saw} " + "A" * 701 + ".")),
    ("proves has 301 characters", lambda e: replace(e, proves="P" * 300 + ".")),
    ("cannot does not end with a full stop", lambda e: replace(e, cannot="No stop")),
    ("patch 'wall' is none of", lambda e: replace(e, patch="wall")),
    ("held_by and patch disagree", lambda e: replace(e, patch="none")),
    ("held_by does not end with a full stop", lambda e: replace(e, held_by="No stop")),
    ("meaning uses the trade word 'BOLA'", lambda e: replace(e, meaning="This is BOLA.")),
    ("fix has the unknown place {saw}", lambda e: replace(e, fix="See {saw}")),
    ("ask does not say {saw}", lambda e: replace(e, ask="Look at {operation}. Mend it.")),
    ("ask does not say {operation}", lambda e: replace(e, ask="Look. {saw} Mend it.")),
    ("ask has 1 sentences, not 2 to 5", lambda e: replace(e, ask="Mend {operation}.")),
    ("ask has 7 sentences, not 2 to 5", lambda e: replace(e, ask="{saw} A. B. C. D. E. {operation}.")),
    ("the code is not three capital letters and two digits", lambda e: replace(e, code="OBJ1")),
    ("name 'Object Read' is not kebab-case", lambda e: replace(e, name="Object Read")),
    ("names no risk", lambda e: replace(e, risks=())),
    ("names the unknown risk 'luck'", lambda e: replace(e, risks=("luck",))),
    ("names the unknown OWASP entry 'API11:2019'", lambda e: replace(e, owasp_2019=("API11:2019",))),
    ("names the unknown OWASP entry 'API0:2023'", lambda e: replace(e, owasp_2023=("API0:2023",))),
    ("API1:2019 became API1:2023, which is not named", lambda e: replace(e, owasp_2023=())),
    ("effort_h must rise", lambda e: replace(e, effort_h=(3.0, 1.0))),
    ("effort_h must rise", lambda e: replace(e, effort_h=(0.0, 1.0))),
    ("effort_h must rise", lambda e: replace(e, effort_h=(1.0, 500.0))),
    ("has no references", lambda e: replace(e, references=())),
    ("reference 'https://a.example' is an address", lambda e: replace(e, references=("https://a.example",))),
    ("cites 'OWASP API2:2023' but does not map to it", lambda e: replace(e, references=("OWASP API2:2023",))),
    ("names no CWE", lambda e: replace(e, cwe=())),
)


@pytest.mark.parametrize(("problem", "change"), BAD_CHECKS)
def test_a_bad_check_is_named(problem: str, change: Change) -> None:
    bad = with_check(change)
    assert any(said.startswith(f"{bad.checks['OBJ01'].code}: {problem}") for said in lint(bad)), lint(bad)


BAD_STORIES: tuple[tuple[str, Callable[[Story], Story]], ...] = (
    ("meets 'luck' is none of", lambda s: replace(s, meets="luck")),
    ("mend 'last' is none of its steps", lambda s: replace(s, mend="last")),
    ("mend 'then' is none of its steps", lambda s: replace(s, mend="then", then=())),
    ("begins with no check", lambda s: replace(s, first=())),
    ("names the unknown check 'XXX01'", lambda s: replace(s, then=("XXX01",))),
    ("story uses the trade word 'attacker'", lambda s: replace(s, story="An attacker comes.")),
    ("story has the unknown place {saw}", lambda s: replace(s, story="It is {saw}.")),
    ("id 'A b' is not kebab-case", lambda s: replace(s, id="A b")),
)


@pytest.mark.parametrize(("problem", "change"), BAD_STORIES)
def test_a_bad_story_is_named(problem: str, change: Callable[[Story], Story]) -> None:
    catalogue = load_catalogue()
    bad = change(catalogue.stories["name-then-reset"])
    said = lint(replace(catalogue, stories={bad.id: bad}))
    assert any(one.startswith(f"{bad.id}: {problem}") for one in said), said


@pytest.mark.parametrize("field", ["name", "title", "meaning"])
def test_two_checks_with_the_same_words_are_named(field: str) -> None:
    other = getattr(load_catalogue().checks["OBJ02"], field)
    assert lint(with_check(lambda e: replace(e, **{field: other}))) == (f"2 entries have the same {field}: {other!r}",)


def test_a_bad_risk_is_named() -> None:
    risk = load_catalogue().risks["injection"]
    assert lint(with_risk(replace(risk, impact="An attacker can win."))) == (
        "injection: impact uses the trade word 'attacker'",
    )
    assert "names the unknown OWASP entry" in lint(with_risk(replace(risk, owasp_2019=("A1",))))[0]
    assert lint(with_risk(replace(risk, id="Injection", what="Another thing."))) == (
        "Injection: id 'Injection' is not kebab-case",
    )


def test_two_risks_or_limits_with_the_same_words_are_named() -> None:
    catalogue = load_catalogue()
    risk = replace(catalogue.risks["injection"], what=catalogue.risks["mass-assignment"].what)
    limit = replace(catalogue.limits["no-account"], what=catalogue.limits["one-account"].what)
    assert lint(with_risk(risk)) == (f"2 entries have the same what: {risk.what!r}",)
    assert lint(with_limit(limit)) == (f"2 entries have the same what: {limit.what!r}",)


def test_a_limit_may_hold_its_own_places_only() -> None:
    limit = load_catalogue().limits["sign-up-failed"]
    assert lint(with_limit(replace(limit, cost="It said {status}."))) == ()
    assert lint(with_limit(replace(limit, cost="It said {target}."))) == (
        "sign-up-failed: cost has the unknown place {target}",
    )


@pytest.mark.parametrize("limit", load_catalogue().limits.values(), ids=lambda limit: limit.id)
def test_every_limit_can_be_filled_with_its_places(limit: LimitEntry) -> None:
    places = dict.fromkeys(LIMIT_PLACES.get(limit.id, ()), "@@")
    texts = [text.format(**places) for text in (limit.what, limit.cost, limit.remedy)]
    assert ("@@" in " ".join(texts)) is bool(places)


def test_only_limits_that_exist_have_places() -> None:
    assert set(LIMIT_PLACES) <= set(load_catalogue().limits)


@pytest.mark.parametrize("entry", load_catalogue().checks.values(), ids=lambda entry: entry.code)
def test_every_ask_can_be_filled(entry: CheckEntry) -> None:
    text = entry.ask.format(operation="GET /orders/{id}", saw="It answered.")
    assert "GET /orders/{id}" in text
    assert "It answered." in text
