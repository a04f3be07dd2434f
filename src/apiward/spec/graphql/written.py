"""The way in for a schema that somebody wrote down."""

from apiward.core.api import Api
from apiward.spec.errors import DescriptionError
from apiward.spec.graphql.describing import ENDPOINT, describe_graphql
from apiward.spec.graphql.sdl import looks_like_sdl, read_sdl
from apiward.spec.graphql.words import GraphqlError
from apiward.spec.limits import Limits


def read_written_schema(text: bytes, source: str, limits: Limits) -> Api | None:
    """Return the API that a text in GraphQL's schema language describes, None where it is no such text.

    Raises DescriptionError where it begins as one and cannot be read.
    """
    shown = text[: limits.max_bytes + 1].decode("utf-8-sig", "replace")
    if len(text) > limits.max_bytes or not looks_like_sdl(shown):
        return None
    try:
        schema = read_sdl(shown)
    except GraphqlError as error:
        why = f"The reader says: {error}."
        advice = "Let the server print its schema anew, or give the answer to an introspection query."
        raise DescriptionError("The text looks like a GraphQL schema but is broken.", why, advice) from error
    return describe_graphql(schema, endpoint=ENDPOINT, source=source)
