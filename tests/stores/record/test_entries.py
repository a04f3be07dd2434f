import orjson
from hypothesis import given

from apiward.core.event import Event
from apiward.core.lanes import AuditKind
from apiward.stores.record.entries import Entry, commitment, new_entry
from tests.stores.record.made import refused
from tests.watch.formats.made import EVENTS

SALT = bytes(range(32))


def entry(event: Event) -> Entry:
    return new_entry(event, AuditKind.ACCESS, seq=7, last="ab" * 32, salt=SALT, now_s=1_800_000_000.5)


@given(EVENTS)
def test_any_event_makes_a_leaf_in_one_form_that_commits_to_the_personal_part(event: Event) -> None:
    made = entry(event)
    leaf = orjson.loads(made.leaf)
    assert list(leaf) == sorted(leaf)
    assert orjson.dumps(leaf, option=orjson.OPT_SORT_KEYS).decode() == made.leaf
    assert made.personal is not None
    assert leaf["private"] == commitment(SALT, made.personal.encode())
    assert (leaf["seq"], leaf["last"], leaf["kept_ms"]) == (7, "ab" * 32, 1_800_000_000_500)
    assert "\0" not in f"{made.leaf}{made.who}{made.personal}"


def test_nobody_can_try_out_who_it_was_without_the_salt() -> None:
    one = entry(refused(1))
    other = new_entry(refused(1), AuditKind.ACCESS, seq=7, last="", salt=bytes(32), now_s=1.0)
    assert orjson.loads(one.leaf)["private"] != orjson.loads(other.leaf)["private"]


def test_marks_are_in_the_personal_part_where_there_are_any() -> None:
    marked = entry(refused(1)._replace(marks=(("account", "5f3a"),)))
    assert orjson.loads(marked.personal or "")["marks"] == {"account": "5f3a"}
    assert "5f3a" not in marked.leaf
    assert "marks" not in (entry(refused(1)).personal or "")


def test_what_the_record_must_know_of_itself_stands_in_the_leaf() -> None:
    made = new_entry(refused(1), AuditKind.RECORD, seq=0, last="", salt=SALT, now_s=1.0, data={"removed_before": 3})
    assert orjson.loads(made.leaf)["data"] == {"removed_before": 3}
    assert "data" not in orjson.loads(entry(refused(1)).leaf)
