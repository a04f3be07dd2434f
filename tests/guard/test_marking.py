from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.call import Call, HeaderBlock
from apiward.core.jsonvalue import Json
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.guard.answers.counting import RECORDS
from apiward.guard.marking import Marking, agent_of
from apiward.guard.origins.locating import load_locating

MARKING = Marking(b"key", b"fleeting")


def _call(
    operation: str = "GET /api/me", value: Json = None, *, headers: dict[bytes, bytes] | None = None, **more: object
) -> Call:
    method, _, path = operation.partition(" ")
    call = Call(method, path.encode(), b"", [], "192.0.2.1")
    call.path, call.operation_key = path, operation
    call.header = headers or {}
    if value is not None:
        call.value, call.body = value, b"{}"
    for name, given_value in more.items():
        setattr(call, name, given_value)
    return call


def _marks(call: Call) -> dict[str, str]:
    return dict(MARKING.marks(call))


def test_the_session_is_a_keyed_hash_of_what_was_shown() -> None:
    shown = _marks(_call(headers={b"authorization": b"Bearer abc"}))["session"]
    assert shown == _marks(_call(headers={b"authorization": b"Bearer abc"}))["session"]
    assert shown != _marks(_call(headers={b"authorization": b"Bearer abd"}))["session"]
    assert dict(Marking(b"other", b"").marks(_call(headers={b"authorization": b"Bearer abc"})))["session"] != shown
    assert "abc" not in shown
    assert "session" in _marks(_call(headers={b"x-api-key": b"k"}))
    assert "session" in _marks(_call(headers={b"cookie": b"lang=de; sessionid=77"}))
    assert "session" not in _marks(_call(headers={b"cookie": b"lang=de; theme=dark"}))


@pytest.mark.parametrize(
    ("header", "agent"),
    [
        (b"Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/145.0", "firefox"),
        (b"Mozilla/5.0 (Windows) AppleWebKit/537.36 Chrome/142.0 Safari/537.36", "chrome"),
        (b"Mozilla/5.0 (Windows) Chrome/142.0 Safari/537.36 Edg/142.0", "edge"),
        (b"Mozilla/4.0 (compatible)", "browser"),
        (b"curl/8.5.0", "curl"),
        (b"python-requests/2.32.3", "python-requests"),
        (b"FirmApp/5.2 (iPhone; iOS 26.1)", "firmapp"),
        (b"", ""),
        (b"\xff\xfe", ""),
    ],
)
def test_a_program_is_named_without_its_version(header: bytes, agent: str) -> None:
    assert agent_of(header) == agent


def test_a_log_in_names_the_account_and_hides_the_password() -> None:
    call = _call("POST /api/login", {"email": "Anna@firm.example", "password": "p4ss"})
    found = _marks(call)
    assert set(found) == {"account", "secret"}
    again = _marks(_call("POST /api/login", {"email": "anna@firm.example", "password": "other"}))
    assert again["account"] == found["account"]
    assert again["secret"] != found["secret"]
    assert dict(Marking(b"key", b"another day").marks(call))["secret"] != found["secret"]


def test_payments_codes_and_coupons_say_what_is_counted() -> None:
    card: Json = {"order_id": 7, "card": {"number": "4242 4242 4242 4242", "cvc": "123"}, "amount": 1200}
    assert set(_marks(_call("POST /api/payments", card))) == {"card", "amount"}
    assert set(_marks(_call("POST /api/otp/send", {"phone": "+441174960000"}))) == {"account", "recipient"}
    assert set(_marks(_call("POST /api/cart/coupon", {"code": "SPRING10"}))) == {"object"}
    assert _marks(_call("POST /api/cart/coupon", {"percent": 10})) == {}
    assert _marks(_call("POST /api/notes", {"email": "a@b.example", "password": "x"})) == {}
    assert _marks(_call("POST /api/payments", value=None, body=b"<x/>")) == {}


def test_numbers_in_the_query_are_ids_but_pages_are_not() -> None:
    assert _marks(_call(query_pairs=[("page", "2"), ("thread", "17")])) == {"number": "17"}
    assert _marks(_call(query_pairs=[("limit", "100"), ("ref", "BK-1")])) == {}


def test_a_token_says_the_customer_and_the_role() -> None:
    claims: dict[str, Json] = {"org": 12, "email": "a@b.example"}
    who = Principal(PrincipalKind.USER, "7", roles=frozenset({"support", "admin"}), claims=claims)
    assert _marks(_call(principal=who)) == {"tenant": "12", "role": "admin,support"}
    assert _marks(_call(principal=Principal(PrincipalKind.USER, "7", claims={"sub": "7"}))) == {}


def test_the_same_headers_are_looked_at_once() -> None:
    block = HeaderBlock([])
    call = _call(headers={b"authorization": b"Bearer abc", b"user-agent": b"curl/8"}, block=block)
    first = MARKING.marks(call)
    call.header = {}
    assert MARKING.marks(call) == first
    call.principal = Principal(PrincipalKind.USER, "8", claims={"org": 1})
    assert dict(MARKING.marks(call)) == {"tenant": "1"}
    call.principal = ANONYMOUS


@given(st.binary(max_size=60), st.dictionaries(st.text(max_size=12), st.text(max_size=30), max_size=6))
def test_whatever_comes_marks_are_short(agent: bytes, body: dict[str, str]) -> None:
    for operation in ("POST /api/login", "POST /api/payments", "POST /api/cart/coupon", "POST /api/otp"):
        call = _call(operation, {**body}, headers={b"user-agent": agent, b"cookie": agent})
        assert all(len(value) <= 40 for _, value in MARKING.marks(call))


def test_paths_that_nobody_described_do_not_fill_the_memory() -> None:
    marking = Marking(b"key", b"fleeting")
    for number in range(5_000):
        marking.marks(_call(f"POST /api/x{number}", {}, operation_key=""))
    assert marking.marks(_call("POST /api/login", {"user": "a", "password": "b"}, operation_key=""))


def test_a_device_that_shows_itself_is_told_by_a_keyed_hash() -> None:
    shown = _marks(_call(headers={b"x-device-id": b"phone-7"}))["device"]
    assert "phone" not in shown
    assert shown == _marks(_call(headers={b"device-id": b"phone-7"}))["device"]
    assert shown != _marks(_call(headers={b"x-device-id": b"phone-8"}))["device"]
    assert "device" not in _marks(_call(headers={b"x-device-id": b""}))


def test_how_many_records_an_answer_showed_is_told_where_it_was_counted() -> None:
    assert _marks(_call(notes={RECORDS: 50}))["records"] == "50"
    assert "records" not in _marks(_call(notes={RECORDS: 0}))
    assert "records" not in _marks(_call())


def test_where_an_address_is_is_told_with_a_file_that_says_it(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("192.0.2.0,192.0.2.255,64500,DE\n")
    marking = Marking(b"key", b"fleeting", load_locating(str(tmp_path / "t.csv")))
    assert dict(marking.marks(_call(client="192.0.2.7"))) == {"asn": "64500", "country": "DE"}
    assert marking.marks(_call(client="198.51.100.7")) == ()
    assert "country" not in _marks(_call(client="192.0.2.7"))
