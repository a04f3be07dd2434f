from apiward.core.call import Answer
from apiward.core.decision import Edit
from apiward.guard.editing import apply_routine, apply_to_answer, apply_to_call, edited
from tests.guard.calls import answer, call

HEADERS = [(b"a", b"1"), (b"b", b"2"), (b"b", b"3")]


def test_headers_are_taken_out_and_put_in_the_place_of_others() -> None:
    assert edited(HEADERS, frozenset({b"a"}), ((b"b", b"9"), (b"c", b"4"))) == [(b"b", b"9"), (b"c", b"4")]
    assert edited(HEADERS, frozenset(), ()) == HEADERS


def test_a_new_body_brings_its_length_and_its_value() -> None:
    request = call("POST", "/a", json={"a": 1, "b": 2})
    apply_to_call(request, Edit(body=b'{"a":1}', value={"a": 1}))
    assert (request.body, request.value) == (b'{"a":1}', {"a": 1})
    assert request.header[b"content-length"] == b"7"
    assert request.headers.count((b"content-length", b"7")) == 1


def test_an_answer_is_changed_in_what_is_said() -> None:
    given = answer(headers={"server": "x"}, json={"a": 1})
    apply_to_answer(given, Edit(status=500, body=b"{}", value={}, removed=frozenset({b"server"})))
    assert given == Answer(500, [(b"content-type", b"application/json")], b"{}", {})
    apply_to_answer(given, Edit())
    assert given.status == 500


def test_routine_edits_are_carried_out_in_one_go() -> None:
    edits = (Edit(removed=frozenset({b"a"})), Edit(added=((b"b", b"8"), (b"c", b"4"))), Edit(added=((b"b", b"9"),)))
    given = Answer(200, list(HEADERS))
    apply_routine(given, edits)
    assert given.headers == [(b"b", b"9"), (b"c", b"4")]
    one = Answer(200, list(HEADERS))
    apply_routine(one, edits[:1])
    assert one.headers == [(b"b", b"2"), (b"b", b"3")]
