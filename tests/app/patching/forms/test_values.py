from dataclasses import replace

import pytest
import re2

from apiward.app.patching.forms.values import (
    EMAIL,
    FILE,
    FILE_IN_FOLDERS,
    NAME,
    NUMBER,
    OWN_ADDRESS,
    PUBLIC_ADDRESS,
    PUBLIC_HOST,
    UUID,
)
from apiward.core.jsonvalue import Json
from tests.app.patching.made import described, exchange, finding, operation, rules_of

UID = "91eb79fa-5d5f-476c-9eb8-fc4c7b297d0b"
BODY: Json = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "short": {"type": "string", "maxLength": 40},
        "email": {"type": "string", "format": "email"},
        "size": {"type": "string", "enum": ["S", "M+"]},
        "person": {"type": "object", "properties": {"age": {"type": "integer"}}},
    },
}
API = described(
    {
        "/articles/{slug}": {"get": operation(path=("slug",))},
        "/items": {"get": operation(query={"limit": {"type": "integer", "maximum": 50}, "page": {"type": "integer"}})},
        "/search": {"post": operation(body=BODY)},
    }
)


def pattern(key: str, place: str, control: object = None, check: str = "INJ01") -> str:
    path = "/articles/x%27" if "slug" in key else "/search"
    attack = exchange(key.split(maxsplit=1)[0], path, body={"text": "' or 1=1"})
    made = rules_of(API, finding(check, key, attack, control, place=place))  # type: ignore[arg-type]
    return str(made[0]["pattern"])


@pytest.mark.parametrize(
    ("value", "form"), [("on-rest", NAME), ("17", NUMBER), (UID, UUID), ("o%27brien", "(?s).{0,1000}")]
)
def test_the_form_of_a_path_is_learned_from_harmless_values(value: str, form: str) -> None:
    assert pattern("GET /articles/{slug}", "path slug", exchange("GET", f"/articles/{value}")) == form


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("text", "(?s).{0,1000}"),
        ("short", "(?s).{0,40}"),
        ("email", EMAIL),
        ("size", r"S|M\+"),
        ("person.age", NUMBER),
    ],
)
def test_the_form_of_a_field_comes_from_its_description(name: str, form: str) -> None:
    assert pattern("POST /search", f"body {name}", exchange("POST", "/search", body={"text": "tea"})) == form


def test_an_injection_is_looked_for_there_as_well() -> None:
    attack = exchange("GET", "/articles/x%27")
    made = rules_of(API, finding("INJ01", "GET /articles/{slug}", attack, place="path slug"))
    assert made[-1] == {"operation": "GET /articles/{slug}", "kind": "stages-on", "stages": ("shape", "inspect")}
    slow = rules_of(API, finding("RES01", "POST /search", attack, place="body email"))
    assert [rule["kind"] for rule in slow] == ["parameter-pattern"]


@pytest.mark.parametrize(
    ("name", "control", "most"), [("limit", None, 50), ("page", [[1] * 240], 240.0), ("page", [[1]], 100.0)]
)
def test_a_page_has_a_largest_size(name: str, control: Json, most: float) -> None:
    usual = exchange("GET", "/items", control)
    made = rules_of(API, finding("RES02", "GET /items", usual, usual, place=f"query {name}"))
    assert made == [{"operation": "GET /items", "kind": "parameter-max", "target": f"query.{name}", "most": most}]


@pytest.mark.parametrize("check", ["INJ02", "INJ03", "INJ05", "INJ06", "INJ07"])
def test_every_kind_of_injection_gets_a_form_and_is_looked_for(check: str) -> None:
    attack = exchange("POST", "/search", body={"text": "{{1*2}}"})
    made = rules_of(API, finding(check, "POST /search", attack, attack, place="body text"))
    assert [rule.get("pattern") or rule["stages"] for rule in made] == ["(?s).{0,1000}", ("shape", "inspect")]


def test_a_whole_body_is_looked_at() -> None:
    attack = exchange("POST", "/search", body="<a/>")
    made = rules_of(API, finding("INJ08", "POST /search", attack, attack, place="body"))
    assert made == [{"operation": "POST /search", "kind": "stages-on", "stages": ("shape", "inspect")}]


def test_a_name_of_a_file_leads_to_no_other_folder() -> None:
    files = described(
        {
            f"/{example[:4]}": {"get": operation(query={"name": {"type": "string", "example": example}})}
            for example in ("plan.pdf", "2026/plan.pdf")
        }
    )
    for key, form in (("GET /plan", FILE), ("GET /2026", FILE_IN_FOLDERS)):
        attack = exchange("GET", f"{key[4:]}?name=../../etc/passwd")
        assert rules_of(files, finding("INJ04", key, attack, attack, place="query name"))[0]["pattern"] == form


def test_a_finding_without_a_place_has_no_rule() -> None:
    attack = exchange("GET", "/items")
    assert "which value" in rules_of(API, finding("INJ01", "GET /items", attack))
    assert "which value" in rules_of(API, finding("INJ01", "GET /hidden", attack, place="query a"))
    assert "cookie" in rules_of(API, finding("INJ10", "GET /items", attack, place="cookie state"))


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        (
            EMAIL,
            ["a@b.example", "kim.a-long.name+x@some.mail.example", "zoë@müller.example"],
            ["a" * 30 + "!", "a'@b.c", "a@b"],
        ),
        (NAME, ["On rest, part"[:7], "anna", "José 2", "b3JkZXI6Mw"], ["x' or 1=1", "a;b", "a(b)", ""]),
        (NUMBER, ["1", "-7"], ["1 or 1", "1e9", "9" * 19]),
        (UUID, [UID], [UID + "'"]),
        (FILE, ["plan.pdf", "a plan-2.tar.gz", "plan"], ["../a", "a/b", "..", "/etc/passwd", "a\\b", "a\0.pdf"]),
        (FILE_IN_FOLDERS, ["2026/plan.pdf", "plan.pdf"], ["../a", "a/../../b", "/etc/passwd", "file:///a", "a//b"]),
    ],
)
def test_forms_take_the_harmless_and_no_commands(form: str, good: list[str], bad: list[str]) -> None:
    compiled = re2.compile(form)
    assert all(compiled.fullmatch(one) for one in good)
    assert not any(compiled.fullmatch(one) for one in bad)


@pytest.mark.parametrize(
    ("sent", "form"),
    [
        ("http://127.0.0.1:9/t", PUBLIC_ADDRESS),
        ("http://example.com@127.0.0.1:9/t", PUBLIC_ADDRESS),
        ("127.0.0.1:9/t", PUBLIC_HOST),
    ],
)
def test_where_a_server_may_be_sent_is_a_public_name(sent: str, form: str) -> None:
    attack, call = exchange("POST", "/search", body={"text": sent}), exchange("GET", "")
    call = replace(call, request=replace(call.request, url="http://127.0.0.1:9/t"))
    found = finding("SSR01", "POST /search", attack, exchange("POST", "/search"), place="body text")
    found = replace(found, evidence=replace(found.evidence, more=(call,)))
    assert [rule["pattern"] for rule in rules_of(API, found)] == [form]


@pytest.mark.parametrize(
    ("path", "body", "form"),
    [
        ("/search", b"text=http%3A%2F%2F127.0.0.1%3A9%2Ft&of=a", PUBLIC_ADDRESS),
        ("/search", b"of=a&text=127.0.0.1%3A9%2Ft", PUBLIC_HOST),
        ("/search?text=http%3A%2F%2F127.1%3A9%2Ft", b"", PUBLIC_ADDRESS),
        ("/search/http%3A%2F%2F127.0.0.1%3A9%2Ft", b"", PUBLIC_ADDRESS),
        ("/search/127.0.0.1%3A9%2Ft", b"", PUBLIC_HOST),
    ],
)
def test_an_address_is_known_in_whatever_form_it_was_sent(path: str, body: bytes, form: str) -> None:
    attack, call = exchange("POST", path), exchange("GET", "")
    attack = replace(attack, request=replace(attack.request, body=body))
    call = replace(call, request=replace(call.request, url="http://127.0.0.1:9/t"))
    found = finding("SSR01", "POST /search", attack, exchange("POST", "/search"), place="body text")
    found = replace(found, evidence=replace(found.evidence, more=(call,)))
    assert [rule["pattern"] for rule in rules_of(API, found)] == [form]


@pytest.mark.parametrize(
    ("form", "text", "is_taken"),
    [
        (PUBLIC_ADDRESS, "https://calendar.google.com/calendar/ical/kim/basic.ics", True),
        (PUBLIC_ADDRESS, "http://müller.example:8080?a=b", True),
        (PUBLIC_ADDRESS, "http://127.0.0.1/", False),
        (PUBLIC_ADDRESS, "http://2130706433/", False),
        (PUBLIC_ADDRESS, "http://localhost/", False),
        (PUBLIC_ADDRESS, "http://[::1]/", False),
        (PUBLIC_ADDRESS, "https://example.com@127.0.0.1/", False),
        (PUBLIC_ADDRESS, "https://example.com\\@127.0.0.1/", False),
        (PUBLIC_ADDRESS, "file:///etc/passwd", False),
        (PUBLIC_HOST, "db.example:5432", True),
        (PUBLIC_HOST, "127.0.0.1:9/t", False),
        (OWN_ADDRESS, "/", True),
        (OWN_ADDRESS, "/orders/7?a=1", True),
        (OWN_ADDRESS, "//evil.example", False),
        (OWN_ADDRESS, "/\\evil.example", False),
        (OWN_ADDRESS, "https://evil.example", False),
        (OWN_ADDRESS, "/\t/evil.example", False),
    ],
)
def test_forms_of_addresses(form: str, text: str, *, is_taken: bool) -> None:
    assert (re2.fullmatch(form, text) is not None) is is_taken


def test_an_amount_is_above_zero_in_every_line_of_an_order() -> None:
    attack = exchange("POST", "/search", body={"items": [{"quantity": -2}]})
    made = rules_of(API, finding("FLO03", "POST /search", attack, place="body items[0].quantity"))
    assert made[0]["target"] == "body.items.quantity"
    form = re2.compile(str(made[0]["pattern"]))
    assert [bool(form.fullmatch(text)) for text in ("1", "12", "3.0", "0", "-2", "0.5", "-0")] == [True] * 3 + [
        False
    ] * 4
