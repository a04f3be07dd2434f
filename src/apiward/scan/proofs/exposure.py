"""Whose data stands in an answer: the caller's own, or somebody else's. Shared by PRO03 and PRO04."""

from collections.abc import Iterator

from apiward.classify.fields import Found, classify_json
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NotJson
from apiward.scan.identities.sessions import Session
from apiward.scan.ownership import objects
from apiward.scan.scene import Scene


async def answers(scene: Scene, operation: Operation) -> list[tuple[Session | None, Exchange]]:
    """Return what an anonymous caller and a normal account get here, where it is a good answer."""
    found: list[tuple[Session | None, Exchange]] = []
    for viewer in (None, *reversed(scene.users[:2])):
        exchange = await scene.look_at(operation, viewer)
        if exchange.is_success:
            found.append((viewer, exchange))
        if viewer is not None and exchange.is_success:
            break
    return found


def pieces(exchange: Exchange) -> tuple[Found, ...]:
    """Return the classified pieces of data of a JSON answer."""
    body = exchange.response.json() if exchange.response else None
    return () if body is None or isinstance(body, NotJson) else classify_json(body)


def foreign_pieces(scene: Scene, viewer: Session | None, exchange: Exchange) -> Iterator[Found]:
    """Yield the pieces that the viewer neither sent nor is."""
    own = own_texts(scene, viewer)
    for piece in pieces(exchange):
        if piece.text not in own and not objects.marks_in(piece.text) & own:
            yield piece


def fields_of(found: list[Found]) -> str:
    """Return the names of the first fields where the pieces stand, list positions left out."""
    names = dict.fromkeys(".".join(str(step) for step in p.pointer if isinstance(step, str)) for p in found)
    shown = list(names)[:3]
    return ", ".join(shown) + (" and more" if len(names) > len(shown) else "")


def own_texts(scene: Scene, viewer: Session | None) -> frozenset[str]:
    """Return every text by which the viewer's own data can be told."""
    if viewer is None:
        return frozenset()
    own = {viewer.account.username, viewer.persona.email, viewer.persona.phone, viewer.persona.full_name}
    own |= viewer.secrets | {str(value) for value in viewer.account.facts.values()}
    for target in scene.owned_by(viewer):
        own |= target.marks | {str(value) for values in target.names.values() for value in values}
    return frozenset(text for text in own if text)
