"""Pages with a script in place of a picture, in the ways in which they are taken for one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from apiward.scan.calling.multipart import Upload
from apiward.scan.calling.pictures import PICTURE


@dataclass(frozen=True, slots=True)
class Disguise:
    """One kind of page in place of a picture; browsers run its script where it is served as one of `runs_as`.

    The script is a comment, and does nothing.
    """

    words: str
    make: Callable[[str, str], Upload]
    runs_as: tuple[str, ...] = ("text/html",)


def page(word: str) -> bytes:
    """Return a page with an element of that name and a script that does nothing."""
    return f"<!DOCTYPE html><html><body><{word}></{word}><script>{script(word)}</script></body></html>".encode()


def script(word: str) -> str:
    """Return the script of that page."""
    return f"/* apiward {word} */"


def _drawing(word: str) -> bytes:
    shape = f"<{word}></{word}><script>{script(word)}</script>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1">{shape}</svg>'.encode()


DISGUISES: Final = (
    Disguise("a page", lambda field, word: Upload(field, f"{word}.html", "text/html", page(word))),
    Disguise(
        "a page that begins like a picture",
        lambda field, word: Upload(field, f"{word}.html", "image/png", PICTURE + page(word)),
    ),
    Disguise(
        "a drawing with a script in it",
        lambda field, word: Upload(field, f"{word}.svg", "image/svg+xml", _drawing(word)),
        ("image/svg+xml", "text/html"),
    ),
)
