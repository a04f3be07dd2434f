"""Where ids stand in a request, of which kind they are, and whose."""

from apiward.access.ownership.gripping import Gripper
from apiward.core.api import Operation
from apiward.core.call import Call
from apiward.core.objects import Whose
from tests.access.ownership.parts import Bench
from tests.guard.calls import NOW_S, call

READ = Operation("GET", "/notes/{id}")


def gripper(bench: Bench) -> Gripper:
    return Gripper(bench.book, bench.memory, bench.judge, bench.fields, bench.people, bench.quiet)


def _gripped(bench: Bench, who: str, asked: Call) -> list[tuple[str, str, Whose]]:
    reach, made = bench.reach(who), gripper(bench)
    made.place(asked, reach)
    made.grip_head(asked, reach)
    made.grip_body(asked, reach)
    return [(grip.slot.kind, grip.name, grip.whose) for grip in reach.grips]


def test_ids_of_a_path_are_of_the_kind_before_them() -> None:
    bench = Bench()
    bench.thing("7", "anna")
    assert _gripped(bench, "anna", call(target="/notes/007")) == [("/notes", "7", Whose.OWN)]
    assert _gripped(bench, "ben", call(target="/notes/7")) == [("/notes", "7", Whose.FOREIGN)]
    described = call(target="/notes/7", operation=READ, path_arguments=("7",))
    assert _gripped(bench, "anna", described) == [("/notes", "7", Whose.OWN)]


def test_an_id_below_another_one_is_known_by_both() -> None:
    bench = Bench()
    bench.thing("7", "anna")
    bench.thing("7/2", "anna", kind="/notes/{}/lines")
    kinds = [("/notes", "7", Whose.OWN), ("/notes/{}/lines", "7/2", Whose.OWN)]
    assert _gripped(bench, "anna", call(target="/notes/7/lines/2")) == kinds
    bench.thing("7/3", "carl", kind="/notes/{}/lines")
    assert _gripped(bench, "anna", call(target="/notes/7/lines/3"))[1][2] is Whose.MATE, "it is part of her note"
    assert _gripped(bench, "ben", call(target="/notes/7/lines/3"))[1][2] is Whose.FOREIGN


def test_a_place_named_after_a_kind_is_of_that_kind() -> None:
    bench = Bench()
    bench.kind("/notes")
    bench.thing("7", "anna")
    assert _gripped(bench, "ben", call(target="/print?note_id=7")) == [("/notes", "7", Whose.FOREIGN)]
    assert _gripped(bench, "ben", call("POST", "/print", json={"note_id": 7})) == [("/notes", "7", Whose.FOREIGN)]
    assert _gripped(bench, "ben", call("POST", "/print", json={"pages": 7})) == [("", "7", Whose.UNKNOWN)]


def test_who_was_first_is_known_though_the_kind_of_a_place_was_not() -> None:
    bench = Bench()
    asked = call("GET", "/messages?thread=7")
    bench.memory.keep_owner(bench.thing("7", kind="early /messages thread"), bench.person("anna").name, 8, NOW_S)
    assert _gripped(bench, "ben", asked) == [("", "7", Whose.UNKNOWN)]
    bench.book.slots["GET /messages query.thread"].kind = "/threads"
    assert _gripped(bench, "ben", asked) == [("/threads", "7", Whose.FOREIGN)]
    assert _gripped(bench, "anna", asked) == [("/threads", "7", Whose.OWN)]
    assert _gripped(bench, "ben", call("GET", "/messages?thread=8")) == [("/threads", "8", Whose.UNKNOWN)]


def test_nothing_is_foreign_where_all_is_public() -> None:
    bench = Bench()
    bench.thing("7", "anna")
    for who in range(40):
        bench.kind().strangers.count(is_hit=True, who=who)
    assert _gripped(bench, "ben", call(target="/notes/7")) == [("/notes", "7", Whose.UNKNOWN)]


def test_a_word_is_an_id_once_an_answer_has_named_itself_so() -> None:
    bench = Bench()
    bench.kind()
    made, asked, reach = gripper(bench), call(target="/notes/new-roof"), bench.reach("anna")
    made.place(asked, reach)
    made.grip_head(asked, reach)
    assert reach.grips == []
    assert not made.names_itself(asked, reach, {"id": "old-roof"})
    assert made.names_itself(asked, reach, {"id": "new-roof"})
    assert [grip.name for grip in reach.grips] == ["new-roof"]


def test_a_place_is_of_the_kind_of_its_namesakes_where_the_value_is_such_an_object() -> None:
    bench = Bench()
    bench.kind("/bookings")
    for name in ("bk-7x", "17"):
        bench.thing(name, "anna", kind="/bookings")

    def cancelled(ref: str) -> tuple[str, str, Whose]:
        return _gripped(bench, "ben", call("POST", "/cancel", json={"ref": ref}))[0]

    assert cancelled("bk-7x") == ("", "bk-7x", Whose.UNKNOWN), "no place of that name is known"
    _gripped(bench, "anna", call(target="/show?ref=bk-7x"))
    bench.book.set_kind(bench.book.slots["GET /show query.ref"], "/bookings")
    assert cancelled("17") == ("", "17", Whose.UNKNOWN), "a number may be one of many things"
    assert cancelled("bk-8x") == ("", "bk-8x", Whose.UNKNOWN), "nobody has seen it"
    assert cancelled("bk-7x") == ("/bookings", "bk-7x", Whose.FOREIGN)
    assert bench.book.slots["POST /cancel body.ref"].is_likely, "it is still voted on"
    _gripped(bench, "anna", call(target="/print?ref=sign-1"))
    bench.book.set_kind(bench.book.slots["GET /print query.ref"], "/signs")
    said = _gripped(bench, "ben", call("POST", "/drop", json={"ref": "bk-7x"}))
    assert said[0] == ("", "bk-7x", Whose.UNKNOWN), "that name stands for two kinds"
