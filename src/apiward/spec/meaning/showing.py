"""How a caller shows who it is, told by names and never by what is shown."""

from collections.abc import Iterable, Iterator
from typing import Final

from apiward.spec.meaning.naming import CREDENTIAL_WORDS, is_token_name, words

MAX_NAME: Final = 60


def shown_ways(authorization: str, headers: Iterable[str], cookies: str, query: Iterable[str]) -> Iterator[str]:
    """Yield `bearer`, `header x-api-key`, `cookie sid` or `query token` for each way in which a request shows it.

    `authorization` and `cookies` are the values of these headers; of other headers and of the query, names are enough.
    """
    scheme = authorization.partition(" ")[0].lower()
    if scheme:
        yield scheme if scheme in {"bearer", "basic"} else "header authorization"
    yield from (f"header {name}" for name in headers if is_token_name(name))
    for pair in cookies.split(";"):
        cookie = pair.partition("=")[0].strip()
        if not CREDENTIAL_WORDS.isdisjoint(words(cookie)) or "sess" in cookie.lower():
            yield f"cookie {cookie[:MAX_NAME]}"
    yield from (f"query {name[:MAX_NAME]}" for name in query if is_token_name(name))
