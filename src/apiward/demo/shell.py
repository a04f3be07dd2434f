"""A command line that only the weak twins use. It runs no program: it knows quotes, pipes, sums, `echo` and `sleep`."""

import re
import time
from collections.abc import Iterator
from typing import Final

LONGEST_WAIT_S: Final = 4.0
"""So long at most holds one command the demo."""
MOST_CHARACTERS: Final = 8_000
MOST_DEPTH: Final = 4
_SUM: Final = re.compile(r"\$\(\((\d{1,9})\*(\d{1,9})\)\)")
_COMMAND: Final = re.compile(r"\$\(([^()]*(?:\(\([^()]*\)\))?[^()]*)\)")
_PART: Final = re.compile(r"'[^']*'|\"[^\"]*\"|[|;]|[^'\"|;\s]+|\s+")


def run(line: str, depth: int = 0) -> str:
    """Return what a shell would show of a line. Quotes that nothing closes are an error, as there."""
    line = line[:MOST_CHARACTERS]
    if depth > MOST_DEPTH or _PART.sub("", line):
        return ""
    shown, pipeline = "", []
    for words, sign in _commands(line, depth):
        pipeline.append(words)
        if sign != "|":
            shown += _run_all(pipeline)
            pipeline = []
    return shown


def _commands(line: str, depth: int) -> Iterator[tuple[list[str], str]]:
    """Yield the words of each command, and the sign behind it."""
    words, is_open = [""], False
    for part in _PART.findall(line):
        if part in ("|", ";"):
            yield [word for word in words if word], part
            words, is_open = [""], False
        elif part.isspace():
            is_open = False
        else:
            text = part[1:-1] if part[0] in "'\"" else part
            text = text if part[0] == "'" else _expanded(text, depth)
            words = [*words[:-1], words[-1] + text] if is_open else [*words, text]
            is_open = True
    yield [word for word in words if word], ""


def _expanded(text: str, depth: int) -> str:
    text = _SUM.sub(lambda found: str(int(found[1]) * int(found[2])), text)
    return _COMMAND.sub(lambda found: run(found[1], depth + 1).strip(), text)


def _run_all(pipeline: list[list[str]]) -> str:
    """Run the commands of a pipeline side by side; only the last one is seen."""
    time.sleep(min(max(map(_wait_s, pipeline), default=0.0), LONGEST_WAIT_S))
    last = pipeline[-1]
    return " ".join(last[1:]) + "\n" if last[:1] == ["echo"] else ""


def _wait_s(words: list[str]) -> float:
    is_wait = len(words) == 2 and words[0] == "sleep" and re.fullmatch(r"\d{1,3}(\.\d{1,3})?", words[1])
    return float(words[1]) if is_wait else 0.0
