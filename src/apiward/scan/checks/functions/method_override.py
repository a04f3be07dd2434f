"""FUN03: a refusal is got around by naming another method in a header or a field (CWE-650, OWASP API5:2023).

Proves: a normal account that was refused got what staff gets, or did to a throw-away thing what staff
may do, with a POST that names the refused method beside itself; plainly it was refused. Cannot: try
this where the description gives POST a meaning of its own on the same path.
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

CODE = "FUN03"
_HEADERS: Final = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation is kept for staff, and POST on its path is free."""
    is_kept = bypassing.is_tried(scene, operation) or is_done_to_one(scene, operation)
    return is_kept and operation.has_address and "POST" not in bypassing.methods_at(scene, operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask plainly as a normal account, then by a POST that names the method."""
    say = Saying(CODE, operation.key)
    if operation.method != "GET":
        return await prove_done_otherwise(scene, operation, say, _others(operation))
    return await bypassing.try_ways(scene, operation, say, _ways)


def _others(operation: Operation) -> Mapping[str, tuple[Operation, Headers]]:
    posted = replace(operation, method="POST")
    return {"with a POST that names the method in a header": (posted, _naming(operation.method))}


def _ways(plain: Request) -> Iterator[Way]:
    nowhere = bypassing.elsewhere_of(plain)
    for words, change in (
        ("with a POST that names the method in a header", _in_header),
        ("with a POST that names the method in its address", _in_address),
        ("with a form that names the method", _in_form),
    ):
        yield Way(words, change(plain), change(nowhere))


def _in_header(request: Request) -> Request:
    return bypassing.with_headers(replace(request, method="POST"), _naming(request.method))


def _in_address(request: Request) -> Request:
    url = f"{request.url}{'&' if '?' in request.url else '?'}_method={request.method}"
    return replace(request, method="POST", url=url)


def _in_form(request: Request) -> Request:
    form = replace(request, method="POST", body=f"_method={request.method}".encode())
    return bypassing.with_headers(form, (("Content-Type", "application/x-www-form-urlencoded"),))


def _naming(method: str) -> Headers:
    return tuple((name, method) for name in _HEADERS)


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.CHANGES)
