from typing import Any

import pytest

from apiward.app.page.listening import PagePlace
from apiward.app.people.desk import PeopleDesk
from apiward.core.person import Role
from apiward.guard.origins.networks import Networks
from apiward.web import entering
from apiward.web.acting import ACTIONS
from tests.app.guarding.stored import stored_events
from tests.prove.sample import finding, report
from tests.web.entering import (
    NAME,
    OWN,
    PASSWORD,
    PLACE,
    Elsewhere,
    code,
    codes_in,
    invited,
    offered,
    with_person,
    with_step,
)
from tests.web.made import Browser, Shop, people_of
from tests.web.test_application import Seen, addresses


def said(one: Shop) -> list[tuple[str, str]]:
    """Return what the audit record says, and by whom."""
    return [(event.principal, event.said) for event in stored_events(one.source.place) if event.kind != "request"]


def test_somebody_added_chooses_a_password_and_logs_in_over_tls(empty: Shop) -> None:
    path, browser = invited(empty), Elsewhere(empty)
    assert "Hello anna." in browser.page(path)
    for password, again, words in (
        ("short", "short", "15 characters or more"),
        ("password1234567", "password1234567", "mostly common words"),
        (PASSWORD, f"{PASSWORD}x", "not the same"),
    ):
        answer = browser.fill(path, password=password, again=again)
        assert (answer.status_code, words in answer.text) == (409, True), words
    assert browser.log_in(password="").status_code == 401  # none is chosen yet
    assert "Your password is taken" in browser.fill(path, password=PASSWORD, again=PASSWORD).text
    assert browser.fill(path, password=PASSWORD, again=PASSWORD).status_code == 403
    assert browser.http.get(path).status_code == 403
    answer = browser.log_in(" Anna ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/today")
    session, known = answer.headers.get_list("set-cookie")
    assert session.startswith("__Host-apiward=")
    assert known.startswith("__Host-apiward-known=")
    for cookie in (session, known):
        assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/", "Secure"))
        assert "Domain" not in cookie
    assert browser.page("/today")
    own = browser.own()
    assert (own["name"], own["role"], len(own["sessions"]), own["people"]) == ("anna", "developer", 1, [])
    assert [words for who, words in said(empty) if who == "person:anna"] == [
        "A password for the page was chosen with a link.",
        "Logged in at the page by password, from 203.0.113.5.",
    ]


def test_strangers_from_elsewhere_see_a_log_in_and_programs_a_refusal(empty: Shop) -> None:
    browser = Elsewhere(empty)
    assert "apiward people add" in browser.page("/today", status=401)
    with_person(empty)
    page = browser.page("/incidents", status=401)
    assert ('type="password"' in page, "apiward open" in page) == (True, False)
    twin = browser.http.get("/incidents.json")
    assert (twin.status_code, "title" in twin.json()) == (401, True)
    assert browser.http.post("/incidents/x/close", headers=OWN).status_code == 401
    near = Browser(empty, is_in=False)
    assert "apiward open" in near.page("/today", status=401)


def test_a_link_of_this_computer_opens_nothing_elsewhere(empty: Shop) -> None:
    near, browser = Browser(empty), Elsewhere(empty)
    browser.http.cookies.set("__Host-apiward", near.http.cookies["apiward-8181"])
    assert browser.http.get("/today").status_code == 401
    assert browser.http.get(f"/open/{people_of(empty).secret()}").status_code == 403


def test_wrong_tries_tell_nothing_and_are_slowed_down_for_who_makes_them(empty: Shop) -> None:
    with_person(empty)
    owner = Elsewhere(empty, client="198.51.100.7")
    assert owner.log_in().status_code == 303
    attacker = Elsewhere(empty)
    answers = [attacker.log_in(name, "wrong wrong wrong") for name in ("anna", "nobody")]
    assert {one.status_code for one in answers} == {401}
    assert answers[0].text.replace('value="anna"', "") == answers[1].text.replace('value="nobody"', "")
    tries = [attacker.log_in("anna", "wrong wrong wrong").status_code for _ in range(6)]
    assert tries == [401, 401, 401, 401, 429, 429]
    slow = attacker.log_in()  # the right password does not help either
    assert (slow.status_code, slow.headers["retry-after"]) == (429, "2")
    fresh = Elsewhere(empty, client="198.51.100.9")
    assert fresh.log_in().status_code == 303
    for _ in range(2):
        assert owner.log_in().status_code == 303
    empty.now[0] += 3
    assert attacker.log_in().status_code == 303
    failed = [words for who, words in said(empty) if who == "address:203.0.113.5"]
    assert failed.count("A log-in at the page as anna failed.") == 5
    assert "A log-in at the page failed: no such name." in failed
    assert not [words for words in failed if "wrong wrong" in words or "nobody" in words]


@pytest.mark.parametrize(
    "headers", [{}, {"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_a_log_in_is_taken_from_our_own_page_only(empty: Shop, headers: dict[str, str]) -> None:
    with_person(empty)
    browser = Elsewhere(empty)
    answer = browser.http.post("/log-in", data={"name": "anna", "password": PASSWORD}, headers=headers)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_the_second_step_is_asked_for_and_each_code_works_once(empty: Shop) -> None:
    with_person(empty)
    browser = Elsewhere(empty)
    browser.log_in()
    secret, codes = with_step(empty, browser)
    assert browser.own()["has_step"]
    other = Elsewhere(empty, client="198.51.100.7")
    half = other.log_in()
    assert half.headers["location"] == "/second-step"
    assert "known" not in str(half.headers.get_list("set-cookie"))
    assert other.http.get("/today").status_code == 401
    assert "six digits" in other.page("/second-step")
    spent = code(empty, secret)
    assert other.fill("/second-step", code=spent).status_code == 401  # it has set the step up
    empty.now[0] += 30
    fresh = code(empty, secret)
    before = other.http.cookies["__Host-apiward"]
    assert other.fill("/second-step", code=f"{fresh[:3]} {fresh[3:]}").headers["location"] == "/today"
    assert other.http.cookies["__Host-apiward"] != before
    assert other.page("/today")
    third = Elsewhere(empty, client="198.51.100.8")
    third.log_in()
    assert third.fill("/second-step", code=fresh).status_code == 401
    assert third.fill("/second-step", code=codes[0].upper()).status_code == 303
    assert third.own()["codes_left"] == 9
    fourth = Elsewhere(empty, client="198.51.100.9")
    fourth.log_in()
    assert fourth.fill("/second-step", code=codes[0]).status_code == 401
    assert "second step" in str([words for who, words in said(empty) if who == "address:198.51.100.9"])


def test_new_recovery_codes_end_the_old_ones(empty: Shop) -> None:
    with_person(empty)
    browser = Elsewhere(empty)
    browser.log_in()
    assert browser.send("/you/codes", password=PASSWORD)[0] == 409  # there is no second step
    _, old = with_step(empty, browser)
    assert browser.send("/you/codes", password="a guess")[0] == 409
    status, page = browser.send("/you/codes", password=PASSWORD)
    fresh = codes_in(page)
    assert (status, len(fresh), set(fresh) & set(old)) == (200, 10, set())
    other = Elsewhere(empty, client="198.51.100.7")
    other.log_in()
    assert other.fill("/second-step", code=old[0]).status_code == 401
    assert other.fill("/second-step", code=fresh[0]).status_code == 303


def test_who_came_with_a_link_has_no_password_to_change(empty: Shop) -> None:
    browser = Browser(empty)
    assert browser.http.get("/you/second-step").headers["location"] == "/you"
    for path in ("/you/second-step", "/you/codes", "/you/password", "/you/sessions/end-others"):
        assert browser.send(path) == (303, "/you"), path


def test_who_waits_too_long_with_the_second_step_begins_again(empty: Shop) -> None:
    with_person(empty)
    browser = Elsewhere(empty)
    browser.log_in()
    secret, _ = with_step(empty, browser)
    browser.http.cookies.clear()
    browser.log_in()
    empty.now[0] += 601
    answer = browser.fill("/second-step", code=code(empty, secret))
    assert (answer.status_code, "Begin again" in answer.text) == (401, True)
    assert browser.http.get("/second-step").headers["location"] == "/log-in"


def test_owners_from_elsewhere_set_up_the_second_step_first(empty: Shop) -> None:
    with_person(empty, role=Role.OWNER)
    browser = Elsewhere(empty)
    browser.log_in()
    assert browser.http.get("/today").headers["location"] == "/you/second-step"
    assert browser.http.get("/today.json").status_code == 403
    assert browser.send("/incidents/x/close", reason="x")[0] == 403
    assert "Owners who come from elsewhere need it" in browser.page("/you/second-step")
    with_step(empty, browser)
    assert browser.page("/today")
    assert [one["name"] for one in browser.own()["people"]] == ["anna"]


def test_a_wrong_password_or_code_sets_nothing_up(empty: Shop) -> None:
    with_person(empty)
    browser = Elsewhere(empty)
    browser.log_in()
    right = code(empty, offered(browser))
    for password, typed, words in ((PASSWORD, "000000", "does not fit"), ("no such password", right, "is wrong")):
        status, page = browser.send("/you/second-step", password=password, code=typed)
        assert (status, words in page) == (409, True)
    assert not browser.own()["has_step"]


def test_a_viewer_looks_and_does_nothing(empty: Shop) -> None:
    empty.scan(report([finding()]))
    incident = empty.incident()
    with_person(empty, role=Role.VIEWER)
    browser = Elsewhere(empty)
    browser.log_in()
    at = f"/incidents/{incident}"
    assert 'action="/incidents' not in browser.page(at)
    assert browser.send(f"{at}/contain", **{"for": "1h"})[0] == 403
    found = empty.source.record.incident(incident)
    assert found is not None
    assert not [one for one in found.timeline if one.by == "person:anna"]  # nobody need be told less
    PeopleDesk(people_of(empty)).set_role("anna", Role.DEVELOPER)
    assert 'action="/incidents' in browser.page(at)
    assert browser.send(f"{at}/close", reason="over") == (303, f"{at}?done=closed")
    assert [words for who, words in said(empty) if who == "person:anna" and incident in words]


def test_no_page_offers_a_viewer_a_form_and_none_is_taken(full: tuple[Browser, str]) -> None:
    near, incident = full
    with_person(near.shop, "vera", Role.VIEWER)
    browser = Elsewhere(near.shop)
    browser.log_in("vera")
    for path in addresses(near, incident):
        forms = Seen(browser.page(path)).all("form")
        assert [one["action"] for one in forms if one.get("method") == "post"] == ["/out"], path
        assert {one.get("method") for one in forms} <= {"get", "post"}, path
    for action in ACTIONS:
        assert browser.send(action.path.replace("{id}", incident))[0] == 403, action.path


def test_a_session_ends_by_itself_and_when_its_owner_says_so(empty: Shop) -> None:
    with_person(empty)
    first, second = Elsewhere(empty), Elsewhere(empty, client="198.51.100.7")
    first.log_in()
    second.log_in()
    mine = first.own()["sessions"]
    assert [one["is_own"] for one in mine] == [False, True]
    assert first.send(f"/you/sessions/{mine[0]['id']}/end") == (303, "/you?done=session-ended")
    assert second.http.get("/today").status_code == 401
    assert first.send(f"/you/sessions/{mine[0]['id']}/end")[0] == 409
    second.log_in()
    assert first.send("/you/sessions/end-others") == (303, "/you?done=sessions-ended")
    assert second.http.get("/today").status_code == 401
    empty.now[0] += 3_500
    assert first.page("/today")
    empty.now[0] += 3_500
    assert first.page("/today")
    empty.now[0] += 3_601
    assert first.http.get("/today").status_code == 401
    first.log_in()
    for _ in range(13):
        empty.now[0] += 3_500
        first.http.get("/today")
    assert first.http.get("/today").status_code == 401  # twelve hours are the most


def test_a_new_password_ends_all_other_sessions(empty: Shop) -> None:
    with_person(empty)
    first, second = Elsewhere(empty), Elsewhere(empty, client="198.51.100.7")
    first.log_in()
    second.log_in()
    fresh = "sieben Regen marble otter"
    given = {"password": fresh, "again": fresh}
    assert first.send("/you/password", now="a guess of mine 1", **given)[0] == 409
    assert first.send("/you/password", now=PASSWORD, **given) == (303, "/you?done=password")
    assert first.page("/today")
    assert second.http.get("/today").status_code == 401
    assert second.log_in().status_code == 401
    assert second.log_in(password=fresh).status_code == 303


def test_who_leaves_or_is_removed_is_out_at_once(empty: Shop) -> None:
    with_person(empty)
    browser = Elsewhere(empty)
    browser.log_in()
    session = browser.http.cookies["__Host-apiward"]
    assert browser.send("/out")[0] == 200
    browser.http.cookies.set("__Host-apiward", session, domain=NAME)
    assert browser.http.get("/today").status_code == 401
    browser.http.cookies.clear()
    browser.log_in()
    PeopleDesk(people_of(empty)).remove("anna")
    assert browser.http.get("/today").status_code == 401
    assert "Left the page." in [words for who, words in said(empty) if who == "person:anna"]


def test_what_guesses_at_the_password_of_an_open_session_is_slowed_down(empty: Shop) -> None:
    with_person(empty)
    browser = Elsewhere(empty)
    browser.log_in()
    given = {"password": "sieben Regen marble otter", "again": "sieben Regen marble otter"}
    for _ in range(5):
        assert "The password is wrong." in browser.send("/you/password", now="a guess", **given)[1]
    assert "too many wrong passwords" in browser.send("/you/password", now=PASSWORD, **given)[1]


def test_who_came_with_a_link_sees_who_may_log_in_and_ends_links(empty: Shop) -> None:
    with_person(empty)
    browser, other = Browser(empty), Browser(empty)
    own = browser.json("/you.json")
    assert (own["name"], own["links"], [one["name"] for one in own["people"]]) == ("", 2, ["anna"])
    assert browser.send("/you/links/end")[0] == 303
    assert other.http.get("/today").status_code == 401
    person = Elsewhere(empty)
    person.log_in()
    for path in ("/you/links/end", "/you/people/anna/end"):
        status, page = person.send(path)
        assert (status, "Only an owner" in page, "viewer" in page) == (403, True, False)
    browser = Browser(empty)
    assert [one["sessions"] for one in browser.json("/you.json")["people"]] == [1]
    assert browser.send("/you/people/anna/end") == (303, "/you?done=person-ended")
    assert person.http.get("/today").status_code == 401
    assert browser.send("/you/people/nobody/end")[0] == 409


def test_too_many_at_once_are_told_to_come_again(empty: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with_person(empty)
    path, browser = invited(empty, "ben"), Elsewhere(empty)
    browser.log_in()
    with_step(empty, browser)
    browser.log_in()
    monkeypatch.setattr(entering, "MOST_WAITING", 0)
    for answer in (
        browser.log_in(),
        browser.fill("/second-step", code="000000"),
        browser.fill(path, password=PASSWORD, again=PASSWORD),
    ):
        assert (answer.status_code, "Try again in a moment" in answer.text) == (503, True)


def test_a_browser_that_is_known_does_not_wait_for_strangers(empty: Shop) -> None:
    with_person(empty)
    browser = Elsewhere(empty)
    browser.log_in()
    app: Any = browser.http.app
    ways = {route.path: route.endpoint for route in app._app._app.routes}
    ways["/log-in"].__self__._turns._waiting = entering.MOST_WAITING
    assert browser.log_in().status_code == 303
    with_step(empty, browser)
    browser.log_in()
    assert browser.fill("/second-step", code="000000").status_code == 401
    ways["/log-in"].__self__._step_turns._waiting = entering.MOST_WAITING
    assert browser.fill("/second-step", code="000000").status_code == 503
    browser.http.cookies.clear()
    assert browser.log_in().status_code == 503
    assert browser.fill("/second-step", code="000000").status_code == 401  # who waits for no code takes no turn


def test_a_store_that_is_away_lets_nobody_in_and_says_so(empty: Shop) -> None:
    with_person(empty)
    path, browser = invited(empty, "ben"), Elsewhere(empty)
    browser.log_in()
    token = browser.token()
    empty.source.engine.dispose()
    data = empty.source.place.data
    for file in data.glob("events.sqlite*"):
        file.unlink()
    data.joinpath("events.sqlite").write_bytes(b"This is no database at all." * 200)
    answers = [browser.http.get(asked) for asked in ("/today", "/you", "/second-step", path)]
    answers += [browser.log_in(), browser.fill("/second-step", code="000000")]
    answers += [browser.fill(path, password=PASSWORD, again=PASSWORD)]
    answers += [browser.http.post("/you/password", data={"token": token}, headers=OWN)]
    assert {one.status_code for one in answers} == {503}
    assert browser.http.get("/none").status_code == 404


def test_behind_a_proxy_that_hides_its_visitors_nobody_logs_in(empty: Shop) -> None:
    with_person(empty)
    place = PagePlace("127.0.0.1", 8181, (NAME,), proxies=Networks(("127.0.0.1",), field="proxies"))
    near = Browser(empty, is_in=False, place=place)
    assert near.http.get("/log-in").status_code == 401
    given = {"name": "anna", "password": PASSWORD}
    own = {"origin": near.origin, "sec-fetch-site": "same-origin"}
    assert near.http.post("/log-in", data=given, headers=own).status_code == 403
    behind = Browser(empty, is_in=False, place=place, origin=f"http://{NAME}")
    said = {"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.5", "origin": f"https://{NAME}"}
    answer = behind.http.post("/log-in", data=given, headers=said)
    assert (answer.status_code, "__Host-apiward=" in str(answer.headers)) == (303, True)


def test_over_tls_browsers_are_told_to_stay_there(empty: Shop) -> None:
    assert "strict-transport-security" in Elsewhere(empty).http.get("/today").headers
    assert "strict-transport-security" not in Browser(empty).http.get("/today").headers
    assert PLACE.is_open
