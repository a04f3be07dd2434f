import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.spec.learning.texts import IDENTIFYING, Look, is_drawn, is_odd_word, is_random, is_value_like, look_of


@pytest.mark.parametrize(
    ("text", "look"),
    [
        ("", Look.EMPTY),
        ("42", Look.INTEGER),
        ("-7", Look.INTEGER),
        ("2.50", Look.NUMBER),
        ("true", Look.TRUTH),
        ("0b9c1f38-3c5b-4f53-9c1b-0a6b6f2a7d11", Look.UUID),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", Look.ULID),
        ("507f1f77bcf86cd799439011", Look.HEX),
        ("2026-11-30", Look.DATE),
        ("2026-11-30T10:00:00Z", Look.DATE_TIME),
        ("2026-11-30T10:00:00.123+01:00", Look.DATE_TIME),
        ("anna@mail.example", Look.EMAIL),
        ("https://shop.example/a", Look.URI),
        ("192.0.2.1", Look.IPV4),
        ("v1", Look.VERSION),
        ("v2beta1", Look.VERSION),
        ("orders", Look.WORD),
        ("password-reset", Look.WORD),
        ("how-to-train-your-dragon", Look.NAME),
        ("dQw4w9WgXcQ7aB3", Look.TOKEN),
        ("MTIzNDU2Nzg5MDEyMzQ1Ng==", Look.TOKEN),
        ("getUserProfileV2Details", Look.NAME),
        ("two words", Look.TEXT),
        ("x" * 600, Look.TEXT),
    ],
)
def test_a_text_is_known_by_its_look(text: str, look: Look) -> None:
    assert look_of(text) is look


@given(st.uuids())
def test_every_uuid_identifies(value: uuid.UUID) -> None:
    assert look_of(str(value)) in IDENTIFYING


@given(st.text(max_size=700))
def test_any_text_has_a_look(text: str) -> None:
    assert look_of(text) in Look


@pytest.mark.parametrize("sign", ["a", "1", "-", "a1", "A-", "@", "1.", "\u0660"])
def test_a_long_text_takes_no_time(sign: str) -> None:
    begun = time.thread_time()
    for _ in range(50):
        look_of(sign * 512)
        is_value_like(f"{sign * 510}aB")
    assert time.thread_time() - begun < 1.0  # a pattern that tries again and again would take minutes


def test_words_are_not_random() -> None:
    assert not is_random("internationalization2")
    assert is_random("aB3xY9kQ2mZ")


def test_values_look_like_values() -> None:
    assert is_value_like("title42")
    assert is_value_like("how-to-train-dragons")
    assert is_value_like("A nice book")
    assert not is_value_like("password-reset")
    assert not is_value_like("v1")


@pytest.mark.parametrize("text", ["PunqyMjk", "QCXVdEkD", "cWiDxSrg", "cbgzvvvC", "jbttetES", "xKqTvB", "Rk-vTqLm"])
def test_short_ids_of_letters_look_drawn(text: str) -> None:
    assert is_drawn(text)
    assert is_value_like(text)


@pytest.mark.parametrize(
    "text",
    [*("currentUser", "userSubscriptions", "getHTTPStatus", "orderURL", "sendSMS", "myOAuthTokens", "ShopOrders"),
     *("me", "orders", "passwordReset", "threadScripts", "syncPhrases", "GraphQL", "jbttetes", "iOS"),
     *("csvExport", "ordersPdf")],
)  # fmt: skip
def test_words_in_camel_case_do_not(text: str) -> None:
    assert not is_drawn(text)
    assert not is_value_like(text)


@pytest.mark.parametrize("text", ["Zjrwzsoc", "Kalenros", "KALENROS", "zjrwzsoc", "bcdfg"])
def test_letters_as_no_fixed_part_is_written_are_odd(text: str) -> None:
    assert is_odd_word(text)


@pytest.mark.parametrize(
    "text", ["archived", "current", "sms", "html", "thread-scripts", "my_orders", "k3j9x0ab", "42", ""]
)
def test_words_as_people_write_them_are_not(text: str) -> None:
    assert not is_odd_word(text)
