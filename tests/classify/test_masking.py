import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apiward.classify.masking import MAX_BODY, Masker
from apiward.core.exchange import Exchange, Failure, Headers, Request, Response
from apiward.core.jsonvalue import Json, NotJson, parse_json

SECRETS = st.text(alphabet="abcXYZ0189!#$%&*+/=?@^_~\"'\\<>ü.-", min_size=8, max_size=30)
SECRET = 'Zq8!kL/+w"x ü'
TEXTS = st.text(max_size=60) | st.sampled_from(
    ["password=x", '{"token": "ab', "a@b.io", "4111 1111 1111 1111", "…(8+)"]
)
FORM = "application/x-www-form-urlencoded"


def _exchange(body: bytes, headers: Headers = (), url: str = "http://h/", *, is_cut: bool = False) -> Exchange:
    return Exchange(Request("POST", url, headers, body), Response(200, headers, body, is_cut))


def _encodings(secret: str) -> list[str]:
    login = base64.b64encode(b"someone:" + secret.encode()).decode()
    return [secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], login]


@settings(max_examples=150)
@given(SECRETS, TEXTS, TEXTS)
def test_no_known_secret_survives_in_any_form(secret: str, before: str, after: str) -> None:
    masker = Masker([secret])
    for form in _encodings(secret):
        text = f"{before} {form} {after}"
        body = json.dumps({"a": [text], text: secret}).encode()
        exchange = masker.mask_exchange(
            _exchange(
                body, (("Authorization", f"Basic {form}"), ("X", text)), f"http://h/{quote(text)}?q={quote(form)}"
            )
        )
        shown = [masker.mask_text(text), exchange.request.url, *(value for _, value in exchange.request.headers)]
        shown += [exchange.text, masker.mask_body(text.encode()).decode(), masker.mask_body(body[:-9]).decode()]
        assert not [piece for piece in shown for encoding in _encodings(secret) if encoding in piece]


@given(st.binary(max_size=300) | TEXTS.map(str.encode), TEXTS, st.booleans())
def test_masking_twice_changes_nothing_and_never_raises(body: bytes, text: str, is_cut: bool) -> None:  # noqa: FBT001
    masker = Masker(["hunter22"])
    headers = (("Authorization", text), ("Cookie", text), ("Set-Cookie", text), ("X-Token", text), ("X", text))
    once = masker.mask_exchange(_exchange(body, headers, f"http://h/{text}?{text}={text}", is_cut=is_cut))
    assert masker.mask_exchange(once) == once
    assert masker.mask_text(masker.mask_text(text)) == masker.mask_text(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["password", "email", "x"]) | TEXTS, inner)
    ),
    max_leaves=30,
)


@given(JSON)
def test_json_stays_json(value: Json) -> None:
    shown = Masker(["hunter22"]).mask_body(json.dumps(value).encode())
    assert not isinstance(parse_json(shown), NotJson)
    assert Masker(["hunter22"]).mask_body(shown) == shown


@pytest.mark.parametrize("value", [
    {"items": [{"id": i, "email": f"user{i}@example.com", "note": "n" * 50} for i in range(3000)]},
    {"text": "word " * 5000}, {f"key{i}": i for i in range(3000)}, [[[["x" * 300] * 5] * 5] * 5] * 5, "y" * 9000,
])  # fmt: skip
def test_large_json_is_cut_and_still_json(value: Json) -> None:
    shown = Masker().mask_body(json.dumps(value).encode())
    assert len(shown) <= MAX_BODY
    assert not isinstance(parse_json(shown), NotJson)
    assert "…" in shown.decode()
    assert b"user1@" not in shown
    assert Masker().mask_body(shown) == shown


def test_large_text_is_cut_with_a_sign() -> None:
    shown = Masker().mask_body(b"word " * 5000)
    assert len(shown) <= MAX_BODY
    assert shown.decode().endswith(" … [cut]")


def test_a_developer_still_sees_which_field_it_was() -> None:
    body = {
        "email": "alice@example.com", "password": "pass1", "token": "a1b2c3d4e5f6a7b8c9d0", "id": 7, "admin": False,
        "card": "4111 1111 1111 1111", "iban": "DE89370400440532013000", "phone": "+4915112345678", "otp": 123456,
        "title": "Blue shirt", "street": "12 High Street", "pair": [{"name": "pwd", "value": "hunter2"}],
    }  # fmt: skip
    assert json.loads(Masker().mask_body(json.dumps(body).encode())) == {
        "email": "a…@e….com", "password": "…(1+)", "token": "…(20+)", "id": 7, "admin": False, "card": "…1111",
        "iban": "DE…3000", "phone": "…78", "otp": "…(1+)", "title": "Blue shirt", "street": "…(8+)",
        "pair": [{"name": "pwd", "value": "…(1+)"}],
    }  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), [
    ('{"password": "hunter2", "a": 1', '{"password": "…(1+)", "a": 1'),
    ('{"otp": 1234, "a": 1', '{"otp": …(1+), "a": 1'),
    ('"{\\"password\\":\\"hunter2\\"}', '"{\\"password\\":\\"…(1+)\\"}'),
    ("<password>x</password>", "<password>…(1+)</password>"),
    ("password=hunter2&a=1", "password=…(1+)&a=1"), ("http://u:p@h/", "http://…(1+)@h/"),
    ("a = 1, b: 2", "a = 1, b: 2"),
    ("Authorization: Bearer abc", "Authorization: …(8+)"), ("mail alice@example.com", "mail a…@e….com"),
    ("Basic dXNlcjpodW50ZXIy", "Basic …(8+)"), ("Basic authentication", "Basic authentication"), ("", ""),
    ('name="password"\r\n\r\nhunter2\r\n--b', 'name="password"\r\n\r\n…(1+)\r\n--b'), ("total: 12", "total: 12"),
])  # fmt: skip
def test_text_that_is_no_json(text: str, shown: str) -> None:
    assert Masker().mask_text(text) == shown


def test_headers_and_address() -> None:
    headers = (
        ("Authorization", "Bearer abcdefghijkl"), ("Cookie", "sid=abc; theme=dark"), ("X-API-Key", "k" * 30),
        ("Accept", "*/*"),
        ("Set-Cookie", "sid=abc; Path=/; HttpOnly"),
    )  # fmt: skip
    shown = Masker().mask_exchange(
        _exchange(b"", headers, "https://h/u/a%40b.io?api_key=abc&page=2&card=4111+1111+1111+1111")
    )
    assert shown.request.url == "https://h/u/a…@b….io?api_key=…(1+)&page=2&card=…1111"
    assert [value for _, value in shown.request.headers] == [
        "Bearer …(8+)", "sid=…(1+); theme=…(1+)", "…(20+)", "*/*", "sid=…(1+); Path=/; HttpOnly",
    ]  # fmt: skip


def test_form_bodies() -> None:
    body = b"username=alice&password=hun%22ter%262&email=a%40b.io&card=4111+1111+1111+1111&page=2&x=%26"
    shown = Masker().mask_body(body, media_type=FORM).decode()
    assert shown == "username=alice&password=…(8+)&email=a…@b….io&card=…1111&page=2&x=%26"


def test_the_beginning_of_a_secret_at_a_cut_is_hidden() -> None:
    assert Masker(["hunter22abc"]).mask_body(b"echo hunter22", is_cut=True).decode() == "echo …(8+) … [cut]"
    assert Masker(["hunter22abc"]).mask_body(b"echo hunter22").decode() == "echo hunter22"


def test_binary_and_failed_exchanges() -> None:
    assert Masker().mask_body(b"\x89PNG\0\0hunter2") == b"[binary]"
    failed = Exchange(Request("GET", "http://h/"), failure=Failure.TIMEOUT, failure_detail="to a@b.io")
    assert Masker().mask_exchange(failed).failure_detail == "to a…@b….io"


def test_a_secret_that_spans_the_marks_of_json_is_hidden() -> None:
    shown = Masker(['"000000"', 'a", "b']).mask_body(b'["000000", "a", "b"]')
    assert b'"000000"' not in shown
    assert b'a", "b' not in shown
    assert not isinstance(parse_json(shown), NotJson)


def test_email_keys_stay_apart() -> None:
    shown = json.loads(Masker().mask_body(b'{"anna@x.de": 1, "alan@x.de": 2, "n": 1e999}'))
    assert list(shown.values()) == [1, 2, "inf"]


def test_values_below_a_secret_name_are_hidden() -> None:
    body = {"credentials": {"type": "password-login", "value": "abcdefghij", "note": "one two three"}}
    shown = json.loads(Masker().mask_body(json.dumps(body).encode()))
    assert shown == {"credentials": {"type": "password-login", "value": "…(8+)", "note": "one two three"}}
