"""PRO03: passwords, their hashes, keys or tokens stand in answers (CWE-200, CWE-522, OWASP API3:2023).

Proves: a field that is named as a secret, or a value that can be nothing else, stands in an answer
to somebody whose secret it is not; a password counts even in its owner's own answer. Cannot: tell
a secret that neither its name nor its form gives away.
"""

from apiward.classify.fields import Found
from apiward.classify.kinds import Kind
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.identities.sessions import Session
from apiward.scan.ownership import objects
from apiward.scan.proofs import exposure
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts, naming

CODE = "PRO03"
_ALWAYS = frozenset({Kind.PASSWORD, Kind.PASSWORD_HASH, Kind.PRIVATE_KEY})
_MEANT_FOR_PAGES = ("AIza", "pk_")
_OF_OTHERS = frozenset({Kind.API_KEY, Kind.TOKEN, Kind.SECRET})


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation reads and does not give out credentials, or is the sign-up, whose answer is at hand."""
    if operation is scene.accounts.sign_up_operation:
        return True
    return operation.method == "GET" and not accounts.is_account_operation(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Look for secrets in what an anonymous caller and a normal account are shown."""
    say = Saying(CODE, operation.key)
    seen = await _answers(scene, operation)
    if not seen:
        return say.unsure("nobody got a good answer here")
    for viewer, exchange in seen:
        found = _secrets(scene, viewer, exchange)
        if found:
            who = "an anonymous caller" if viewer is None else "a normal account"
            saw = f"The answer to {who} shows secrets in {exposure.fields_of(found)}."
            return say.broken(saw, exchange, place="answer")
    return say.holds("no secrets stand in the answers")


async def _answers(scene: Scene, operation: Operation) -> list[tuple[Session | None, Exchange]]:
    if operation is not scene.accounts.sign_up_operation:
        return await exposure.answers(scene, operation)
    answer = scene.accounts.sign_up_answer
    return [(scene.peer or scene.owner, answer)] if answer is not None else []


def _secrets(scene: Scene, viewer: Session | None, exchange: Exchange) -> list[Found]:
    """Return the secrets that the viewer should not be shown."""
    found = [p for p in exposure.pieces(exchange) if p.kind in _ALWAYS and not _is_of_ours(p)]
    others = [p for p in exposure.foreign_pieces(scene, viewer, exchange) if p.kind in _OF_OTHERS]
    holders = {piece.pointer[:-1] for piece in others}
    is_many = len(holders) > 1 and len({piece.text for piece in others}) > 1
    if viewer is None:
        found += [piece for piece in others if _is_of_the_business(piece)]
    return found + (others if is_many else [])


def _is_of_ours(piece: Found) -> bool:
    """Whether a secret is a text that the scan has sent. The digits of a hash may look like a mark by chance."""
    return piece.kind is not Kind.PASSWORD_HASH and bool(objects.marks_in(piece.text))


def _is_of_the_business(piece: Found) -> bool:
    """Whether a secret shown to everybody is the server's own (`secret_key`, `stripe_secret`, a provider's key)."""
    if piece.kind is Kind.SECRET:
        return len(naming.words(piece.name)) > 1
    return piece.kind is Kind.API_KEY and not piece.text.startswith(_MEANT_FOR_PAGES)


CHECK = Check(CODE, applies, run, is_passive=True)
