"""GQL05: one request may hold any number of GraphQL queries (CWE-799, OWASP API4:2023).

Proves: a list of twenty queries gets twenty answers, so that a limit on requests counts one. Cannot: know whether
the server counts queries elsewhere, such as at the log-in.
"""

from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.proofs.graphql_asking import ask, data_in, endpoint, post, speaks_for_endpoint
from apiward.scan.scene import Scene

CODE = "GQL05"
QUERIES: Final = 20


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for a GraphQL endpoint."""
    return speaks_for_endpoint(scene, operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send one query, and twenty in a list, each of which asks for next to nothing."""
    say = Saying(CODE, endpoint(operation).key)
    control = await ask(scene, operation, "query { a0: __typename }", scene.owner)
    if not data_in(control):
        return say.not_run("a query for next to nothing got no good answer")
    queries: list[Json] = [{"query": f"query {{ a{place}: __typename }}"} for place in range(QUERIES)]
    attack = await post(scene, operation, queries, scene.owner)
    if attack.is_doubtful:
        return say.unsure("many queries in one request got no clear answer")
    if _answered(attack) < QUERIES:
        return say.holds(f"{QUERIES} queries in one request were not carried out")
    return say.broken(f"One request with {QUERIES} queries got {QUERIES} answers", attack, control)


def _answered(exchange: Exchange) -> int:
    """Return how many of the queries have got their own answer."""
    body = exchange.response.json() if exchange.response is not None and exchange.is_success else None
    found = 0
    for place, one in enumerate(body if isinstance(body, list) else []):
        data = one.get("data") if isinstance(one, dict) else None
        found += isinstance(data, dict) and isinstance(data.get(f"a{place}"), str)
    return found


CHECK = Check(CODE, applies, run)
