"""PRO04: other people's personal or payment data stands in answers (CWE-359, OWASP API3:2023).

Proves: the answer to a caller holds data of the scan's other account, or of several other people. It is
likely, not proved, where nobody can sign up: two given accounts may be colleagues who should see each other.
Cannot: tell data that its owner wants to be public, such as a shop's own contact address, which is
why one address alone is no finding.
"""

from apiward.classify.fields import Found
from apiward.classify.kinds import Kind
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.identities.sessions import Session
from apiward.scan.ownership import objects
from apiward.scan.proofs import exposure
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts, naming

CODE = "PRO04"
_QUIET = frozenset({Kind.IP_ADDRESS, Kind.GEO, Kind.NAME, Kind.IDENTIFIER})
_TELLING = frozenset({Kind.EMAIL, Kind.PHONE, Kind.SSN, Kind.PAN, Kind.AADHAAR})
_OF_BUSINESSES = frozenset(
    "store shop branch location office company business vendor supplier merchant seller restaurant clinic hotel venue "
    "brand partner department organization organisation support imprint about contact sales info public press".split()
)


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation reads, and is not kept for staff."""
    is_read = operation.method == "GET" and not accounts.is_account_operation(operation)
    return is_read and not scene.is_for_staff(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Look for other people's data in what an anonymous caller and a normal account are shown."""
    say = Saying(CODE, operation.key)
    seen = await exposure.answers(scene, operation)
    if not seen:
        return say.unsure("nobody got a good answer here")
    for viewer, exchange in seen:
        found = _personal(scene, viewer, exchange)
        proved = [piece for piece in found if _is_of_our_other(scene, viewer, piece)]
        if proved or _tells_people_apart(scene, operation, viewer, found):
            return say.broken(
                _saw(viewer, proved or found),
                exchange,
                _control(scene, operation, viewer),
                place="answer",
                confidence=Confidence.PROVED if proved and _are_strangers(scene, viewer, proved) else Confidence.LIKELY,
            )
    return await _of_named_account(scene, operation, say) or say.holds("no data of other people stands in the answers")


async def _of_named_account(scene: Scene, operation: Operation, say: Saying) -> Verdict | None:
    """Ask for the other account by its name: a profile may be for all to read, payment and health data are not."""
    owner, peer = scene.owner, scene.peer
    if owner is None or peer is None:
        return None
    for target, ways in scene.targets(operation, owner):
        if not target.is_account:
            continue
        own = await scene.call(operation, ways[0], owner)
        shown = await scene.call(operation, ways[0], peer)
        found = [piece for piece in exposure.foreign_pieces(scene, peer, shown) if _is_nobodys_business(piece)]
        same = {piece.text for piece in exposure.pieces(own)}
        found = [piece for piece in found if piece.text in same]
        if shown.is_success and found:
            return say.broken(_saw(peer, found), shown, own, place="answer")
    return None


def _is_nobodys_business(piece: Found) -> bool:
    return piece.kind.is_payment or piece.kind in (Kind.SSN, Kind.HEALTH, Kind.AADHAAR, Kind.PAN)


def _personal(scene: Scene, viewer: Session | None, exchange: Exchange) -> list[Found]:
    """Return what is others' and no business's: a field like `contact_email` is there to be read."""
    found = exposure.foreign_pieces(scene, viewer, exchange)
    return [
        p
        for p in found
        if p.kind.is_payment
        or (p.kind.is_personal and p.kind not in _QUIET and not _OF_BUSINESSES & set(_words_around(p)))
    ]


def _words_around(piece: Found) -> list[str]:
    names = [step for step in piece.pointer if isinstance(step, str)][-2:]
    return [naming.singular(word) for name in names for word in naming.words(name)]


def _is_of_our_other(scene: Scene, viewer: Session | None, piece: Found) -> bool:
    """Whether a piece belongs to another account of the scan."""
    mates = [] if viewer is None else [user.name for user in _all(scene) if scene.is_mate(user, viewer)]
    if scene.objects.others_own(objects.marks_in(piece.text), viewer.name if viewer else "", *mates):
        return True
    return any(piece.text in exposure.own_texts(scene, user) for user in _strangers_to(scene, viewer))


def _all(scene: Scene) -> list[Session]:
    return [*scene.users, *scene.privileged]


def _strangers_to(scene: Scene, viewer: Session | None) -> list[Session]:
    """Return the accounts whose data is none of the viewer's business: people of one tenant may know each other."""
    others = [user for user in scene.users if user is not viewer]
    return others if viewer is None else [user for user in others if not scene.is_mate(user, viewer)]


def _are_strangers(scene: Scene, viewer: Session | None, found: list[Found]) -> bool:
    """Whether the data is none that people of one team may know of each other."""
    is_for_anybody = viewer is None or any(accounts.is_sign_up(operation) for operation in scene.operations)
    return is_for_anybody or any(map(_is_nobodys_business, found))


def _tells_people_apart(scene: Scene, operation: Operation, viewer: Session | None, found: list[Found]) -> bool:
    """Whether the pieces tell of several people, none of whom is the viewer: others are shown them, too."""
    if _OF_BUSINESSES & set(naming.nouns(operation.path)[-1:]):
        found = [piece for piece in found if piece.kind.is_payment]
    telling = [piece for piece in found if piece.kind in _TELLING or piece.kind.is_payment]
    if viewer is not None:
        other = next(iter(_strangers_to(scene, viewer)), None)
        seen = scene.seen(operation, other) if other else None
        telling = [piece for piece in telling if seen is not None and piece.text in seen.text]
    # People stand in the elements of a list; several addresses of one record are one person's, or a business's.
    people = {tuple(step for step in piece.pointer if isinstance(step, int)) for piece in telling}
    return len(people) > 1 and len({piece.text for piece in telling}) > 1


def _saw(viewer: Session | None, found: list[Found]) -> str:
    who = "an anonymous caller" if viewer is None else "a normal account"
    kinds = ", ".join(dict.fromkeys(piece.kind.value for piece in found))
    return f"The answer to {who} holds other people's data ({kinds}) in {exposure.fields_of(found)}."


def _control(scene: Scene, operation: Operation, viewer: Session | None) -> Exchange | None:
    """Return what another caller gets: the same data for everybody shows that nobody is told apart."""
    other = scene.owner if viewer is None else None
    return scene.seen(operation, other)


CHECK = Check(CODE, applies, run, is_passive=True)
