import json
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from apiward.core.jsonvalue import Json, NotJson, parse_json
from apiward.guard.answers.arrays import ArrayEditor


class Editor:
    """Keeps what `keeps` says, and remembers what it was shown."""

    def __init__(
        self, keeps: Callable[[str, Json], bool] = lambda _name, _value: True, shut: str = "no such member"
    ) -> None:
        self.keeps = keeps
        self.shut = shut
        self.seen: list[tuple[str, Json]] = []

    def opens(self, name: str) -> bool:
        return name != self.shut

    def element(self, name: str, raw: bytes) -> bytes | None:
        value = parse_json(raw)
        if isinstance(value, NotJson):
            return None
        self.seen.append((name, value))
        return raw if self.keeps(name, value) else None

    def member(self, name: str, raw: bytes) -> bytes | None:
        return self.element(name, raw)


def streamed(body: bytes, editor: Editor, *, size: int = 7, max_element: int = 10_000) -> bytes:
    stream = ArrayEditor(editor, max_element=max_element)
    out = [stream.feed(body[at : at + size]) for at in range(0, len(body), size)]
    return b"".join([*out, stream.end()])


def test_an_array_comes_element_by_element() -> None:
    editor = Editor()
    body = b' [ {"a": "]}\\"", "b": [1, {"c": 2}]} , "x,y" , 12.5, null, [] ] \n'
    assert json.loads(streamed(body, editor)) == json.loads(body)
    assert editor.seen == [("", value) for value in json.loads(body)]


def test_an_element_can_be_left_out() -> None:
    editor = Editor(lambda _, value: value != 2)
    assert streamed(b"[1,2,3]", editor) == b"[1,3]"
    assert streamed(b"[2]", Editor(lambda _, value: value != 2)) == b"[]"


def test_an_object_comes_member_by_member() -> None:
    editor = Editor(lambda name, value: (name, value) != ("items", 2) and name != "secret")
    body = b'{"total": 3, "items": [1, 2, 3], "secret": "x", "next": {"a": [1]}}'
    assert json.loads(streamed(body, editor)) == {"total": 3, "items": [1, 3], "next": {"a": [1]}}


def test_a_member_that_is_shut_does_not_leave() -> None:
    for body in (b'{"hidden": [1, [2]], "a": 1}', b'{"a": 1, "hidden": [1]}', b'{"hidden": []}'):
        left = json.loads(streamed(body, Editor(shut="hidden")))
        assert left == {name: value for name, value in json.loads(body).items() if name != "hidden"}


def test_an_element_that_is_too_long_is_left_out_and_not_held() -> None:
    stream = ArrayEditor(Editor(), max_element=1_000)
    out = [stream.feed(b'[1, {"a": "')]
    for _ in range(200):
        out.append(stream.feed(b'abc\\"def\\\\' * 20))
        assert len(stream._buffer) < 2_000
    out.append(stream.feed(b'", "b": [1]}, 3]'))
    assert b"".join([*out, stream.end()]) == b"[1,3]"
    assert stream.left_out == 1


def test_what_is_no_json_from_the_start_goes_on() -> None:
    for body in (b"<p>hello</p>", b"name,price\n1,2\n", b'"a text"'):
        assert streamed(body, Editor()) == body


def test_a_byte_order_mark_hides_nothing() -> None:
    assert streamed(b"\xef\xbb\xbf[1,2]", Editor(lambda _, value: value != 2)) == b"[1]"


def test_nothing_follows_what_cannot_be_judged() -> None:
    for body in (b'[1, 2] {"secret": 1}', b'[1, 2 "secret"]', b'{"a": 1} [3]', b"[1, :secret]", b"[1}secret]"):
        assert b"secret" not in streamed(body, Editor())


def test_an_answer_that_breaks_off_ends_there() -> None:
    assert streamed(b'[1, {"a": 2}, {"b": ', Editor()) == b'[1,{"a": 2}'


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@given(st.lists(_JSON, max_size=5) | st.dictionaries(st.text(max_size=6), _JSON, max_size=5), st.integers(1, 40))
def test_all_json_comes_out_as_it_went_in(value: Json, size: int) -> None:
    body = json.dumps(value, ensure_ascii=size % 2 == 0).encode()
    assert json.loads(streamed(body, Editor(), size=size)) == value


@given(st.binary(max_size=200), st.integers(1, 50))
def test_no_bytes_raise(body: bytes, size: int) -> None:
    class Raw(Editor):
        def element(self, name: str, raw: bytes) -> bytes | None:
            return raw

    streamed(b"[" + body, Raw(), size=size, max_element=64)
    streamed(body, Raw(), size=size, max_element=64)
