from dataclasses import replace

from apiward.core.exchange import Exchange, Failure, Request, Response
from apiward.prove.shown import answer_text, exchange_text, request_text
from tests.prove.sample import exchange


def test_json_is_laid_out_and_other_text_stays() -> None:
    assert '"owner": "anna",\n' in answer_text(exchange(), body_chars=500)
    assert answer_text(exchange(answer=b"a\r\nb"), body_chars=500).endswith("a\nb")


def test_start_line_headers_and_body() -> None:
    text = request_text(Request("POST", "http://h/x", (("A", "b"),), b"c"), body_chars=9)
    assert text == "POST http://h/x\nA: b\n\nc"


def test_long_and_cut_bodies_say_so() -> None:
    assert "… (cut)" in answer_text(exchange(answer=b"x" * 50), body_chars=10)
    cut = replace(exchange(), response=Response(200, (), b"x", is_cut=True))
    assert "the answer went on" in exchange_text(cut, body_chars=10)


def test_a_missing_answer_is_named() -> None:
    nothing = Exchange(Request("GET", "http://h/"), failure=Failure.TIMEOUT, failure_detail="after 5 s")
    assert answer_text(nothing, body_chars=10) == "no answer (timeout): after 5 s"


def test_a_header_cannot_add_lines() -> None:
    assert request_text(Request("GET", "http://h/", (("A", "b\r\nC: d"),)), body_chars=9).count("\n") == 1


def test_numbers_too_long_for_python_stay_as_they_are() -> None:
    assert "9" * 40 in answer_text(exchange(answer=b"[" + b"9" * 5000 + b"]"), body_chars=6000)


def test_nesting_too_deep_to_lay_out_stays_as_it_is() -> None:
    for depth in (*range(100, 900, 200), *range(900, 1000, 3)):
        deep = b"[" * depth + b"]" * depth
        assert answer_text(exchange(answer=deep), body_chars=3000).endswith("\n\n" + deep.decode())
