"""Forged events: what a payment provider or a shop system would send to a receiver, in the shapes of the usual ones."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from apiward.core.api import Operation, Place
from apiward.core.exchange import Headers
from apiward.core.jsonvalue import Json, Pointer
from apiward.core.schema import Schema
from apiward.scan.calling.arguments import BODY, Arguments, Slot
from apiward.scan.ownership import objects
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming, spoken

MAX_EVENTS: Final = 4
_RECEIVER: Final = re.compile(r"(^|-)(web-?hooks?|hooks?|callbacks?|ipn)(-|$)")
_GOOD: Final = ("paid", "succe", "captur", "complet", "approv", "confirm", "activ", "charged")
_KINDS: Final = frozenset("type event status state topic action kind name".split())


def is_receiver(operation: Operation) -> bool:
    """Whether the operation takes events from the systems of others: by its name, or by a header for a signature."""
    if operation.method != "POST" or operation.is_secured:
        return False
    return bool(_RECEIVER.search(spoken.spoken_name(operation))) or signature_header(operation) is not None


def signature_header(operation: Operation) -> str | None:
    """Return the name of the described header that carries a signature."""
    named = (p.name for p in operation.parameters_in(Place.HEADER) if _is_signature(p.name))
    return next(named, None)


def _is_signature(name: str) -> bool:
    return bool({"signature", "hmac"} & set(naming.words(name)))


def wrong_signature(operation: Operation, now_s: float) -> Headers:
    """Return the headers of signatures that are well formed and of nobody, as the usual senders write them."""
    zeros = "0" * 64
    own = signature_header(operation)
    made = [("Stripe-Signature", f"t={int(now_s)},v1={zeros}"), ("X-Razorpay-Signature", zeros)]
    made += [("X-Hub-Signature-256", f"sha256={zeros}"), ("X-Shopify-Hmac-Sha256", "A" * 43 + "=")]
    made += [("X-Twilio-Signature", "A" * 27 + "="), ("X-Signature", zeros)]
    if own is not None and own.lower() not in {name.lower() for name, _ in made}:
        made.append((own, f"t={int(now_s)},v1={zeros}"))
    chosen = [pair for pair in made if own is None or pair[0].lower() == own.lower()]
    return (*chosen, ("X-Shopify-Topic", "orders/paid"), ("X-GitHub-Event", "push"))


def forged(scene: Scene, operation: Operation, target: OwnedObject) -> Iterator[tuple[Arguments, Slot]]:
    """Yield events that say something good of the object, each with the slot that names it; the likeliest first."""
    ways = objects.pointings(operation, target)
    if ways:
        yield from islice(_described(scene, operation, ways[0]), MAX_EVENTS)
        return
    id_ = next(iter(target.names.get(f"{target.noun}id", ())), None)
    schema = operation.body_schema()
    if id_ is None or (schema is not None and schema.properties):
        return
    for shape, pointer in _shapes(operation):
        yield Arguments(body=shape(id_, target.noun), media_type="application/json"), Slot(BODY, pointer)


def _described(scene: Scene, operation: Operation, way: objects.Pointing) -> Iterator[tuple[Arguments, Slot]]:
    arguments = scene.pointed(operation, scene.owner, way)
    arguments = replace(arguments, header={k: v for k, v in arguments.header.items() if not _is_signature(k)})
    named = next(slot for slot in way if slot.place == BODY or slot.place in ("query", "path"))
    kinds = list(_kinds(operation))
    for at in range(max((len(values) for _, values in kinds), default=1) or 1):
        event = arguments
        for slot, values in kinds:
            event = event.put(slot, values[min(at, len(values) - 1)])
        yield event, named


def _kinds(operation: Operation) -> Iterator[tuple[Slot, list[Json]]]:
    """Yield the slots that say what has happened, with the described values, the good news first."""
    schema = operation.body_schema() or Schema()
    for pointer, child in schema.fields():
        values = list(dict.fromkeys((*child.enum, *child.examples)))
        if pointer and values and _KINDS & set(naming.words(Slot(BODY, pointer).name)):
            yield Slot(BODY, pointer), sorted(values, key=_badness)


def _badness(value: Json) -> int:
    text = str(value).lower()
    return next((rank for rank, word in enumerate(_GOOD) if word in text), len(_GOOD))


_Shape = Callable[[Json, str], Json]


def _shapes(operation: Operation) -> list[tuple[_Shape, Pointer]]:
    """Return the shapes of events of the senders that the description names; all of them where it names none."""
    said = f"{spoken.spoken_name(operation)} {spoken.prose(operation)} {signature_header(operation) or ''}".lower()
    known = [(make, pointer) for name, make, pointer in _BY_SENDER if name in said]
    return (known or [(make, pointer) for _, make, pointer in _BY_SENDER])[:MAX_EVENTS]


def _stripe(id_: Json, noun: str) -> Json:
    told: Json = {f"{noun}_id": id_, f"{noun}Id": id_, "reference": id_}
    about: Json = {"client_reference_id": id_, "metadata": told, "payment_status": "paid", "status": "succeeded"}
    return {"id": "evt_0", "object": "event", "type": "checkout.session.completed", "data": {"object": about}}


def _razorpay(id_: Json, noun: str) -> Json:
    about: Json = {"order_id": id_, "receipt": id_, "notes": {f"{noun}_id": id_}, "status": "captured"}
    return {"event": "payment.captured", "payload": {"payment": {"entity": about}}}


def _shopify(id_: Json, noun: str) -> Json:
    told: Json = [{"name": f"{noun}_id", "value": id_}]
    return {"id": id_, "order_number": id_, "financial_status": "paid", "note_attributes": told}


def _paypal(id_: Json, noun: str) -> Json:
    about: Json = {"custom_id": id_, "invoice_id": id_, f"{noun}_id": id_, "status": "COMPLETED"}
    return {"event_type": "PAYMENT.CAPTURE.COMPLETED", "resource": about}


def _plain(id_: Json, noun: str) -> Json:
    return {"event": "payment.succeeded", "type": "payment.succeeded", f"{noun}_id": id_, "id": id_, "status": "paid"}


_BY_SENDER: Final[tuple[tuple[str, _Shape, Pointer], ...]] = (
    ("stripe", _stripe, ("data", "object", "client_reference_id")),
    ("razorpay", _razorpay, ("payload", "payment", "entity", "order_id")),
    ("shopify", _shopify, ("id",)),
    ("paypal", _paypal, ("resource", "custom_id")),
    ("generic", _plain, ("id",)),
)
