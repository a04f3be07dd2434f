"""The words of a GraphQL document (specification of October 2021, section 2.1)."""

import re
from typing import Final

MOST_TOKENS: Final = 20_000
_TOKEN: Final = re.compile(
    r"[\s,\ufeff]+|\#[^\n\r]*"
    r'|(?P<text>"""(?>(?:\\"""|[^"\\]++|\\|"(?!""))*)"""|"(?!"")(?>(?:[^"\\\n\r]++|\\.)*)"|"")'
    r"|(?P<token>\.\.\.|[{}()\[\]:=!|&@$]|[A-Za-z_][A-Za-z0-9_]*|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
)
TEXT: Final = '""'
"""Stands for every string: what it holds makes no difference here."""


class GraphqlError(ValueError):
    """A document that cannot be read, or is too long to be read."""


def tokens(document: str) -> list[str]:
    """Return the tokens of a document. Raises GraphqlError. Takes time in proportion to its length."""
    found: list[str] = []
    at, end = 0, len(document)
    while at < end:
        match = _TOKEN.match(document, at)
        if match is None:
            raise GraphqlError("no GraphQL")
        at = match.end()
        if match["token"]:
            found.append(match["token"])
        elif match["text"]:
            found.append(TEXT)
        if len(found) > MOST_TOKENS:
            raise GraphqlError("too long")
    return found
