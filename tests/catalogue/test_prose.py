"""Each rule for words fires on a bad text and stays silent on a good one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.catalogue.prose import JARGON, Manner, prose_problems, sentences

OWNER = Manner(120, places=frozenset({"status"}))
TITLE = Manner(70, is_sentence=False)
DEVELOPER = Manner(120, has_jargon=True)


@pytest.mark.parametrize(
    "text",
    [
        "Any customer can read another customer's order.",
        "Version 3.1 of it answered with {status}. Is that right?",
        "{status} came back.",
        "apiward could not log in.",
        "A factor, a vectorised thing and an exploitation of land are no trade words.",
    ],
)
def test_a_good_sentence_passes(text: str) -> None:
    assert list(prose_problems(text, OWNER)) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("A" * 120 + ".", "has 121 characters, more than 120"),
        ("No stop", "does not end with a full stop"),
        ("small start.", "does not start with a capital letter"),
        ("Two  spaces.", "holds a double space, a tab or a line break"),
        ("A\tdash.", "holds a double space, a tab or a line break"),
        ("A line\nbreak.", "holds a double space, a tab or a line break"),
        ("A space at the end. ", "starts or ends with a space"),
        (" A space before.", "starts or ends with a space"),
        ("It has {that}.", "has the unknown place {that}"),
        ("It has {}.", "has the unknown place {}"),
        ("It has {status.", "has a stray brace"),
        ("It has status}.", "has a stray brace"),
        ("One Payload is enough.", "uses the trade word 'Payload'"),
        ("Your vulnerabilities.", "uses the trade word 'vulnerabilities'"),
        ("A " + "b " * 24 + "c.", "has a sentence of 26 words, more than 25: 'A b b b'"),
    ],
)
def test_a_bad_sentence_is_named(text: str, problem: str) -> None:
    assert problem in list(prose_problems(text, OWNER))


def test_a_title_is_no_sentence() -> None:
    assert list(prose_problems("Passwords can be tried without limit", TITLE)) == []
    assert list(prose_problems("Passwords can be tried.", TITLE)) == ["ends like a sentence"]


@pytest.mark.parametrize("word", JARGON)
def test_trade_words_are_for_developers_only(word: str) -> None:
    text = f"It names {word} here."
    assert any("trade word" in problem for problem in prose_problems(text, OWNER))
    assert list(prose_problems(text, DEVELOPER)) == []


def test_what_was_seen_counts_as_a_sentence() -> None:
    assert sentences("Look at it. {saw} Mend it.") == ("Look at it.", "{saw}.", "Mend it.")
    assert list(prose_problems("Look at it. {saw}", Manner(50, places=frozenset({"saw"})))) == []


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert all(isinstance(problem, str) for problem in prose_problems(text, OWNER))
