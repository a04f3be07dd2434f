import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.call import Call
from apiward.core.decision import Decision, Effect
from apiward.core.jsonvalue import Json
from apiward.core.principal import Principal, PrincipalKind
from apiward.guard.conducts.steps import StepRule
from apiward.guard.stages.conduct import Conduct, ConductSettings
from tests.guard.calls import NOW_S, answer, call, parts
from tests.guard.schemas import PASSWORD, TEXT, api, obj, operation

CREDENTIALS = obj({"email": TEXT, "password": PASSWORD})
LOG_IN = operation("POST /login", sent=CREDENTIALS)
SIGN_UP = operation("POST /register", sent=CREDENTIALS)
CHANGE = operation("PUT /me/password", sent=obj({"current_password": PASSWORD, "new_password": PASSWORD}))
ORDER = operation("GET /orders/{id}")
CART, PAY = operation("POST /cart"), operation("POST /pay")
JO = Principal(PrincipalKind.USER, "7", "winter-jo")


def stage(settings: ConductSettings | None = None) -> Conduct:
    return Conduct(settings or ConductSettings(), parts(api=api(LOG_IN, SIGN_UP, CHANGE, ORDER, CART, PAY)))


def log_in(made: Conduct, *, status: int = 401, body: Json = None, email: str = "jo@a.test") -> Decision | None:
    asked = call("POST", "/login", operation=LOG_IN, json={"email": email, "password": "x"})
    said = made.on_body(asked)
    if said is None or said.effect is Effect.DELAY:
        shown = answer(status, json=body)
        if made.wants_answer(asked, shown):
            made.on_answer_body(asked, shown)
        made.on_answer_head(asked, shown)
    made.on_end(asked, status)
    return said


def chosen(made: Conduct, password: str, *, email: str = "jo@a.test") -> Decision | None:
    return made.on_body(call("POST", "/register", operation=SIGN_UP, json={"email": email, "password": password}))


def test_guessing_is_refused_in_the_end() -> None:
    made = stage()
    said = [log_in(made) for _ in range(12)]
    assert said[0] is None
    assert said[-1] is not None
    assert (said[-1].rule, said[-1].retry_after_s) == ("conduct.guessing", 900)


def test_a_failure_with_a_good_status_counts() -> None:
    made = stage()
    said = [log_in(made, status=200, body={"status": "fail", "message": "wrong"}) for _ in range(12)]
    assert said[-1] is not None
    assert said[-1].rule == "conduct.guessing"


def test_good_log_ins_are_never_refused() -> None:
    made = stage()
    assert all(log_in(made, status=200, body={"token": "x"}) is None for _ in range(100))


def test_many_accounts_from_one_place() -> None:
    made = stage()
    said = [log_in(made, email=f"{number}@a.test") for number in range(32)]
    assert said[-1] is not None
    assert said[-1].rule == "conduct.stuffing"


def test_bodies_are_wanted_where_they_matter() -> None:
    made = stage()
    assert made.wants_body(call("POST", "/login", operation=LOG_IN))
    assert made.wants_body(call("POST", "/api/auth/login"))
    assert not made.wants_body(call("GET", "/orders/1", operation=ORDER))
    assert not made.wants_body(call("POST", "/anything"))


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("aB3$x", "conduct.short-password"),
        ("Password1!", "conduct.common-password"),
        ("winter-jo1", "conduct.named-password"),
    ],
)
def test_weak_passwords_are_refused(password: str, rule: str) -> None:
    said = chosen(stage(), password, email="winter-jo@a.test")
    assert said is not None
    assert (said.rule, said.place) == (rule, "body password")
    assert password not in said.saw


def test_good_passwords_pass() -> None:
    assert chosen(stage(), "tea.moon.bridge") is None
    assert chosen(stage(ConductSettings(weak_passwords=False, least_password=0)), "1234") is None


def test_a_change_judges_the_new_password() -> None:
    made = stage()
    body: Json = {"current_password": "password", "new_password": "tea.moon.bridge"}
    assert made.on_body(call("PUT", "/me/password", operation=CHANGE, json=body)) is None
    body = {"current_password": "x", "new_password": "winter-jo!"}
    said = made.on_body(call("PUT", "/me/password", operation=CHANGE, json=body, principal=JO))
    assert said is not None
    assert said.rule == "conduct.named-password"


def order(number: str) -> Call:
    return call("GET", f"/orders/{number}", operation=ORDER, path_arguments=(number,), principal=JO)


def test_guessed_ids_are_refused() -> None:
    made = stage(ConductSettings(missing_ids=5, machines=False))
    for number in range(6):
        assert made.on_head(order(f"x{number}")) is None
        made.on_end(order(f"x{number}"), 404)
    said = made.on_head(order("y"))
    assert said is not None
    assert said.rule == "conduct.enumeration"


def test_ids_in_a_row_are_noted() -> None:
    made = stage(ConductSettings(machines=False))
    for number in range(102):
        made.on_end(order(str(number)), 200)
    said = made.on_head(order("7"))
    assert said is not None
    assert (said.rule, said.effect) == ("conduct.walk", Effect.NOTE)


def test_steps_come_in_order() -> None:
    made = stage(ConductSettings(order=(StepRule(before="POST /pay", needs="POST /cart"),)))
    pay = call("POST", "/pay", operation=PAY, principal=JO)
    said = made.on_head(pay)
    assert said is not None
    assert said.rule == "conduct.order"
    made.on_end(call("POST", "/cart", operation=CART, principal=JO), 201)
    assert made.on_head(pay) is None


def test_machines_are_noted_unless_they_have_a_key() -> None:
    key = Principal(PrincipalKind.KEY, "9")
    for principal, most in ((JO, 1), (key, 0)):
        made = stage()
        said = [made.on_head(call(principal=principal, started_s=NOW_S + number * 2.0)) for number in range(100)]
        assert len([one for one in said if one]) == most


@given(
    st.binary(max_size=200), st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain"])
)
def test_no_bytes_raise(body: bytes, media_type: str) -> None:
    made = stage()
    if media_type.endswith("urlencoded"):
        body = body.decode("utf-8", "ignore").encode()
    for described in (LOG_IN, SIGN_UP):
        asked = call("POST", described.path, operation=described, headers={"content-type": media_type}, body=body)
        made.on_body(asked)
        made.on_end(asked, 400)


def test_a_log_in_that_could_not_be_read_counts_for_its_place() -> None:
    made = stage()
    said = None
    for _ in range(12):
        asked = call("POST", "/login", operation=LOG_IN, headers={"content-type": "text/plain"}, body=b"odd")
        said = made.on_body(asked)
        made.on_answer_head(asked, answer(401))
        made.on_end(asked, 401)
    assert said is not None
    assert said.rule == "conduct.guessing"


def test_a_stolen_password_is_refused_where_a_file_names_it(tmp_path: Path) -> None:
    digests = [hashlib.sha1(word, usedforsecurity=False).hexdigest() for word in (b"kT9#vLq2xW", b"other")]
    (tmp_path / "pwned.txt").write_text("\n".join(sorted(digests)))
    made = stage(ConductSettings(breached_file=str(tmp_path / "pwned.txt")))
    said = chosen(made, "kT9#vLq2xW")
    assert said is not None
    assert said.rule == "conduct.breached-password"
    assert chosen(made, "kT9#vLq2xV") is None
    assert chosen(stage(), "kT9#vLq2xW") is None


def test_a_file_of_stolen_passwords_that_is_not_there_stops_it() -> None:
    with pytest.raises(ValueError, match="breached_file: none cannot be read"):
        stage(ConductSettings(breached_file="/none"))


def test_it_is_asked_only_where_ids_passwords_steps_or_rhythm_count() -> None:
    plain, item = operation("GET /shelf"), operation("GET /shelf/{id}")
    quiet = stage(ConductSettings(machines=False))
    assert {"on_head", "on_end", "on_body"} <= quiet.silent_phases(plain)
    assert not {"on_head", "on_end"} & quiet.silent_phases(item)
    assert not {"on_head", "on_end"} & quiet.silent_phases(None)
    assert not {"on_end", "on_body"} & quiet.silent_phases(LOG_IN)
    assert "on_head" not in stage().silent_phases(plain)
    ordered = ConductSettings(machines=False, order=(StepRule("POST /pay", "POST /cart", 60),))
    assert not {"on_head", "on_end"} & stage(ordered).silent_phases(plain)
