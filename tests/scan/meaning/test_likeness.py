import json

import pytest

from apiward.core.exchange import Exchange, Request, Response
from apiward.scan.meaning.likeness import is_same, without_echo


def answer(text: str, status: int = 200) -> Exchange:
    return Exchange(Request("GET", "http://api.test/"), Response(status, (), text.encode()))


@pytest.mark.parametrize("sent", ["o'neil", 'say "hi"', "<b>", "a b&c", "ü'"])
def test_an_echo_does_not_count(sent: str) -> None:
    for spelled in (sent, json.dumps(sent)[1:-1]):
        assert is_same(answer("no book called dune"), answer(f"no book called {spelled}"), "dune", sent)


def test_another_text_counts() -> None:
    assert not is_same(answer("no book"), answer("two books"), "dune", "dune'")


def test_another_status_counts() -> None:
    assert not is_same(answer("x"), answer("x", 404), "dune", "dune'")


def test_times_do_not_count() -> None:
    assert without_echo(answer("at 2027-01-01T10:00:00Z")) == without_echo(answer("at 2027-01-01T10:00:09Z"))
