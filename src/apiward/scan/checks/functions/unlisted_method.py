"""FUN06: a method that no description names does what another one is refused (CWE-650, OWASP API5:2023).

Proves: a normal account that was refused got what staff gets with a made-up method, twice, or did to
a throw-away thing what staff may do with a method that nobody described. Cannot: try methods that
delete where the described one does not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Headers, Request
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.level import Level, Phase
from apiward.scan.proofs import bypassing
from apiward.scan.proofs.bypassing import Way
from apiward.scan.proofs.staffing import is_done_to_one, prove_done_otherwise
from apiward.scan.scene import Scene

CODE = "FUN06"
_WRITING: Final = ("PUT", "PATCH", "POST")


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation is kept for staff, and a method of its kind is free on its path."""
    if operation.method == "GET":
        return bypassing.is_tried(scene, operation)
    return (
        operation.has_address
        and operation.method in _WRITING
        and is_done_to_one(scene, operation)
        and bool(_others(scene, operation))
    )


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask plainly as a normal account, then with methods that nobody described."""
    say = Saying(CODE, operation.key)
    if operation.method != "GET":
        return await prove_done_otherwise(scene, operation, say, _others(scene, operation))
    return await bypassing.try_ways(scene, operation, say, _ways)


def _ways(plain: Request) -> Iterator[Way]:
    for method in ("GETS", "get"):
        attack = replace(plain, method=method)
        yield Way(f"with the method {method}", attack, bypassing.elsewhere_of(attack))


def _others(scene: Scene, operation: Operation) -> Mapping[str, tuple[Operation, Headers]]:
    """Return the operation under methods that nobody described there."""
    taken = bypassing.methods_at(scene, operation)
    return {
        f"with {method}, which is not described": (replace(operation, method=method), ())
        for method in _WRITING
        if method not in taken
    }


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.CHANGES)
