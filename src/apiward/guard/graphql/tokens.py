"""The words of a GraphQL document, few enough to be judged while a caller waits."""

from typing import Final

from apiward.spec.graphql.words import written_words

MOST_TOKENS: Final = 20_000
TEXT: Final = '""'
"""Stands for every string: what it holds makes no difference here."""
_TEXTS: Final = frozenset({"text", "block"})


def tokens(document: str) -> list[str]:
    """Return the tokens of a document. Raises GraphqlError. Takes time in proportion to its length."""
    return [TEXT if kind in _TEXTS else written for kind, written in written_words(document, MOST_TOKENS)]
