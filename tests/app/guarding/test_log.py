import io
import json

from apiward.app.guarding.log import log


def test_one_line_is_one_json_object() -> None:
    stream = io.StringIO()
    log("It began.\nAnd {more}", level="warning", stream=stream, count=3, name='a"\r\nb')
    [line] = stream.getvalue().splitlines()
    told = json.loads(line)
    assert told.pop("at") > 0
    assert told == {"level": "warning", "what": "It began.\nAnd {more}", "count": 3, "name": 'a"\r\nb'}


def test_long_facts_are_cut_and_a_closed_stream_is_passed_over() -> None:
    stream = io.StringIO()
    log("x", stream=stream, name="a" * 10_000)
    assert len(stream.getvalue()) < 2_200
    stream.close()
    log("x", stream=stream)


class Terminal(io.StringIO):
    """A stream on which a person looks on."""

    def isatty(self) -> bool:
        """Say that it is a terminal."""
        return True


def test_on_a_terminal_it_speaks_to_a_person() -> None:
    stream = Terminal()
    log("The guard starts.", stream=stream, listen="127.0.0.1:8080", why="")
    log("It is broken.", level="error", stream=stream, name="\x1b[31m\nred")
    assert (
        stream.getvalue() == "The guard starts. (listen 127.0.0.1:8080)\nError: It is broken. (name \\x1b[31m\\nred)\n"
    )
