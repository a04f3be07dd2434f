"""From an address to the GraphQL schema that is served there, or near it."""

import json
from collections import deque
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

from apiward.core.api import Api
from apiward.core.exchange import Exchange, Headers, Request, Response
from apiward.core.jsonvalue import Json, NotJson
from apiward.core.ports import Sender
from apiward.spec.graphql.describing import describe_graphql
from apiward.spec.graphql.introspection import QUESTION, told_schema
from apiward.spec.origins import origin_of

PLACES: Final = ("/graphql", "/api/graphql", "/graphql/", "/gql", "/query", "/api", "/v1/graphql", "/graphql/v1", "/")
NEAR: Final = ("/graphql", "/api/graphql")
"""Where to look when another description was found already."""
MAX_LOOKED_AT: Final = 32
_ASKED: Final = "query { __typename }"
_ACCEPT: Final = ("Accept", "application/json")
_TIMEOUT_S: Final = 10.0
_MOVED: Final = frozenset({301, 302, 307, 308})


@dataclass(frozen=True, slots=True)
class FoundGraphql:
    """`endpoint` is the path where GraphQL answers, or empty; `api` is None where it does not tell its schema.

    `is_unclear` says that it might: the question for it got no whole answer.
    """

    endpoint: str
    api: Api | None
    looked_at: tuple[tuple[str, str], ...]
    is_unclear: bool = False


async def find_graphql(
    sender: Sender, base_url: str, *, places: tuple[str, ...] = PLACES, headers: Headers = ()
) -> FoundGraphql:
    """Look for GraphQL at `base_url` and at the usual places of its server, with queries that change nothing.

    As they are posted, an address of no usual name is read first, and left alone where it gives data of its own.
    """
    parts = urlsplit(base_url)
    root = f"{parts.scheme}://{parts.netloc}"
    looked_at: dict[str, str] = {}
    waiting = deque(places)
    if parts.path not in ("", "/", *PLACES) and await _gives_data(sender, f"{root}{parts.path}", headers):
        looked_at[f"{root}{parts.path}"] = "data, no GraphQL"
    elif parts.path not in ("", "/"):
        waiting.appendleft(parts.path)
    while waiting and len(looked_at) < MAX_LOOKED_AT:
        place = waiting.popleft()
        if f"{root}{place}" in looked_at:
            continue
        response = (await _post(sender, f"{root}{place}", _ASKED, headers)).response
        looked_at[f"{root}{place}"] = "no answer" if response is None else f"{response.status}, no GraphQL"
        if response is None:
            break
        if is_graphql(response):
            return await _told(sender, root, place, headers, looked_at)
        further = _moved_to(response, f"{root}{place}")
        if further is not None:
            looked_at[f"{root}{place}"] = f"leads to {further}"
            waiting.appendleft(further)
    return FoundGraphql("", None, tuple(looked_at.items()))


async def _told(sender: Sender, root: str, place: str, headers: Headers, looked_at: dict[str, str]) -> FoundGraphql:
    exchange = await _post(sender, f"{root}{place}", QUESTION, headers)
    body = exchange.response.json() if exchange.response is not None else NotJson.NOT_JSON
    schema = None if isinstance(body, NotJson) else told_schema(body)
    if schema is None:
        is_unclear = exchange.is_doubtful or (exchange.response is not None and exchange.response.is_cut)
        what = "GraphQL that gave no whole answer" if is_unclear else "GraphQL that does not tell its schema"
        looked_at[f"{root}{place}"] = what
        return FoundGraphql(place, None, tuple(looked_at.items()), is_unclear)
    api = describe_graphql(schema, endpoint=place, source=f"{root}{place}")
    looked_at[f"{root}{place}"] = f"GraphQL with {len(api.operations)} operations"
    return FoundGraphql(place, api if api.operations else None, tuple(looked_at.items()))


def _moved_to(response: Response, asked: str) -> str | None:
    """Return the path on the same server to which an answer leads."""
    target = response.header("location") if response.status in _MOVED else None
    try:
        further = urljoin(asked, target) if target else ""
        path = urlsplit(further).path
    except ValueError:
        return None
    return path if path and origin_of(further) == origin_of(asked) else None


def is_graphql(response: Response) -> bool:
    """Whether an answer to a query for `__typename` is GraphQL's: with that name, or with faults of its form."""
    body = response.json()
    if not isinstance(body, dict):
        return False
    data = body.get("data")
    if isinstance(data, dict) and isinstance(data.get("__typename"), str):
        return True
    return "data" not in body and _are_faults(body.get("errors")) and not {"status", "title", "type"} & body.keys()


def _are_faults(errors: Json) -> bool:
    """Whether these are faults in GraphQL's form: messages with a place in the query, or a code in `extensions`."""
    if not isinstance(errors, list) or not errors:
        return False
    return all(
        isinstance(one, dict) and isinstance(one.get("message"), str) and bool({"locations", "extensions"} & one.keys())
        for one in errors
    )


async def _gives_data(sender: Sender, url: str, headers: Headers) -> bool:
    """Whether an address answers to GET with JSON that is not GraphQL's: a query that is posted there may be kept."""
    asked = f"{url}?{urlencode({'query': _ASKED})}"
    response = (await sender.send(Request("GET", asked, (_ACCEPT, *headers)), timeout_s=_TIMEOUT_S)).response
    if response is None or not 200 <= response.status < 300 or is_graphql(response):
        return False
    return not isinstance(response.json(), NotJson)


async def _post(sender: Sender, url: str, query: str, headers: Headers) -> Exchange:
    body = json.dumps({"query": query}).encode()
    sent = (("Content-Type", "application/json"), _ACCEPT, *headers)
    return await sender.send(Request("POST", url, sent, body), timeout_s=_TIMEOUT_S)
