"""GQL06: a GraphQL endpoint makes changes by GET (CWE-650, CWE-352, OWASP API8:2023).

Proves: a mutation in the address line is carried out as one that is posted is. It asks for the name of the mutation
type alone, so that nothing changes. Cannot: say whether a browser would send the visitor's log-in along.
"""

from apiward.core.api import Operation
from apiward.core.jsonvalue import Json
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import Arguments
from apiward.scan.proofs.graphql_asking import ask, carried_beside, data_in, endpoint, speaks_for_endpoint
from apiward.scan.scene import Scene

CODE = "GQL06"
CHANGE = "mutation { __typename }"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for a GraphQL endpoint that has mutations."""
    if not speaks_for_endpoint(scene, operation):
        return False
    return any(op.field is not None and op.field.kind == "mutation" for op in carried_beside(scene, operation))


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Post an empty change and an empty query, and ask for the change by GET."""
    say = Saying(CODE, endpoint(operation).key)
    posted = await ask(scene, operation, CHANGE, scene.owner)
    control = await ask(scene, operation, "query { __typename }", scene.owner)
    changes, reads = _name(data_in(posted)), _name(data_in(control))
    if changes is None or reads is None or changes == reads:
        return say.not_run("the endpoint does not tell changes and queries apart by name")
    by_get = Operation("GET", operation.address, security=operation.security)
    attack = await scene.call(by_get, Arguments(query={"query": CHANGE}), scene.owner)
    if attack.is_doubtful:
        return say.unsure("a change by GET got no clear answer")
    if _name(data_in(attack)) != changes:
        return say.holds("a change by GET was not carried out")
    return say.broken("A mutation in the address line of a GET was carried out", attack, control, more=(posted,))


def _name(data: dict[str, Json]) -> str | None:
    name = data.get("__typename")
    return name if isinstance(name, str) else None


CHECK = Check(CODE, applies, run)
