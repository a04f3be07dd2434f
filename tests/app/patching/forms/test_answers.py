import json
from typing import Any

import pytest

from apiward.app.patching.cases import WHOLE_API
from apiward.app.patching.forms.answers import LOG_IN_TEXT, RESET_TEXT
from apiward.core.jsonvalue import Json
from tests.app.patching.made import described, exchange, finding, operation, rules_of

API = described({"/login": {"post": operation()}, "/forgot": {"post": operation()}})
SAW = "With a wrong password, the text (message) differed."


def alike(check: str, attack: Json, control: Json, *, statuses: tuple[int, int] = (200, 200), saw: str = SAW) -> Any:  # noqa: ANN401 - rules, or why there are none
    key = "POST /login" if check == "AUT08" else "POST /forgot"
    path = key.split()[1]
    pair = [
        exchange("POST", path, body, status=status) for body, status in zip((attack, control), statuses, strict=True)
    ]
    return rules_of(API, finding(check, key, *pair, saw=saw))


def test_refused_log_ins_get_one_neutral_text() -> None:
    (rule,) = alike(
        "AUT08", {"status": "fail", "message": "Wrong password."}, {"status": "fail", "message": "Who is it?"}
    )
    assert json.loads(rule["value"]) == {"status": "fail", "message": LOG_IN_TEXT}
    assert (rule["statuses"], rule["status"], "every" in rule) == ((200,), 200, False)


def test_two_statuses_become_one() -> None:
    (rule,) = alike("AUT08", {"detail": "Wrong password."}, {"detail": "No such user."}, statuses=(401, 404))
    assert (rule["statuses"], rule["status"]) == ((401, 404), 401)


def test_all_who_ask_for_a_password_get_the_good_answer() -> None:
    (rule,) = alike(
        "AUT10", {"status": "ok", "message": "It is on its way."}, {"status": "fail", "message": "Unknown."}
    )
    assert json.loads(rule["value"]) == {"status": "ok", "message": RESET_TEXT}
    assert rule["every"] is True


@pytest.mark.parametrize(
    ("attack", "control", "saw", "why"),
    [
        ({"a": "One two."}, {"a": "Three four."}, "With a wrong password, the time differed.", "in their time"),
        (None, {"a": "b"}, SAW, "no JSON"),
        ({"a": "…(20+)"}, {"a": "…(20+)"}, SAW, "more than a short text"),
    ],
)
def test_what_cannot_be_made_alike_has_no_rule(attack: Json, control: Json, saw: str, why: str) -> None:
    assert why in str(alike("AUT08", attack, control, saw=saw))


def test_a_finding_without_a_control_has_no_rule() -> None:
    assert "two answers" in rules_of(API, finding("AUT08", "POST /login", exchange("POST", "/login")))


@pytest.mark.parametrize(
    ("check", "key", "where", "stage"),
    [
        ("AUT07", "POST /login", "POST /login", "conduct"),
        ("CFG02", "POST /login", "POST /login", "conceal"),
        ("CFG03", WHOLE_API, "* /**", "harden"),
        ("CFG01", WHOLE_API, "* /**", "conceal"),
    ],
)
def test_what_a_stage_does_is_left_to_it(check: str, key: str, where: str, stage: str) -> None:
    assert rules_of(API, finding(check, key, exchange("GET", "/"))) == [
        {"operation": where, "kind": "stages-on", "stages": (stage,)}
    ]


@pytest.mark.parametrize(
    ("check", "stage"), [("CFG04", "harden"), ("CFG08", "harden"), ("CFG10", "origin"), ("CFG13", "harden")]
)
def test_what_a_stage_does_is_enforced_everywhere(check: str, stage: str) -> None:
    (rule,) = rules_of(API, finding(check, WHOLE_API, exchange("GET", "/login"), place="header X-Forwarded-Host"))
    assert rule == {"operation": "* /**", "kind": "stages-on", "stages": (stage,)}


def test_a_host_that_is_sent_as_host_is_held_by_a_list_of_hosts_alone() -> None:
    assert "must be named" in rules_of(API, finding("CFG10", WHOLE_API, exchange("GET", "/login"), place="header Host"))
