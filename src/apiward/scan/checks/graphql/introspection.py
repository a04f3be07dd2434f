"""GQL01: a GraphQL endpoint tells everybody its whole schema (CWE-200, OWASP API8:2023).

Proves: without a log-in, the types of the schema are told, and a made-up field is not. Cannot: know whether the
schema is meant to be public, so it is a note.
"""

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.proofs.graphql_asking import SCHEMA_QUESTION, ask, data_in, endpoint, is_clear, speaks_for_endpoint
from apiward.scan.scene import Scene

CODE = "GQL01"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for a GraphQL endpoint."""
    return speaks_for_endpoint(scene, operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask for the schema without a log-in; a made-up field is the control."""
    say = Saying(CODE, endpoint(operation).key)
    attack = await ask(scene, operation, SCHEMA_QUESTION, None)
    if not is_clear(attack):
        return say.unsure("the question for the schema got no clear answer")
    schema = data_in(attack).get("__schema")
    types = schema.get("types") if isinstance(schema, dict) else None
    if not isinstance(types, list) or not types:
        return say.holds("the schema is not told to who is not logged in")
    control = await ask(scene, operation, f"query {{ aw{scene.rng.getrandbits(40):010x} }}", None)
    if data_in(control):
        return say.unsure("the endpoint answers to fields that cannot be there")
    return say.broken(f"Anybody is told the {len(types)} types of the schema, with all their fields", attack, control)


CHECK = Check(CODE, applies, run)
