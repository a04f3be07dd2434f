"""Ten playbooks, in words that owners understand, in an order that can be followed."""

from dataclasses import replace

import pytest

from apiward.catalogue.loading import CatalogueError
from apiward.catalogue.playbooks import (
    ACTIONS,
    PLAYBOOK_NAMES,
    Playbook,
    load_playbooks,
    playbook_problems,
    read_playbook,
)

BOOK = load_playbooks()["stuffing"]
GOOD = """
title = "It"
what = "It is."
worst = "It is bad."
evidence = ["One."]
customers = "Dear customer of {business}."
done = "It is done."
[[steps]]
name = "hold"
who = "owner"
when = "now"
minutes = 1
do = "Hold it."
"""


@pytest.mark.parametrize("name", PLAYBOOK_NAMES)
def test_a_playbook_is_in_plain_words_and_in_order(name: str) -> None:
    assert list(playbook_problems(load_playbooks()[name])) == []


def test_there_are_ten_and_every_action_is_used() -> None:
    books = load_playbooks().values()
    assert len(books) == 10
    assert {step.action for book in books for step in book.steps if step.action} == set(ACTIONS)
    assert all({step.who for step in book.steps} == {"owner", "developer"} for book in books)
    assert all(len({book.title, book.what, book.worst}) == 3 for book in books)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": "It ends."}, "title"),
        ({"what": "the attacker"}, "what"),
        ({"evidence": ("no stop",)}, "evidence"),
        ({"customers": "Dear {name}."}, "customers"),
        ({"steps": (BOOK.steps[-1], BOOK.steps[0])}, "due now"),
        ({"steps": (BOOK.steps[0], BOOK.steps[0])}, "two steps"),
        ({"steps": (replace(BOOK.steps[0], name="A b"),)}, "kebab"),
        ({"steps": (replace(BOOK.steps[0], who="nobody"),)}, "who must"),
        ({"steps": (replace(BOOK.steps[0], minutes=0),)}, "minutes"),
        ({"steps": (replace(BOOK.steps[0], action="nuke"),)}, "no action"),
        ({"steps": (replace(BOOK.steps[0], undo=""),)}, "belong together"),
        ({"steps": (replace(BOOK.steps[0], only_if="It is so."),)}, "no question"),
        ({"steps": (replace(BOOK.steps[0], do="exploit it"),)}, "do uses"),
        ({"steps": (replace(BOOK.steps[0], undo="exploit it"),)}, "undo uses"),
    ],
)
def test_what_is_wrong_is_found(change: dict[str, object], said: str) -> None:
    book: Playbook = replace(BOOK, **change)  # type: ignore[arg-type] # fields of a playbook
    assert any(said in problem for problem in playbook_problems(book))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "="),
        ("[[steps]]", "[[step]]"),
        ('title = "It"', ""),
        ('title = "It"', "title = 7"),
        ('what = "It is."', 'what = "It is."\nmore = "x"'),
        ("minutes = 1", 'minutes = "1"'),
        ("minutes = 1", "minutes = 1\nmore = 1"),
        ('do = "Hold it."', ""),
        ('do = "Hold it."', 'do = ""'),
    ],
)
def test_a_slip_in_the_data_is_an_error_with_its_place(old: str, new: str) -> None:
    assert read_playbook(GOOD, "it").steps[0].name == "hold"
    with pytest.raises(CatalogueError, match=r"playbooks/it\.toml"):
        read_playbook(GOOD.replace(old, new, 1), "it")


def test_steps_are_tables() -> None:
    with pytest.raises(CatalogueError, match="must be a table"):
        read_playbook(f"steps = [1]\n{GOOD.partition('[[')[0]}", "it")
