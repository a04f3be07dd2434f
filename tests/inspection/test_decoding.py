import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.inspection.decoding import MAX_STEPS, hidden_text, layers, sound


def last(text: str) -> str:
    return [text, *(decoded for _, decoded in layers(text))][-1]


@pytest.mark.parametrize(
    ("text", "name", "decoded"),
    [
        ("%3Cb%3E", "percent", "<b>"),
        ("%u003Cb", "percent", "<b"),
        ("%c0%ae%c0%ae%c0%af", "percent", "../"),
        ("%e0%80%af", "percent", "/"),
        ("%f0%80%80%af", "percent", "/"),
        ("&lt;b&gt;", "entities", "<b>"),
        ("&#60;b", "entities", "<b"),
        ("&#x3c;b", "entities", "<b"),
        ("\\u003cb", "escapes", "<b"),
        ("\\u{3c}b", "escapes", "<b"),
        ("\\x3cb", "escapes", "<b"),
        ("\\074b", "escapes", "<b"),
        ("\\ud800", "escapes", "\ufffd"),
        ("+ADw-b+AD4-", "utf-7", "<b>"),
        ("0x2e0x2e0x2f", "hex-bytes", "../"),
        ("..0x2fz", "hex-bytes", "../z"),
        ("a\x00b", "blanks", "ab"),
        ("a\u200bb", "blanks", "ab"),
        ("1+union+select", "plus", "1 union select"),
        ("\uff1c\uff42\uff1e", "unicode", "<b>"),
        ("\u2039b\u203a", "unicode", "<b>"),
        ("PHNjcmlwdD5hbGVydCgxKQ==", "base64", "<script>alert(1)"),
        ("3c7363726970743e616c657274", "hex", "<script>alert"),
    ],
)
def test_each_decoding(text: str, name: str, decoded: str) -> None:
    assert next(layers(text)) == (name, decoded)


@pytest.mark.parametrize(
    "text", ["100%", "a & b", "C:\\new", "1 + 2", "0x1F", "AT&T", "&nbsp", "plain", "+49 30", "ähnlich"]
)
def test_what_is_not_encoded_has_no_layer(text: str) -> None:
    assert list(layers(text)) == []


def test_layers_follow_one_another() -> None:
    assert last("%2526lt%253Bb") == "<b"


@pytest.mark.parametrize(
    "text",
    [
        "short",
        "550e8400-e29b-41d4-a716-446655440000",
        "PG3227C223222B5CMD3FJFKGZ",
        "d41d8cd98f00b204e9800998ecf8427e",
        "aaaaaaaaaaaaaaaaaaaaa",
        "ä" * 20,
    ],
)
def test_identifiers_hide_no_text(text: str) -> None:
    assert hidden_text(text) is None


def test_base64_of_the_web_is_read_too() -> None:
    assert hidden_text("Pz8_Pj4-Pz8_Pj4-") == ("base64", "???>>>???>>>")
    assert hidden_text("b3RoZXIgdGV4dCB-fn4") == ("base64", "other text ~~~")


@pytest.mark.long
@given(st.text(max_size=200))
def test_layers_are_bounded_and_sound(text: str) -> None:
    found = list(layers(sound(text)))

    assert len(found) <= MAX_STEPS
    assert all(decoded.encode() is not None for _, decoded in found)


def test_endless_encoding_ends() -> None:
    assert len(list(layers("%25" * 5 + "25" * 50))) <= MAX_STEPS


def test_lone_surrogates_are_replaced() -> None:
    assert sound("a\ud800b") == "a\ufffdb"
