from hypothesis import given
from hypothesis import strategies as st

from apiward.core.jsonvalue import Json
from apiward.core.principal import Principal, PrincipalKind
from apiward.guard.conducts.sending import caller_of, is_unread, mark_of, sent_in, whereabouts
from tests.guard.calls import call


def test_json_forms_and_queries() -> None:
    nested = sent_in(call("POST", "/", json={"client": {"email": " Jo@Mail.example ", "password": "x"}}))
    assert nested.accounts == ("jo@mail.example",)
    assert nested.passwords == (("password", "x"),)
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert sent_in(call("POST", "/", headers=form, body=b"username=jo&password=x")).accounts == ("jo",)
    assert sent_in(call("GET", "/?login=jo&pwd=x")).passwords == (("pwd", "x"),)


def test_the_old_password_of_a_change_is_not_judged() -> None:
    sent = sent_in(call("PUT", "/", json={"current_password": "old", "new_password": "new"}))
    assert sent.passwords == (("new_password", "new"),)


def test_nothing_is_kept_of_an_account() -> None:
    assert "jo" not in mark_of("jo")
    assert mark_of("jo") == mark_of("jo") != mark_of("ann")
    assert "secret" not in repr(sent_in(call("POST", "/", json={"password": "secret"})))


def test_where_a_call_comes_from() -> None:
    assert whereabouts(call(client="192.0.2.9")) == "192.0.2.9"
    assert (
        whereabouts(call(client="2001:db8:1:2::9")) == "2001:db8:1:2::" == whereabouts(call(client="2001:db8:1:2:3::1"))
    )
    device = Principal(PrincipalKind.DEVICE, "7")
    assert whereabouts(call(principal=device)) == "device:7"


def test_who_calls() -> None:
    assert caller_of(call(client="192.0.2.9")) == "at:192.0.2.9"
    assert caller_of(call(principal=Principal(PrincipalKind.USER, "7"))) == "user:7"


@given(st.text(max_size=30))
def test_odd_addresses_do_not_raise(client: str) -> None:
    assert isinstance(whereabouts(call(client=client)), str)


def test_nothing_hides_behind_many_fields() -> None:
    body: dict[str, Json] = {f"x{number}": "1" for number in range(3_000)}
    sent = sent_in(call("POST", "/", json={**body, "email": "jo@a.test", "password": "x"}))
    assert sent.accounts == ("jo@a.test",)
    assert sent.passwords
    many: dict[str, Json] = {f"email{number}": f"{number}@a.test" for number in range(50)}
    assert sent_in(call("POST", "/", json=many)).accounts == ("*",)


def test_bodies_that_could_not_be_read() -> None:
    assert is_unread(call("POST", "/", headers={"content-type": "text/plain"}, body=b"email=jo"))
    assert not is_unread(call("POST", "/", json={"email": "jo"}))
    assert not is_unread(call("GET", "/"))
