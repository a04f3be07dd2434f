import pytest

from apiward.catalogue.grades import FILE, LETTERS, PLACES, load_grade_words, read_grade_words
from apiward.catalogue.loading import CatalogueError
from apiward.catalogue.prose import Manner, prose_problems
from apiward.prove.grade import CapKind, Letter, Missing

WORDS = load_grade_words()
GOOD = "".join(
    f"[{table}]\n" + "".join(f'{name}="T."\n' for name in names)
    for table, names in (
        ("letters", LETTERS), ("caps", ("x",)), ("lifts", ("x",)), ("missing", ("y",)), ("first", ("y",)),
        ("commands", ("x", "y")),
    )
)  # fmt: skip


@pytest.mark.parametrize("name", sorted(name for name in WORDS.texts if not name.startswith("commands.")))
def test_the_words_are_plain(name: str) -> None:
    assert list(prose_problems(WORDS.texts[name], Manner(160, places=PLACES[name.partition(".")[0]]))) == []


def test_every_letter_cap_and_gap_has_its_words() -> None:
    assert set(LETTERS) == {letter.name for letter in Letter} | {"none"}
    assert WORDS.names("caps") == {kind.value for kind in CapKind}
    assert WORDS.names("missing") == {kind.value for kind in Missing}
    assert all(text.startswith("apiward ") for name, text in WORDS.texts.items() if name.startswith("commands."))


def test_numbers_come_with_the_word_that_fits() -> None:
    assert WORDS.said("caps.serious", title="A {b}", count=1) == "A {b}: serious, in 1 place."
    assert WORDS.said("caps.incident", title="", count=2) == "2 incidents are open, and nobody is held off for it."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[caps]", "[cap]"),
        ('A="T."', "A=1"),
        ('A="T."', 'A="{title}"'),
        ('[caps]\nx="T."', '[caps]\nx="{odd}"'),
        ('[lifts]\nx="T."', "[lifts]"),
        ('[first]\ny="T."', "[first]"),
        ('[commands]\nx="T."', "[commands]"),
        ('none="T."', ""),
        ("", "="),
    ],
)
def test_a_slip_in_the_data_is_an_error_with_its_place(old: str, new: str) -> None:
    assert read_grade_words(GOOD).said("letters.A") == "T."
    with pytest.raises(CatalogueError, match=FILE.replace(".", r"\.")):
        read_grade_words(GOOD.replace(old, new, 1))
