import os
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from apiward.app.guarding.blocks_in_use import FOLDER
from apiward.app.guarding.place import Place
from apiward.app.page.links import form_token, links_of
from apiward.app.page.risks import RiskKind
from apiward.core.incident import IncidentState
from apiward.stores.blocks.memory import Block
from apiward.stores.blocks.shared import SharedBlocks
from apiward.web.headers import HEADERS
from apiward.web.pages import PAGES
from tests.app.guarding.stored import stored_events
from tests.prove.sample import finding, report
from tests.web.made import NOW_S, ORIGIN, Browser, Shop, linked_report, week

OWN = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
SECRETS = (
    "anna@example.com",
    "hunter2hunter2",
    "4111111111111111",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJlLW9mLWFubmE",
    "T00000000/B00000000/secretsecret",
)
TOKEN = SECRETS[3]


class Seen(HTMLParser):
    """What a page names: addresses that it loads or leads to, forms, labels, ids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, *names: str) -> list[dict[str, str]]:
        """Return the attributes of all tags of these names."""
        return [found for tag, found in self.tags if tag in names]


def addresses(browser: Browser, incident: str) -> list[str]:
    """Return the address of every page, with something to show on each."""
    risks, traffic = browser.json("/risks.json"), browser.json("/traffic.json?kind=refused")
    cause = risks["causes"][0]
    ids = {
        "risk": cause["findings"][0]["id"],
        "work": cause["findings"][0]["id"],
        "incident": incident,
        "refusal": traffic["refusals"][0]["id"],
    }
    return [page.path.replace("{id}", str(ids.get(page.name, ""))) for page in PAGES]


def test_every_page_is_whole_without_scripts_and_loads_nothing_from_elsewhere(full: tuple[Browser, str]) -> None:
    browser, incident = full
    for path in addresses(browser, incident):
        page = browser.page(path)
        seen = Seen(page)
        assert not seen.all("script", "iframe", "object", "embed"), path
        assert not [one for _, one in seen.tags for name in one if name.startswith("on") or name == "style"], path
        linked = [one.get("href", one.get("src", one.get("action", ""))) for _, one in seen.tags]
        assert all(not link or link.startswith(("/", "#")) for link in linked), path
        ids = [one["id"] for _, one in seen.tags if "id" in one]
        assert len(ids) == len(set(ids)), path
        named = {one.get("for") for one in seen.all("label")}
        for field in seen.all("input", "select"):
            assert field.get("type") in {"hidden", "checkbox"} or field["id"] in named, (path, field)
        asking = [form for form in seen.all("form") if form["method"] == "get"]
        assert [form["action"] for form in asking] in ([], ["/inventory"], ["/search"]), path  # these change nothing
        sent = [form for form in seen.all("form") if form["method"] == "post"]
        assert len(asking) + len(sent) == len(seen.all("form"))
        assert page.count('name="token"') == len(sent), path
        levels = [int(tag[1]) for tag, _ in seen.tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels)), path


def test_every_page_has_a_twin_for_programs(full: tuple[Browser, str]) -> None:
    browser, incident = full
    for path in addresses(browser, incident):
        twin = browser.http.get(f"{path}.json")
        assert twin.headers["content-type"] == "application/json"
        asked = browser.http.get(path, headers={"accept": "application/json"}).json()
        assert asked == twin.json()
        assert asked["schema"].startswith("apiward.page.")


def test_a_number_on_today_is_that_of_the_list_that_it_leads_to(full: tuple[Browser, str]) -> None:
    browser, _ = full
    numbers = browser.json("/today.json")["numbers"]
    assert isinstance(numbers, list)
    found = {one["link"]: one["number"] for one in numbers if isinstance(one, dict)}
    for kind in (RiskKind.SERIOUS, RiskKind.SMALLER):
        risks = browser.json(f"/risks.json?kind={kind}")
        listed = sum(len(cause["findings"]) for cause in risks["causes"])
        assert found[f"/risks?kind={kind}"] == listed > 0
    assert found["/incidents"] == len(browser.json("/incidents.json")["lines"]) == 2
    refused = browser.json("/traffic.json?kind=refused")
    assert found["/traffic?kind=refused"] == len(refused["refusals"]) == 5


def test_nothing_known_looks_different_from_zero(empty: Shop) -> None:
    browser = Browser(empty)
    today = browser.json("/today.json")
    numbers = [one["number"] for one in today["numbers"]]
    assert numbers == [None, None, 0, 0]
    assert today["grade"]["letter"] == ""
    assert "We do not know yet how things stand." in browser.page("/today")
    assert "no data" in browser.page("/today")
    assert "No scan was kept here, so nothing is known." in browser.page("/risks")
    empty.scan(report())
    assert [one["number"] for one in browser.json("/today.json")["numbers"]] == [0, 0, 0, 0]
    assert "No risk is open that we know of." in browser.page("/risks")


def test_no_page_shows_a_secret_or_personal_data(empty: Shop) -> None:
    base = empty.source.place.base
    base.joinpath("apiward.toml").write_text(
        f'[guard.events]\ndatabase = "postgresql+psycopg://anna:{SECRETS[1]}@db.example/apiward"\n'
        f'[[guard.forward]]\nto = "https://collect.example/{SECRETS[4]}?token={TOKEN}"\n'
        f'[[notify.channels]]\nname = "chat"\nkind = "slack"\naddress = "https://hooks.slack.com/services/{SECRETS[4]}"\n'
        f'[business]\ncontact = "anna@example.com"\n'
    )
    saw = f"anna@example.com was shown with card {SECRETS[2]} and {TOKEN}."
    empty.scan(report([finding(saw=saw, place=f"body.{SECRETS[0]}")]))
    events = [one._replace(principal="user:anna@example.com") for one in week()]
    undescribed = [one._replace(operation="", path=f"/reset/{TOKEN}", id=f"x{one.id}") for one in events]
    empty.store([*events, *undescribed])
    incident = empty.incident(who="user:anna@example.com", touched=("user:anna@example.com",))
    with_blocks(empty.source.place, Block("user:anna@example.com", "card 4111111111111111", NOW_S + 60, NOW_S))
    browser = Browser(empty)
    pages = addresses(browser, incident)
    id_ = browser.json("/risks.json")["causes"][0]["findings"][0]["id"]
    assert browser.send(f"/risks/{id_}/accept", reason=f"asked {SECRETS[0]}", days="30")[0] == 303
    assert browser.send(f"/incidents/{incident}/note", text=f"card {SECRETS[2]}")[0] == 303
    pages += ["/risks?kind=accepted", "/traffic?kind=would-be", "/search?q=shown"]
    pages += [f"/reports/{name}" for name in ("summary.html", "full.html", "full.json", "proof.json")]
    pages += [f"/{name}.csv" for name in ("risks", "incidents", "traffic", "inventory", "reports")]
    for path in pages:
        for text in (browser.page(path), browser.http.get(path, headers={"accept": "application/json"}).text):
            assert [one for one in SECRETS if one in text] == [], path


def with_blocks(place: Place, *blocks: Block) -> None:
    """Shut callers out, as a guard keeps it."""
    kept = SharedBlocks(place.data / "blocks")
    for one in blocks:
        kept.add(one)
    kept.close()


def test_every_action_is_done_and_stands_in_the_audit_record(empty: Shop) -> None:
    empty.scan(report([finding()]))
    empty.store(week())
    incident = empty.incident()
    with_blocks(empty.source.place, Block("user:9", "guessed", NOW_S + 600, NOW_S))
    browser = Browser(empty)
    id_ = browser.json("/risks.json")["causes"][0]["findings"][0]["id"]
    assert browser.send(f"/risks/{id_}/accept", reason="It is a copy", days="90") == (
        303,
        f"/risks/{id_}?done=accepted",
    )
    assert "It is accepted." in browser.page(f"/risks/{id_}?done=accepted")
    assert browser.json("/risks.json?kind=accepted")["causes"] != []
    assert browser.send(f"/risks/{id_}/count-again") == (303, f"/risks/{id_}?done=counted")
    at = f"/incidents/{incident}"
    assert browser.send(f"{at}/contain", **{"for": "1h"}) == (303, f"{at}?done=not-contained")  # no guard runs
    assert "Held off now" in browser.page(at)
    assert browser.send(f"{at}/undo") == (303, f"{at}?done=not-undone")
    assert browser.send(f"{at}/note", text="It was our test.") == (303, f"{at}?done=noted")
    assert browser.send(f"{at}/close", reason="own test") == (303, f"{at}?done=closed")
    found = empty.source.record.incident(incident)
    assert found is not None
    assert found.state is IncidentState.CLOSED
    refused = browser.json("/traffic.json?kind=refused")["refusals"][0]["id"]
    path = f"/traffic/refusals/{refused}"
    assert browser.send(f"{path}/allow", reason="It is right", days="7", anyway="yes") == (303, f"{path}?done=allowed")
    (line,) = browser.json("/traffic.json")["allowed"]
    assert "Let through as" in browser.page(path)
    assert browser.send(f"/traffic/allowed/{line['id']}/remove") == (303, "/traffic?done=disallowed")
    block = browser.json("/traffic.json")["blocks"][0]["id"]
    assert browser.send(f"/traffic/blocks/{block}/undo") == (303, "/traffic?done=not-let-in")
    assert "the guard does not say so yet" in browser.page("/traffic?done=not-let-in")
    said = [one for one in stored_events(empty.source.place) if one.kind != "request"]
    for words in (
        "was accepted until",
        "is accepted no longer",
        "address:192.0.2.7 was shut out",
        "address:192.0.2.7 may come in again",
        "Note: It was our test.",
        "Closed. own test",
        "was lifted on POST /notes",
        "refuses again on POST /notes",
        "user:9 may come in again",
    ):
        assert [one for one in said if words in one.said and one.principal == "owner:ada"], words


def test_what_the_guard_says_of_it_is_said_where_one_runs(empty: Shop) -> None:
    incident = empty.incident()
    with_blocks(empty.source.place, Block("user:9", "guessed", NOW_S + 600, NOW_S))
    said = empty.source.place.data / FOLDER
    said.mkdir()
    (said / str(os.getpid())).write_text("[1000, [], []]")  # as a worker says that it has taken all changes
    browser, at = Browser(empty), f"/incidents/{incident}"
    assert browser.send(f"{at}/contain", **{"for": "1h"}) == (303, f"{at}?done=contained")
    assert browser.send(f"{at}/undo") == (303, f"{at}?done=undone")
    block = browser.json("/traffic.json")["blocks"][0]["id"]
    assert browser.send(f"/traffic/blocks/{block}/undo") == (303, "/traffic?done=let-in")


def test_what_cannot_be_done_is_said_and_changes_nothing(empty: Shop) -> None:
    empty.scan(report([finding()]))
    incident = empty.incident()
    browser = Browser(empty)
    id_ = browser.json("/risks.json")["causes"][0]["findings"][0]["id"]
    for path, fields, words in (
        (f"/risks/{id_}/accept", {"reason": " ", "days": "30"}, "There is no reason."),
        (f"/risks/{id_}/accept", {"reason": "x", "days": "9999"}, "1 to 365 days"),
        (f"/risks/{id_}/count-again", {}, "not accepted"),
        ("/risks/none/accept", {"reason": "x", "days": "3"}, "no such finding"),
        (f"/incidents/{incident}/contain", {"for": "a while"}, "no such time"),
        (f"/incidents/{incident}/undo", {}, "Nobody is held off"),
        (f"/incidents/{incident}/note", {"text": ""}, "needs words"),
        ("/traffic/refusals/none/allow", {"days": "7"}, "no incident"),
        ("/traffic/refusals/none/allow", {"days": "0"}, "1 to 365 days"),
        ("/traffic/allowed/none/remove", {}, "no exclusion"),
        ("/traffic/blocks/none/undo", {}, "by that name"),
    ):
        status, page = browser.send(path, **fields)
        assert (status in {404, 409}, words.lower() in page.lower()) == (True, True), (path, page)
        assert "Go back" in page
    assert not (empty.source.place.base / "apiward.accepted.json").exists()


def test_who_has_no_session_sees_nothing_and_does_nothing(full: tuple[Browser, str]) -> None:
    browser, incident = full
    stranger = Browser(browser.shop, is_in=False)
    for path in (*addresses(browser, incident), "/", "/risks.csv", "/reports/full.html", "/reports/full.pdf"):
        for accept in ("text/html", "application/json"):
            answer = stranger.http.get(path, headers={"accept": accept})
            assert answer.status_code == 401
            assert "apiward open" in answer.text
            assert incident not in answer.text
    answer = stranger.http.post(f"/incidents/{incident}/close", data={"token": form_token("")}, headers=OWN)
    assert answer.status_code == 401
    stranger.http.cookies.set("apiward-8181", "0" * 64)
    assert stranger.http.get("/today").status_code == 401


def test_a_link_works_once_and_not_for_long(empty: Shop) -> None:
    links = links_of(empty.source.place.data, empty.source.clock)
    browser = Browser(empty, is_in=False)
    ticket = links.make()
    ahead = browser.http.get(f"/open/{ticket}", headers={"sec-purpose": "prefetch;prerender"})
    assert (ahead.status_code, "set-cookie" in ahead.headers) == (403, False)
    assert browser.http.head(f"/open/{ticket}").status_code == 403
    opened = browser.http.get(f"/open/{ticket}")
    cookie = opened.headers["set-cookie"]
    assert opened.status_code == 200
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/", "Max-Age=43200"))
    assert browser.http.get(f"/open/{ticket}").status_code == 403
    late = links.make()
    empty.now[0] += 601
    assert browser.http.get(f"/open/{late}").status_code == 403
    assert browser.http.get("/today").status_code == 200
    empty.now[0] += 12 * 3_600
    assert browser.http.get("/today").status_code == 401


def test_wrong_links_are_slowed_down(empty: Shop) -> None:
    browser = Browser(empty, is_in=False)
    tries = [browser.http.get(f"/open/{number}").status_code for number in range(12)]
    assert tries == [*[403] * 10, 429, 429]
    good = links_of(empty.source.place.data, empty.source.clock).make()
    assert browser.http.get(f"/open/{good}").status_code == 429
    empty.now[0] += 61
    assert browser.http.get(f"/open/{good}").status_code == 200


def test_who_leaves_is_out(empty: Shop) -> None:
    browser = Browser(empty)
    session = browser.http.cookies["apiward-8181"]
    assert browser.send("/out")[0] == 200
    browser.http.cookies.set("apiward-8181", session)
    assert browser.http.get("/today").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_of_another_page_is_refused(empty: Shop, headers: dict[str, str]) -> None:
    incident = empty.incident()
    browser = Browser(empty)
    answer = browser.http.post(f"/incidents/{incident}/close", data={"token": browser.token()}, headers=headers)
    assert answer.status_code == 403
    found = empty.source.record.incident(incident)
    assert found is not None
    assert found.state is IncidentState.OPEN


def test_a_form_without_its_token_is_refused(empty: Shop) -> None:
    incident = empty.incident()
    browser, other = Browser(empty), Browser(empty)
    for token in ("", "0" * 64, other.token()):
        answer = browser.http.post(f"/incidents/{incident}/close", data={"token": token}, headers=OWN)
        assert answer.status_code == 403
    path, token = f"/incidents/{incident}/close", browser.token()
    assert browser.http.get(f"{path}?token={token}").status_code == 404
    assert browser.http.post(path, json={"token": token}, headers=OWN).status_code == 400
    large = browser.http.post(path, data={"token": token, "reason": "x" * 20_000}, headers=OWN)
    assert large.status_code == 413
    assert browser.http.post(path, data={"token": token}).status_code == 303  # a program that shows the token


@pytest.mark.parametrize("host", ["evil.example:8181", "127.0.0.1", "127.0.0.1:9999", "localhost.evil.example:8181"])
def test_the_page_answers_to_its_own_name_only(empty: Shop, host: str) -> None:
    browser = Browser(empty)
    answer = browser.http.get("/today", headers={"host": host})
    assert (answer.status_code, answer.text) == (421, "")
    for own in ("localhost:8181", "127.0.0.1:8181", "[::1]:8181"):
        assert browser.http.get("/today", headers={"host": own}).status_code == 200


def test_every_answer_has_the_headers_that_bind_browsers(full: tuple[Browser, str]) -> None:
    browser, incident = full
    stranger = Browser(browser.shop, is_in=False)
    for answer in (
        browser.http.get("/today"),
        browser.http.get("/today.json"),
        browser.http.get(f"/incidents/{incident}"),
        browser.http.get("/none"),
        browser.http.post(f"/incidents/{incident}/note"),
        browser.http.get("/today", headers={"host": "evil.example"}),
        stranger.http.get("/today"),
    ):
        for name, value in HEADERS:
            assert answer.headers[name.decode()] == value.decode()
        assert answer.headers["cache-control"] == "no-store"
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "access-control-allow-origin" not in answer.headers


def test_what_pages_load_may_be_kept_and_is_the_same_for_all(full: tuple[Browser, str]) -> None:
    browser, _ = full
    stranger = Browser(browser.shop, is_in=False)
    (sheet,) = [one["href"] for one in Seen(browser.page("/today")).all("link") if one["rel"] == "stylesheet"]
    for path, kind in ((sheet, "text/css"), ("/icon.svg", "image/svg+xml")):
        answer = stranger.http.get(path)
        assert answer.headers["content-type"].startswith(kind)
        assert "immutable" in answer.headers["cache-control"]


def test_lost_ways_are_told(full: tuple[Browser, str]) -> None:
    browser, _ = full
    for path in ("/none", "/risks/none", "/incidents/none", "/out"):
        assert browser.http.get(path).status_code == 404
    assert browser.http.get("/traffic/refusals/none").status_code == 409
    assert browser.http.get("/").headers["location"] == "/today"
    assert "There is no such finding." in browser.page("/risks/none", status=404)
    assert browser.http.get("/none", headers={"accept": "application/json"}).json()["title"] == "There is no such page"


def test_a_store_that_is_away_is_told(empty: Shop) -> None:
    browser = Browser(empty)
    empty.source.engine.dispose()
    data = empty.source.place.data
    for path in data.glob("events.sqlite*"):
        path.unlink()
    data.joinpath("events.sqlite").write_bytes(b"This is no database at all." * 200)
    assert "cannot be read now" in browser.page("/incidents", status=503)


def test_what_comes_from_outside_is_never_markup(empty: Shop) -> None:
    nasty = "<img src=x onerror=alert(1)>\"'`\x1b[2J\u202e"
    empty.scan(report([finding(operation=f"GET /{nasty}", saw=nasty, place=nasty)], operations=(f"GET /{nasty}",)))
    empty.store([one._replace(operation=f"GET /{nasty}", principal=f"user:{nasty}") for one in week()])
    incident = empty.incident(who=f"user:{nasty}", where=nasty)
    browser = Browser(empty)
    browser.send(f"/incidents/{incident}/note", text=nasty)
    for path in addresses(browser, incident):
        page = browser.page(path)
        assert "<img" not in page
        assert not set("\x1b\u202e") & set(page)
    assert browser.http.get("/traffic", params=dict.fromkeys(("operation", "before", "kind"), nasty)).status_code == 200
    for path, names in (("/inventory", ("kind", "data", "find", "from")), ("/search", ("q",))):
        answer = browser.http.get(path, params=dict.fromkeys(names, nasty))
        assert (answer.status_code, "<img" in answer.text) == (200, False)
    for name in ("summary", "full", "proof"):
        assert "<img" not in browser.page(f"/reports/{name}.html")


def test_a_place_stands_beside_its_operation_unless_it_is_the_path_alone(empty: Shop) -> None:
    empty.scan(report([finding(operation="GET /answers", place="answer"), finding(operation="GET /old", place="/old")]))
    lines = [one for cause in Browser(empty).json("/risks.json")["causes"] for one in cause["findings"]]
    assert {one["operation"]: one["place"] for one in lines} == {"GET /answers": "answer", "GET /old": ""}


def test_a_story_is_told_while_both_its_ends_are_open_and_what_ends_it_comes_first(empty: Shop) -> None:
    empty.scan(linked_report())
    browser = Browser(empty)
    view = browser.json("/risks.json")
    (chain,) = view["chains"]
    assert chain["text"].startswith("Any customer can make a role for staff their own with POST /signup.")
    assert [one["id"] for one in view["causes"][0]["findings"]] == chain["mend"]
    assert browser.page("/risks").count("GET /clients then served us as your staff") == 1
    assert browser.json("/risks.json?kind=smaller")["chains"] == []
    assert browser.send(f"/risks/{chain['mend'][0]}/accept", reason="It is a copy", days="90")[0] == 303
    accepted = browser.json("/risks.json")
    assert accepted["chains"] == []
    assert accepted["causes"][0]["severity"] == "critical"
