import pytest

from apiward.catalogue.detections import (
    DetectionEntry,
    detection_problems,
    load_detections,
    read_detections,
)  # fmt: skip
from apiward.catalogue.loading import CatalogueError
from apiward.core.finding import Severity

TEXT = """[sharing]
title = "A key is shared"
saw = "It came from {networks} networks."
meaning = "Others have it."
todo = "Give out a new one."
severity = "low"
owasp_api = ["API2:2023"]
oat = ["OAT-008"]
attack = ["T1528"]
playbook = "leaked-key"
"""


def _entry(text: str = TEXT) -> DetectionEntry:
    return read_detections(text, family="accounts")["accounts.sharing"]


def test_an_entry_is_read_and_tells_its_facts() -> None:
    entry = _entry()
    assert (entry.rule, entry.severity, entry.playbook) == ("accounts.sharing", Severity.LOW, "leaked-key")
    assert entry.told({"networks": "4"}) == "It came from 4 networks."
    assert entry.told({}) == "It came from ? networks."
    assert not list(detection_problems(entry))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[sharing", "no TOML"),
        ("title = 'x'", "stands outside"),
        (TEXT + 'more = "x"\n', "key more: unknown"),
        (TEXT.replace('"low"', '"bad"'), "must be one of"),
        (TEXT.replace('title = "A key is shared"\n', ""), "key title: must be"),
    ],
)
def test_a_slip_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(CatalogueError, match=r"detections/accounts\.toml") as error:
        read_detections(text, family="accounts")
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Others have it.", "An attacker has it.", "meaning uses the trade word"),
        ("API2:2023", "API2:2019", "owasp_api holds"),
        ("OAT-008", "OAT-099", "oat holds"),
        ("T1528", "T15", "attack holds"),
        ("leaked-key", "nothing", "no playbook"),
    ],
)
def test_the_words_are_read_as_an_editor_would(old: str, new: str, told: str) -> None:
    assert any(told in problem for problem in detection_problems(_entry(TEXT.replace(old, new))))


@pytest.mark.parametrize("entry", load_detections().values(), ids=load_detections())
def test_the_words_of_the_package_are_right(entry: DetectionEntry) -> None:
    assert list(detection_problems(entry)) == []
