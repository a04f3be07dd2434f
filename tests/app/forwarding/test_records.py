import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from apiward.app.forwarding.lines import Lines, check_words, rule_words
from apiward.app.forwarding.records import Records, severity_of
from apiward.core.decision import Decision, Ruling
from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.core.outgoing import RECORD_KINDS, LineForm, Outgoing
from apiward.stores.events.database import open_database, sqlite_url
from apiward.watch.formats.words import Words
from tests.app.forwarding.made import ALL, fill
from tests.stores.events.made import PLAIN
from tests.watch.formats.ocsf_rules import problems


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Give a store with something of each kind."""
    made = open_database(sqlite_url(tmp_path / "events.sqlite"))
    fill(made)
    yield made
    made.dispose()


def records(engine: Engine, form: LineForm) -> list[Outgoing]:
    """Return all of each kind, two by two."""
    read, found = Records(engine, Lines(form, lambda rule: Words(f"The {rule}"))), []
    for kind in RECORD_KINDS:
        after = 0
        while True:
            page = read.page(kind, after, 2)
            if not page.records:
                break
            found += page.records
            after = page.upto
        assert read.page(kind, after, 2).upto == after
    return found


@pytest.mark.parametrize("form", LineForm)
def test_each_kind_comes_in_each_form_on_one_line(engine: Engine, form: LineForm) -> None:
    found = records(engine, form)
    assert tuple(one.kind for one in found) == ALL
    assert all(len(one.line.splitlines()) == 1 for one in found)
    assert len({one.id for one in found}) == len(ALL)


def test_ocsf_has_a_class_for_each(engine: Engine) -> None:
    shown = [json.loads(one.line) for one in records(engine, LineForm.OCSF)]
    assert [one["class_uid"] for one in shown] == [6003, 6003, 6003, 2002, 2004, 2005]
    assert [problems(one) for one in shown] == [[]] * len(ALL)
    assert shown[4]["message"] == "The accounts.stuffing"


def test_our_own_lines_say_what_they_are(engine: Engine) -> None:
    *_, finding, detection, incident = (json.loads(one.line) for one in records(engine, LineForm.JSONL))
    assert (finding["kind"], finding["turn"], finding["severity"]) == ("finding", "new", "high")
    assert (detection["kind"], detection["incident"], detection["count"]) == ("detection", "4f2a", 57)
    assert (incident["kind"], incident["state"], incident["time"]) == ("incident", "open", "2027-01-15T08:01:00Z")


def test_cef_names_what_made_it(engine: Engine) -> None:
    products = [one.line.split("|")[2] for one in records(engine, LineForm.CEF)]
    assert products == ["guard", "guard", "guard", "scan", "watch", "incident"]


def test_a_check_has_the_words_of_the_catalogue() -> None:
    words = check_words("OBJ01")
    assert words.title != "OBJ01"
    assert re.fullmatch(r"CWE-\d+", words.cwe)
    assert check_words("OLD99") == Words("OLD99")


def test_a_rule_has_the_words_of_the_catalogue_and_one_of_the_owner_its_name() -> None:
    words = rule_words("accounts.stuffing")
    assert words.title != "accounts.stuffing"
    assert words.attack == ("T1110.004",)
    assert rule_words("mine.odd-hours") == Words("mine.odd-hours")


@pytest.mark.parametrize(
    ("event", "severity"),
    [
        (PLAIN, Severity.NOTE),
        (PLAIN._replace(status=503), Severity.LOW),
        (PLAIN._replace(outcome="failed"), Severity.LOW),
        (PLAIN._replace(kind="block"), Severity.LOW),
        (PLAIN._replace(rulings=(Ruling(Decision("permit.role"), is_applied=True),)), Severity.MEDIUM),
    ],
)
def test_what_was_refused_is_worth_a_look(event: Event, severity: Severity) -> None:
    assert severity_of(event) is severity
