from apiward.core.call import MOST_READY, Answer, Call, HeaderBlock


def test_a_call_knows_its_host() -> None:
    call = Call("GET", b"/", b"", [(b"host", b"shop.test")], "192.0.2.1")
    assert call.host == b""
    call.header = dict(call.headers)
    assert call.host == b"shop.test"


def test_two_calls_share_nothing() -> None:
    one, other = (Call("GET", b"/", b"", [], "192.0.2.1") for _ in range(2))
    one.notes["a"] = 1
    one.rulings.append(None)  # type: ignore[arg-type]
    assert (other.notes, other.rulings) == ({}, [])


def test_what_is_kept_with_headers_is_bounded_and_many_clients_push_nothing_else_out() -> None:
    block = HeaderBlock([(b"host", b"shop.test")])
    block.keep("digest", b"1")
    for number in range(MOST_READY + 3):
        block.keep_head(number, b"head")
    assert (block.ready, len(block.heads)) == ({"digest": b"1"}, 3)
    for number in range(MOST_READY + 3):
        block.keep(number, number)
    assert len(block.ready) <= MOST_READY
    assert block.ready[MOST_READY + 2] == MOST_READY + 2


def test_an_answer_knows_its_headers_and_its_media_type() -> None:
    answer = Answer(200, [(b"content-type", b"Text/HTML; charset=utf-8"), (b"a", b"1"), (b"a", b"2")])
    assert answer.header(b"a") == b"1"
    assert answer.header(b"b") is None
    assert answer.media_type == b"text/html"
    assert Answer(204, []).media_type == b""


def test_other_headers_of_an_answer_are_read_anew() -> None:
    answer = Answer(200, [(b"content-type", b"text/html"), (b"server", b"x")])
    assert (answer.names, answer.media_type) == ((b"content-type", b"server"), b"text/html")
    answer.headers = [(b"content-type", b"application/json")]
    assert (answer.names, answer.media_type) == ((b"content-type",), b"application/json")
    assert answer == Answer(200, [(b"content-type", b"application/json")])
