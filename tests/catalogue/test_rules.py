import pytest

from apiward.catalogue.loading import CatalogueError
from apiward.catalogue.rules import Rule, StageEntry, load_rules, read_rules

STAGE = '[flood]\ncan = "It counts."\ncannot = "It cannot see."\n'
RULE = '[flood.too-many]\nstatus = 429\ntitle = "Too many."\ndetail = "Wait."\nowner = "Somebody sent a lot."\n'


def test_a_stage_and_its_rules_are_read() -> None:
    entry, rules = read_rules(STAGE + RULE, stage="flood")
    assert entry == StageEntry("flood", "It counts.", "It cannot see.")
    assert rules == {"flood.too-many": Rule("flood.too-many", 429, "Too many.", "Wait.", "Somebody sent a lot.")}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[flood", "no TOML"),
        ("", "all tables must begin with"),
        (STAGE + "[other]\n", "all tables must begin with"),
        ('[flood]\ncan = "x"\n', "key cannot: must be a text"),
        (STAGE.replace("can =", "may ="), "key can"),
        (STAGE + RULE.replace("429", "200"), "status from 400 to 599"),
        (STAGE + RULE.replace("429", '"429"'), "status from 400 to 599"),
        (STAGE + RULE.replace("status = 429\n", ""), "status from 400 to 599"),
        (STAGE + RULE.replace('owner = "Somebody sent a lot."\n', ""), "key owner: must be a text"),
        (STAGE + RULE + 'more = "x"\n', "key more: unknown"),
    ],
)
def test_a_slip_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(CatalogueError, match=r"rules/flood\.toml") as error:
        read_rules(text, stage="flood")
    assert told in str(error.value)


def test_all_rules_of_the_package_are_read() -> None:
    book = load_rules()
    assert len(book.rules) > 100
    assert book.rules["guard.body-too-large"].status == 413
