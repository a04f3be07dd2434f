"""The tamper suite: whoever can write the database changes it in every way, on SQLite and on PostgreSQL."""

from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, delete, insert, select, update

from apiward.core.lanes import AuditKind
from apiward.core.merkle import Tree
from apiward.stores.events.database import bring_up_to_date
from apiward.stores.record.appending import Audited, append, packed_hashes, unpacked_hashes
from apiward.stores.record.entries import Entry
from apiward.stores.record.schema import AUDIT, AUDIT_TREE
from apiward.stores.record.verifying import Flaw, FlawKind
from apiward.stores.upkeep.anchoring import Anchoring
from tests.stores.events.made import NOW_S
from tests.stores.record.made import KEEP_S, SIGNER, Wall, fill, flaws, looked, refused

NUMBER = 23


@pytest.fixture
def wall(engine: Engine) -> Wall:
    """Give a record of 23 entries with checkpoints at 5, 10, 15, 20 and 23."""
    return fill(engine, NUMBER)


def entries(engine: Engine) -> list[Entry]:
    with engine.connect() as connection:
        return [Entry(*row) for row in connection.execute(select(AUDIT).order_by(AUDIT.c.seq)).all()]


def put(engine: Engine, changed: list[Entry]) -> None:
    """Put these in the place of all entries."""
    with engine.begin() as connection:
        connection.execute(delete(AUDIT))
        if changed:
            connection.execute(insert(AUDIT), [entry._asdict() for entry in changed])


def set_head(engine: Engine, left: list[Entry]) -> None:
    """Make the tree fit to these entries, as a thorough attacker does."""
    tree = Tree()
    for entry in left:
        tree.append(entry.hash)
    with engine.begin() as connection:
        last = left[-1].hash.hex() if left else ""
        connection.execute(update(AUDIT_TREE).values(size=tree.size, peaks=packed_hashes(tree.peaks), last=last))


def rebuilt(engine: Engine, first: int, *, number: int = NUMBER) -> None:
    """Write the record anew from entry `first` on, with other events: all within it fits."""
    kept = entries(engine)[:first]
    put(engine, kept)
    set_head(engine, kept)
    with engine.begin() as connection:
        told = [Audited(refused(1_000 + at), AuditKind.ACCESS) for at in range(number - first)]
        append(connection, told, bytes, NOW_S)


def with_leaf(entry: Entry, **changes: object) -> Entry:
    leaf = {**orjson.loads(entry.leaf), **changes}
    return entry._replace(leaf=orjson.dumps(leaf, option=orjson.OPT_SORT_KEYS).decode())


def test_an_honest_record_has_no_flaw_and_agrees_with_all_checkpoints(engine: Engine, wall: Wall) -> None:
    found = looked(engine, wall)
    assert (found.size, found.flaws, found.held, found.before, found.erased) == (NUMBER, (), 5, 0, 0)
    assert found.root == wall.checkpoints[-1].root


def test_an_empty_record_has_no_flaw(engine: Engine) -> None:
    bring_up_to_date(engine)
    assert looked(engine).flaws == ()


@pytest.mark.parametrize("at", [0, 7, NUMBER - 1])
@pytest.mark.parametrize("field", ["status", "kind", "rules", "operation", "at_ms", "kept_ms", "id"])
def test_an_edited_entry_is_named(engine: Engine, wall: Wall, at: int, field: str) -> None:
    changed = entries(engine)
    changed[at] = with_leaf(changed[at], **{field: 7})
    put(engine, changed)
    assert flaws(engine, wall) == flaws(engine) == [("edited", at, at)]


@pytest.mark.parametrize(
    "change",
    [
        {"kept_s": NOW_S - 1},
        {"id": "another"},
        {"who": "user:9"},
        {"personal": '{"principal":"user:9"}'},
        {"personal": "no json"},
        {"salt": "00" * 32},
        {"salt": "no hex"},
        {"salt": None},
        {"leaf": "no json"},
        {"leaf": "[]"},
    ],
)
def test_edited_columns_are_named(engine: Engine, wall: Wall, change: dict[str, Any]) -> None:
    changed = entries(engine)
    changed[7] = changed[7]._replace(**change)
    put(engine, changed)
    assert flaws(engine, wall) == [("edited", 7, 7)]


def test_taking_away_who_it_was_is_an_edit_unless_it_was_erased(engine: Engine, wall: Wall) -> None:
    changed = entries(engine)
    changed[7] = changed[7]._replace(who=None, personal=None, salt=None)
    put(engine, changed)
    assert flaws(engine, wall) == [("edited", 7, 7)]


@pytest.mark.parametrize(("first", "last"), [(0, 0), (7, 7), (3, 11), (0, 21)])
def test_deleted_entries_are_named(engine: Engine, wall: Wall, first: int, last: int) -> None:
    put(engine, [entry for entry in entries(engine) if not first <= entry.seq <= last])
    assert flaws(engine, wall) == flaws(engine) == [("deleted", first, last)]


def test_a_deleted_entry_whose_gap_was_closed_is_noticed(engine: Engine, wall: Wall) -> None:
    left = [entry for entry in entries(engine) if entry.seq != 7]
    put(engine, [entry._replace(seq=at) for at, entry in enumerate(left)])
    assert flaws(engine, wall) == [("reordered", 7, 21), ("truncated", 22, 22)]


def test_entries_that_changed_places_are_named(engine: Engine, wall: Wall) -> None:
    changed = entries(engine)
    changed[7], changed[12] = changed[12]._replace(seq=7), changed[7]._replace(seq=12)
    put(engine, changed)
    assert flaws(engine, wall) == [("reordered", 7, 7), ("reordered", 12, 12)]
    why = {flaw.why for flaw in looked(engine, wall).flaws}
    assert why == {"it was written as number 12", "it was written as number 7"}


@pytest.mark.parametrize("left", [0, 1, 20, NUMBER - 1])
def test_entries_cut_off_at_the_end_are_named(engine: Engine, wall: Wall, left: int) -> None:
    with engine.begin() as connection:
        connection.execute(delete(AUDIT).where(AUDIT.c.seq >= left))
    assert flaws(engine, wall) == flaws(engine) == [("truncated", left, NUMBER - 1)]


@pytest.mark.parametrize("left", [0, 1, 20])
def test_who_cuts_the_end_off_and_makes_the_tree_fit_is_found_by_the_checkpoints(
    engine: Engine, wall: Wall, left: int
) -> None:
    kept = entries(engine)[:left]
    with engine.begin() as connection:
        connection.execute(delete(AUDIT).where(AUDIT.c.seq >= left))
    set_head(engine, kept)
    assert flaws(engine) == [], "without a checkpoint from outside nobody can know"
    assert flaws(engine, wall) == [("truncated", left, NUMBER - 1)]


@pytest.mark.parametrize(("first", "good"), [(0, 0), (7, 5), (10, 10), (21, 20)])
def test_a_record_that_was_written_anew_is_a_fork_and_where_it_begins_is_told(
    engine: Engine, wall: Wall, first: int, good: int
) -> None:
    rebuilt(engine, first)
    assert flaws(engine) == [], "all within it fits"
    (flaw,) = looked(engine, wall).flaws
    assert (flaw.kind, flaw.first) == (FlawKind.FORKED, good)
    assert flaw.first <= first <= flaw.last


def test_a_longer_record_that_was_written_anew_is_a_fork_too(engine: Engine, wall: Wall) -> None:
    rebuilt(engine, 7, number=60)
    assert [flaw.kind for flaw in looked(engine, wall).flaws] == [FlawKind.FORKED]


def test_two_checkpoints_that_do_not_agree_are_a_fork_whatever_stands_in_the_record(engine: Engine, wall: Wall) -> None:
    with engine.begin() as connection:
        connection.execute(update(AUDIT_TREE).values(signed_size=0))
    rebuilt(engine, 21)
    Anchoring(engine, SIGNER, [wall]).run(NOW_S, is_last=True)
    wall.notes[:] = wall.notes[-2:]
    assert ("forked", 0, NUMBER - 1) in flaws(engine, wall)


def test_a_tree_that_does_not_fit_to_the_entries_is_noticed(engine: Engine) -> None:
    fill(engine, NUMBER)
    with engine.begin() as connection:
        peaks = unpacked_hashes(connection.execute(select(AUDIT_TREE.c.peaks)).scalar_one())
        connection.execute(update(AUDIT_TREE).values(peaks=packed_hashes([bytes(32), *peaks[1:]])))
    assert flaws(engine) == [("edited", 0, NUMBER - 1)]


def test_claiming_that_entries_were_removed_for_their_age_is_noticed(engine: Engine, wall: Wall) -> None:
    """The beginning is cut off, with all hashes as a removal leaves them, but no entry tells of a removal."""
    kept = entries(engine)
    tree = Tree()
    for entry in kept[:10]:
        tree.append(entry.hash)
    put(engine, kept[10:])
    with engine.begin() as connection:
        values = {"first": 10, "first_peaks": packed_hashes(tree.peaks), "first_last": kept[9].hash.hex()}
        connection.execute(update(AUDIT_TREE).values(**values))
    assert flaws(engine) == [("deleted", 0, 9)]
    found = looked(engine, wall)
    assert [flaw.kind for flaw in found.flaws] == [FlawKind.DELETED, FlawKind.EARLY]
    assert (found.flaws[1].first, found.flaws[1].last, found.before, found.held) == (5, 9, 1, 4)
    late = looked(engine, wall, now_s=NOW_S + KEEP_S + 1)
    assert [flaw.kind for flaw in late.flaws] == [FlawKind.DELETED], "by then they may be gone"


def test_entries_that_are_there_though_they_were_removed_are_noticed(engine: Engine) -> None:
    fill(engine, NUMBER)
    kept = entries(engine)
    tree = Tree()
    tree.append(kept[0].hash)
    with engine.begin() as connection:
        values = {"first": 1, "first_peaks": packed_hashes(tree.peaks), "first_last": kept[0].hash.hex()}
        connection.execute(update(AUDIT_TREE).values(**values))
    assert Flaw(FlawKind.EDITED, 0, 0, "the record says that it was removed, but it is there") in looked(engine).flaws


def test_what_is_said_is_bounded(engine: Engine) -> None:
    fill(engine, 500, every=500)
    changed = entries(engine)
    put(engine, [entry._replace(who="x") if entry.seq % 2 else entry for entry in changed])
    assert len(looked(engine).flaws) == 100
