"""FUN04: a refusal is got around by another spelling of the path (CWE-178, CWE-41, OWASP API5:2023).

Proves: a normal account that was refused was served what staff gets under another spelling of the
same path, twice; the same spelling of a path that does not exist was not, and the plain path was
refused again. Cannot: know every server's way to read a path; it tries the usual ones.
"""

from collections.abc import Iterator

from apiward.core.api import Operation
from apiward.core.exchange import Request
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.proofs import bypassing
from apiward.scan.proofs.bypassing import Way
from apiward.scan.scene import Scene

CODE = "FUN04"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is one of the first operations for staff that can be read as they are."""
    return bypassing.is_tried(scene, operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask plainly as a normal account, then under other spellings of the path."""
    return await bypassing.try_ways(scene, operation, Saying(CODE, operation.key), _ways)


def _ways(plain: Request) -> Iterator[Way]:
    path = bypassing.path_of(plain)
    nowhere = bypassing.path_of(bypassing.elsewhere_of(plain))
    tried = {path}
    for (words, spelt), (_, control) in zip(spellings(path), spellings(nowhere), strict=True):
        if spelt not in tried:
            tried.add(spelt)
            yield Way(words, bypassing.moved(plain, spelt), bypassing.moved(plain, control))


def spellings(path: str) -> list[tuple[str, str]]:
    """Return other spellings of a path, each with the words for it, those that most servers know first."""
    steps = path.split("/")
    at = bypassing.staff_step(path)
    before, step, after = "/".join(steps[:at]), steps[at], "/".join(["", *steps[at + 1 :]])
    after = "" if after == "/" else after
    return [
        ("with a slash at the end", f"{path}/"),
        ("with a doubled slash", f"{before}//{step}{after}"),
        ("with two slashes at the start", f"/{path}"),
        ("in capital letters", f"{before}/{step.upper()}{after}"),
        ("with an encoded letter", f"{before}/%{ord(step[:1] or '-'):02x}{step[1:]}{after}"),
        ("with an encoded slash at the end", f"{path}%2f"),
        ("with a dot segment", f"{before}/./{step}{after}"),
        ("with a way up and down again", f"{before}/x/../{step}{after}"),
        ("with a semicolon", f"{before}/{step};x=1{after}"),
        ("with a semicolon at the end", f"{path};x=1"),
        ("with .json at the end", f"{path}.json"),
        ("with a blank at the end", f"{path}%20"),
    ]


CHECK = Check(CODE, applies, run)
