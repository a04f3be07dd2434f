"""PRO04: other people's personal or payment data stands in answers (CWE-359, OWASP API3:2023).

Proves: the answer to a caller holds data of the scan's other account, or of several other people.
Cannot: tell data that its owner wants to be public, such as a shop's own contact address, which is
why one address alone is no finding.
"""

from apiward.classify.fields import Found
from apiward.classify.kinds import Kind
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Confidence, Verdict
from apiward.scan import exposure, objects, roles
from apiward.scan.api import Check, Saying
from apiward.scan.scene import Scene
from apiward.scan.sessions import Session

CODE = "PRO04"
_QUIET = frozenset({Kind.IP_ADDRESS, Kind.GEO, Kind.NAME, Kind.IDENTIFIER})


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation reads, and is not kept for staff."""
    is_read = operation.method == "GET" and not roles.is_account_operation(operation)
    return is_read and not scene.is_for_staff(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Look for other people's data in what an anonymous caller and a normal account are shown."""
    say = Saying(CODE, operation.key)
    seen = await exposure.answers(scene, operation)
    if not seen:
        return say.unsure("nobody got a good answer here")
    for viewer, exchange in seen:
        found = _personal(scene, viewer, exchange)
        proved = _of_our_other(scene, viewer, found)
        if proved or len({piece.text for piece in found if _tells_people_apart(piece)}) > 1:
            return say.broken(
                _saw(viewer, found),
                exchange,
                _control(scene, operation, viewer),
                place="answer",
                confidence=Confidence.PROVED if proved else Confidence.LIKELY,
            )
    return say.holds("no data of other people stands in the answers")


def _personal(scene: Scene, viewer: Session | None, exchange: Exchange) -> list[Found]:
    found = exposure.foreign_pieces(scene, viewer, exchange)
    return [p for p in found if (p.kind.is_personal or p.kind.is_payment) and p.kind not in _QUIET]


def _of_our_other(scene: Scene, viewer: Session | None, found: list[Found]) -> bool:
    """Whether some of it belongs to another account of the scan."""
    others = [target for target in scene.objects if viewer is None or target.owner != viewer.name]
    marks = frozenset(mark for target in others for mark in target.marks)
    return any(objects.marks_in(piece.text) & marks for piece in found)


def _tells_people_apart(piece: Found) -> bool:
    return piece.kind in (Kind.EMAIL, Kind.PHONE) or piece.kind.is_payment or piece.kind is Kind.SSN


def _saw(viewer: Session | None, found: list[Found]) -> str:
    who = "an anonymous caller" if viewer is None else "a normal account"
    kinds = ", ".join(dict.fromkeys(piece.kind.value for piece in found))
    return f"The answer to {who} holds other people's data ({kinds}) in {exposure.fields_of(found)}."


def _control(scene: Scene, operation: Operation, viewer: Session | None) -> Exchange | None:
    """Return what another caller gets: the same data for everybody shows that nobody is told apart."""
    other = scene.owner if viewer is None else None
    return scene.seen(operation, other)


CHECK = Check(CODE, applies, run, is_passive=True)
