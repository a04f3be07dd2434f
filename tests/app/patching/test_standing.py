from pathlib import Path

from apiward.app.patching.filing import file_rules
from apiward.app.patching.standing import standing
from apiward.config.guarding import GuardConfig
from apiward.core.decision import Decision, Ruling
from apiward.core.event import Event
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.events.rows import row_of
from apiward.stores.events.storing import SqlEvents
from tests.app.patching.test_filing import rule

NOW_S = 1_800_000_000.0


def event(number: int, rule_id: str, saw: str) -> Event:
    ruling = Ruling(Decision(rule_id, saw=saw), is_applied=True)
    return Event(
        str(number), NOW_S, "GET", "GET /a", "/a", 404, "refused", "", "", (ruling,), 0.0, 0.0, 0, 0, "request", ""
    )


def test_rules_tell_how_often_they_spoke_and_whether_they_ended(tmp_path: Path) -> None:
    ended = rule("old", "f1")
    old = type(ended)(ended.table, {**ended.values, "expires": "2020-01-01"}, ended.findings)
    stages = rule("on", "f2")
    on = type(stages)(
        "patch",
        {
            "id": "on",
            "operation": "* /**",
            "kind": "stages-on",
            "stages": ["harden"],
            "finding": "f2",
            "expires": "soon"[:0],
        },
        ("f2",),
    )
    file_rules(tmp_path, [rule("a", "f1"), old, on, rule("note", "f3", table="object")])
    before = {one.rule.id: one.used for one in standing(tmp_path, GuardConfig(), tmp_path, NOW_S)}
    assert before == {"a": None, "old": None, "on": None, "note": None}, "no event is kept yet"
    engine = open_database(sqlite_url(tmp_path / "events.sqlite"))
    said = [
        ("patches.off", "patch a"),
        ("patches.without", "patch a: 3 taken out"),
        ("objects.foreign", "note: read, of x"),
    ]
    SqlEvents(engine, lambda: NOW_S).add([list(row_of(event(n, *one))) for n, one in enumerate(said)])
    engine.dispose()
    found = {one.rule.id: one for one in standing(tmp_path, GuardConfig(), tmp_path, NOW_S)}
    assert {name: one.used for name, one in found.items()} == {"a": 2, "old": 0, "on": None, "note": 1}
    assert [name for name, one in found.items() if one.has_ended] == ["old"]
    assert [name for name, one in found.items() if one.was_never_needed] == ["old"]
