import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.stores.record.signing import NotSignedError, PublicKey, Signer

SIGNER = Signer(bytes(range(32)))
TEXT = "a record\n7\n"
NOTE = SIGNER.signed(TEXT)


def test_a_note_is_opened_with_the_key_and_has_the_form_of_c2sp() -> None:
    assert SIGNER.public.opened(NOTE) == TEXT
    body, below = NOTE.split("\n\n")
    lead, name, coded = below.removesuffix("\n").split(" ")
    assert (f"{body}\n", lead, name) == (TEXT, "—", SIGNER.public.name)
    assert len(base64.b64decode(coded)) == 4 + 64


def test_the_form_is_that_of_the_public_example() -> None:
    # From the documentation of golang.org/x/mod/sumdb/note: another program's key and note.
    key = PublicKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    note = f"{text}\n— PeterNeumann {signature}\n"
    assert key.opened(note) == text


def test_a_key_comes_back_from_its_line() -> None:
    assert PublicKey.parse(f" {SIGNER.public.text}\n") == SIGNER.public


@pytest.mark.parametrize("text", ["", "a", "a+b+c", "a b+00000000+AA==", SIGNER.public.text.replace("+", "x+", 1)])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        PublicKey.parse(text)


@pytest.mark.parametrize(
    "note",
    [
        "",
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}\nno lead\n",
        NOTE.replace("7", "8"),
        NOTE.replace("— ", "- "),
        f"{TEXT}\n" + "— x AAAA\n" * 17,
        Signer(bytes(32)).signed(TEXT),
        f"{TEXT}\n— {SIGNER.public.name} !!!!\n",
    ],
)
def test_what_is_not_signed_with_the_key_is_not_opened(note: str) -> None:
    with pytest.raises(NotSignedError):
        SIGNER.public.opened(note)


def test_another_signature_beside_ours_is_no_harm() -> None:
    assert SIGNER.public.opened(f"{NOTE}— witness.example AAAAAAAA\n") == TEXT


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(NotSignedError):
        SIGNER.public.opened(text)
    with pytest.raises(ValueError, match="no key"):
        PublicKey.parse(text)


@given(st.integers(0, len(NOTE) - 1), st.characters(codec="utf-8"))
def test_no_changed_sign_goes_unnoticed(at: int, sign: str) -> None:
    changed = NOTE[:at] + sign + NOTE[at + 1 :]
    if changed != NOTE:
        try:
            assert SIGNER.public.opened(changed) == TEXT  # only what is not signed: the last line feed
        except NotSignedError:
            return
