"""Whether an answer shows something to somebody else, and what values stand in it."""

from apiward.core.exchange import Exchange, Request, Response
from apiward.core.verdict import Confidence, Evidence, Outcome, Verdict
from apiward.scan.linking.giving import is_proved, request_text, values_in, was_sent


def _exchange(body: bytes, *, sent: bytes = b"", url: str = "http://a.test/x?q=a%40b.c") -> Exchange:
    return Exchange(Request("POST", url, (("Authorization", "Bearer tok-1"),), sent), Response(200, (), body))


def test_only_what_was_proved_counts() -> None:
    evidence = Evidence(_exchange(b""))
    assert is_proved(Verdict("OBJ01", "GET /a", Outcome.BROKEN, "x", "", evidence))
    assert not is_proved(Verdict("OBJ01", "GET /a", Outcome.BROKEN, "x", "", evidence, Confidence.LIKELY))
    assert not is_proved(Verdict("OBJ01", "GET /a", Outcome.HOLDS, "x"))


def test_what_was_sent_is_found_wherever_it_stood_and_however_it_was_written() -> None:
    exchange = _exchange(b"", sent=b"mail=c%40d.e")
    assert was_sent(exchange, ["a@b.c"])
    assert was_sent(exchange, ["c@d.e"])
    assert was_sent(exchange, ["tok-1"])
    assert not was_sent(exchange, ["x@y.z", ""])
    assert "http://a.test/x" in request_text(exchange.request)


def test_values_are_the_texts_of_json_and_the_words_of_anything_else() -> None:
    assert "a b; c" in set(values_in(_exchange(b'{"x": [{"y": "a b; c"}]}')))
    assert {"KEY", "v-1"} <= set(values_in(_exchange(b"KEY=v-1\nOTHER='w'")))
    assert "v" not in set(values_in(_exchange(b"KEY=v-1")))
    assert len(list(values_in(_exchange(b"a " * 9_000)))) <= 2_000
