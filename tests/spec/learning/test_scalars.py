import json

from apiward.spec.learning.scalars import LISTED_FROM, MOST_VALUES, Texts, Witness
from tests.spec.learning.seeing import classify, digest


def texts(shown: list[tuple[int, str]], name: str = "state") -> Texts:
    made = Texts()
    for caller, text in shown:
        made.add(name, text, Witness(caller, digest, classify, 9))
    return made


def test_a_value_is_kept_only_when_enough_callers_have_shown_it() -> None:
    shown = [(1, "secretly"), (2, "secretly"), (3, "secretly"), *((caller, "open") for caller in range(4))]
    made = texts(shown)
    assert made.listed == {}
    made.looks["word"].count = LISTED_FROM
    for caller, text in shown:
        made.add("state", text, Witness(caller, digest, classify, 9))
    assert set(made.listed.values()) == {"open"}
    assert "secretly" not in json.dumps(made.state())
    assert "open" in json.dumps(made.state())


def test_sensitive_values_are_never_kept() -> None:
    made = texts([(caller, "Anna") for caller in range(9)], name="full_name")
    assert made.values is None
    assert "Anna" not in json.dumps(made.state())
    assert made.kinds == {"name": 9}


def test_many_values_are_no_list() -> None:
    made = texts(
        [(caller, f"word{'abcdefghijklmnopqrstu'[number]}") for number in range(MOST_VALUES + 1) for caller in range(5)]
    )
    assert made.values is None
    assert made.listed == {}


def test_ids_and_numbers_are_no_list() -> None:
    assert texts([(caller, "42") for caller in range(9)]).values is None


def test_what_two_workers_saw_is_joined() -> None:
    one, other = texts([(1, "open"), (2, "open")]), texts([(3, "open"), (4, "open"), (4, "shut")])
    one.join(other)
    assert one.values is not None
    assert len(one.values) == 2
    assert sum(tally.count for tally in one.looks.values()) == 5
    other = texts([(9, "a@b.example")])
    one.join(other)
    assert one.values is None
