from sqlalchemy import Engine

from apiward.core.merkle import EMPTY_ROOT
from apiward.stores.events.database import bring_up_to_date
from apiward.stores.record.signing import Signer
from apiward.stores.upkeep.anchoring import Anchoring, signed_now
from tests.stores.events.made import NOW_S
from tests.stores.record.made import SIGNER, Wall, fill, looked


def test_a_checkpoint_is_made_after_so_many_entries_or_so_long(engine: Engine) -> None:
    away = Wall(problem=OSError(5, ""))
    fill(engine, 3)
    wall = Wall()
    anchoring = Anchoring(engine, SIGNER, [wall], every=4, each_s=60)
    anchoring.run(NOW_S + 1_000)
    assert wall.notes == [], "there is nothing new"
    fill(engine, 3, wall=away, first=3)
    anchoring.run(NOW_S + 59)
    assert wall.notes == []
    fill(engine, 1, wall=away, first=6)
    anchoring.run(NOW_S + 59)
    fill(engine, 1, wall=away, first=7)
    anchoring.run(NOW_S + 118)
    anchoring.run(NOW_S + 119)
    assert [(one.size, one.at_s - NOW_S) for one in wall.checkpoints] == [(7, 59), (8, 119)]


def test_at_the_end_what_is_new_is_signed_at_once(engine: Engine) -> None:
    fill(engine, 3, wall=Wall(problem=OSError(5, "")))
    wall = Wall()
    anchoring = Anchoring(engine, SIGNER, [wall])
    anchoring.run(1.0)
    anchoring.run(1.0, is_last=True)
    anchoring.run(2.0, is_last=True)
    (checkpoint,) = wall.checkpoints
    assert checkpoint.size == 3
    assert checkpoint.root not in {EMPTY_ROOT, b""}
    assert looked(engine, wall).held == 1


def test_nothing_is_signed_where_nothing_is(engine: Engine) -> None:
    bring_up_to_date(engine)
    wall = Wall()
    assert Anchoring(engine, SIGNER, [wall]).run(NOW_S, is_last=True) == ()
    assert wall.notes == []


def test_a_place_that_fails_is_told_of_once_and_the_others_are_written(engine: Engine) -> None:
    fill(engine, 1, wall=Wall(problem=OSError(5, "")))
    bad, good = Wall("mail", problem=OSError(28, "No space left")), Wall("disk")
    anchoring = Anchoring(engine, SIGNER, [bad, good], every=1)
    assert anchoring.run(NOW_S) == ("The audit record's checkpoints cannot be kept in mail: No space left.",)
    fill(engine, 1, wall=Wall(problem=OSError(5, "")), first=1)
    assert anchoring.run(NOW_S) == ()
    bad.problem = None
    fill(engine, 1, wall=Wall(problem=OSError(5, "")), first=2)
    assert anchoring.run(NOW_S) == ("The audit record's checkpoints are kept in mail again.",)
    assert [len(place.notes) for place in (bad, good)] == [1, 3]


def test_what_no_place_has_taken_is_tried_again(engine: Engine) -> None:
    wall = Wall(problem=OSError(5, "away"))
    fill(engine, 1, wall=wall)
    wall.problem = None
    anchoring = Anchoring(engine, SIGNER, [wall], every=1)
    anchoring.run(NOW_S)
    assert [one.size for one in wall.checkpoints] == [1]


def test_a_record_that_another_key_has_signed_is_not_signed_and_told_of_once(engine: Engine) -> None:
    fill(engine, 1)
    fill(engine, 1, wall=Wall(problem=OSError(5, "")), first=1)
    wall = Wall()
    other = Anchoring(engine, Signer(bytes(32)), [wall], every=1)
    (note,) = other.run(NOW_S)
    assert SIGNER.public.name in note
    assert "audit.key" in note
    assert other.run(NOW_S) == ()
    assert wall.notes == []


def test_how_long_it_is_now_is_signed_for_who_asks(engine: Engine) -> None:
    bring_up_to_date(engine)
    assert signed_now(engine, SIGNER, NOW_S) == ""
    fill(engine, 7)
    wall = Wall(notes=[signed_now(engine, SIGNER, NOW_S)])
    assert [one.size for one in wall.checkpoints] == [7]
    assert looked(engine, wall).held == 1
    assert signed_now(engine, Signer(bytes(32)), NOW_S) == "", "of another key"
