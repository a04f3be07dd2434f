import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.inspection.api import CHUNK, MAX_TEXT, chunks_of, inspect_text
from apiward.inspection.model import NEEDED, Hit, Profile

ATTACK = "x' OR 'a'='a' -- "


def seen(text: str, profile: Profile = Profile.VALUE) -> Hit:
    hit = inspect_text(text, profile)
    assert hit is not None
    return hit


@pytest.mark.parametrize("text", ["", "a", "Springfield", "12345", "ann42", " ", "ß"])
def test_plain_words_pass(text: str) -> None:
    assert inspect_text(text) is None


def test_hit_says_class_rule_and_layers() -> None:
    hit = seen("%2527%2520OR%25201%253D1--")

    assert hit.attack == "sql"
    assert hit.layer == ("percent", "percent")
    assert 0.5 <= hit.score <= 1


def test_reason_never_holds_the_value() -> None:
    secret = "hunter2hunter2"

    assert secret not in repr(seen(f"{secret}' OR '{secret}'='{secret}"))


@pytest.mark.parametrize("place", [0, 5_000, CHUNK - 5, CHUNK, 3 * CHUNK + 100, 200_000, 524_000])
def test_attack_is_seen_wherever_it_stands_in_a_long_text(place: int) -> None:
    assert inspect_text("lorem ipsum " * (place // 12) + ATTACK + " dolor sit" * 60_000) is not None


def test_of_a_longer_text_beginning_and_end_are_judged() -> None:
    assert inspect_text("a " * MAX_TEXT + ATTACK) is not None
    assert inspect_text(ATTACK + "a " * MAX_TEXT) is not None


@pytest.mark.parametrize("size", [CHUNK * 2, CHUNK * 8, CHUNK * 32])
def test_work_grows_with_length_and_no_further(size: int) -> None:
    assert sum(map(len, chunks_of("x" * size))) <= 1.2 * size
    assert sum(map(len, chunks_of("x" * (size + 4 * MAX_TEXT)))) <= 1.2 * MAX_TEXT


def test_prose_needs_a_surer_sign_than_a_value() -> None:
    text = "http://127.0.0.1/"

    assert inspect_text(text, Profile.VALUE) is not None
    assert inspect_text(text, Profile.PROSE) is None
    assert NEEDED[Profile.PROSE] > NEEDED[Profile.VALUE]


def test_formatting_passes_and_running_tags_do_not() -> None:
    assert inspect_text("<p>Hello <b>you</b></p>") is None
    assert inspect_text("<p onclick=go()>Hello</p>", Profile.PROSE) is not None


@given(st.text(max_size=300), st.sampled_from(Profile))
def test_never_raises(text: str, profile: Profile) -> None:
    inspect_text(text, profile)


@given(st.text(alphabet="'\"`<>(){}[]$#%&;|\\/*-+=!~^@:.,\n\r\t\x00 0x1anduios\ud800selct", max_size=200))
def test_never_raises_on_marks(text: str) -> None:
    inspect_text(text)


@given(st.lists(st.sampled_from(["green", "Anna", "we", "and", "delivery", "or", "the", "7", "Tuesday"]), max_size=30))
def test_plain_words_in_any_order_pass(words: list[str]) -> None:
    assert inspect_text(" ".join(words)) is None


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_never_raise(raw: bytes) -> None:
    inspect_text(raw.decode("latin-1"))
    inspect_text(raw.hex())
