import pytest

from apiward.catalogue.detections import load_detections
from apiward.catalogue.incidents import PLACES, load_incident_words, read_incident_words
from apiward.catalogue.loading import CatalogueError
from apiward.catalogue.prose import Manner, prose_problems

WORDS = load_incident_words()
TITLES = {"message.test", "message.channel", "message.digest", "message.digest-line"}
GOOD = (
    "".join(
        f"[{table}]\n" + "".join(f'{name.partition(".")[2]}="T."\n' for name in PLACES if name.startswith(f"{table}."))
        for table in ("moments", "next", "unknown")
    )
    + '[who]\nother="{name}"\nwhole="T"\n[touched]\nother="others"\n[part-of]\n"a.b"=["a.c"]\n[message]\n'
    + "".join(f'{name.partition(".")[2]}="T."\n' for name in PLACES if name.startswith("message."))
)


@pytest.mark.parametrize("name", sorted(PLACES))
def test_the_words_are_plain(name: str) -> None:
    text = WORDS.texts[name]
    # A reason or a command that is filled in at the end ends the sentence; titles are none.
    manner = Manner(160, is_sentence=text.endswith((".", "{saw}")), places=PLACES[name])
    assert list(prose_problems(text, manner)) == []
    assert manner.is_sentence or text.endswith("}") or name in TITLES


def test_who_is_told_as_people_say_it() -> None:
    assert WORDS.who("address:192.0.2.7") == "the address 192.0.2.7"
    assert WORDS.who("user:https://id.example|42") == "the account https://id.example|42"
    assert WORDS.who("everybody:") == "many callers together"
    assert WORDS.who("{x}:{y}") == "{x}:{y}"
    assert (WORDS.touched("user"), WORDS.touched("strange")) == ("accounts", "others")
    assert WORDS.said("moments.seen", count=3) == "It was seen for the first time. 3 requests belong to it so far."


def test_all_that_is_tied_is_something_that_watch_detects() -> None:
    assert set(WORDS.tied) <= set(load_detections())


def test_parts_of_one_whole_are_tied_to_it_and_to_one_another() -> None:
    words = read_incident_words(GOOD.replace('"a.b"=["a.c"]', '"a.b"=["a.c"]\n"a.d"=["a.c"]\n"x.y"=["x.z"]'))
    assert words.related("a.b") == {"a.c", "a.d"}
    assert words.related("a.c") == {"a.b", "a.d"}
    assert words.related("x.y") == {"x.z"}
    assert words.related("other") == frozenset()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("x = [", "no TOML"),
        ("[moments]\n", "must have the tables"),
        (GOOD.replace('seen="T."\n', ""), "moments.seen: missing"),
        (GOOD.replace('other="others"', ""), "touched.other: missing"),
        (GOOD.replace('seen="T."', "seen=1"), "must be a text"),
        (GOOD.replace('seen="T."', 'seen="{odd}"'), "unknown place odd"),
        (GOOD.replace("[next]", '[next]\nodd="T."'), "key odd: unknown"),
        (GOOD.replace('"a.b"=["a.c"]', '"a.b"=[]'), "must be a list of rules"),
        (GOOD.replace('[part-of]\n"a.b"=["a.c"]\n', "[[part-of]]\n"), "must be a table"),
    ],
)
def test_a_slip_is_told_with_its_place(text: str, word: str) -> None:
    assert read_incident_words(GOOD).texts["moments.seen"] == "T."
    with pytest.raises(CatalogueError, match=word):
        read_incident_words(text)
