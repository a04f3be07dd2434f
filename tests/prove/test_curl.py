import shlex
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apiward.prove.curl import BODY_FILE, curl_line, quoted
from tests.prove.sample import exchange


def argv(line: str) -> list[str]:
    """Return what a real shell hands to `curl`."""
    script = line.replace("curl ", "printf '%s\\0' ", 1)
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=True, env={"TOKEN": "T0"})
    return done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]


def test_a_bearer_token_is_left_to_the_reader() -> None:
    line = curl_line(exchange())
    assert "[masked]" not in line
    assert "Authorization: Bearer T0" in argv(line)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("X-API-Key", "abc", "X-API-Key: T0"),
        ("Cookie", "sid=abc; theme=x", "Cookie: sid=T0; theme=T0"),
        ("Authorization", "abc", "Authorization: T0"),
        ("X-Note", 'it\'s "fine" $HOME `id`', 'X-Note: it\'s "fine" $HOME `id`'),
        ("X-Empty", "", "X-Empty;"),
    ],
)
def test_headers(name: str, value: str, expected: str) -> None:
    assert expected in argv(curl_line(exchange(headers=((name, value),))))


def test_headers_that_curl_sets_or_would_read_from_a_file_are_left_out() -> None:
    line = curl_line(exchange(headers=(("Host", "x"), ("Content-Length", "3"), ("@/etc/passwd", "x"))))
    assert "-H" not in line


def test_a_secret_in_the_query_is_left_to_the_reader() -> None:
    line = curl_line(exchange(path="/a?x=1&api_key=abc&access_token=d%20e&z=2"))
    assert "http://127.0.0.1:8000/a?x=1&api_key=T0&access_token=T0&z=2" in argv(line)
    assert "abc" not in line


def test_methods() -> None:
    assert "--head" in argv(curl_line(exchange("HEAD")))
    assert argv(curl_line(exchange("DELETE")))[1:3] == ["-X", "DELETE"]
    assert "-X" not in argv(curl_line(exchange()))


def test_a_body_is_never_read_as_a_file_name_or_a_command() -> None:
    body = b"@/etc/passwd'; rm -rf $HOME #"
    assert argv(curl_line(exchange("POST", body=body)))[-2:] == ["--data-raw", body.decode()]


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a\0b"])
def test_a_body_that_no_line_can_carry_is_named(body: bytes) -> None:
    assert argv(curl_line(exchange("POST", body=body)))[-2:] == ["--data-binary", f"@{BODY_FILE}"]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
@settings(max_examples=40, deadline=None)
def test_a_shell_reads_back_what_was_quoted(text: str) -> None:
    assert argv(f"curl {quoted(text)}") == [text]


@given(st.text())
def test_nothing_in_a_quoted_word_steers_a_terminal(text: str) -> None:
    assert all(ch.isprintable() or ch in "\n\t" for ch in quoted(text))


def test_plain_words_stay_plain() -> None:
    assert shlex.split(quoted("http://h/a?b=c d")) == ["http://h/a?b=c d"]
