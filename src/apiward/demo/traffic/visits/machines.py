"""Programs with keys: one writes invoices for all tenants, others bring contacts in."""

from apiward.core.jsonvalue import Json
from apiward.demo.traffic.asking import Ask, Session
from apiward.demo.traffic.callers import Caller
from apiward.demo.traffic.serving.making import written
from apiward.demo.traffic.values import Kind
from apiward.demo.traffic.world import World, operation


def ledger(world: World, caller: Caller) -> Session:
    """Write the invoices of the night, and mark older ones as paid."""
    rng = world.rng
    for tenant in world.tenants[1:]:
        if rng.random() < 0.4:
            value = {"org_id": tenant.number, **written("invoice", rng, None, world.now_s)}
            yield _ask("create-invoice", caller, value=value)
        invoices = tenant.things.get("invoice")
        if invoices and rng.random() < 0.2:
            invoice = invoices[int(rng.random() * len(invoices))]
            yield _ask("read-invoice", caller, invoice.id)
            yield _ask("change-invoice", caller, invoice.id, value={"status": "paid"})


def contacts(world: World, caller: Caller) -> Session:
    """Bring some contacts in, and put one of them right."""
    tenant = next(iter(caller.tenants))
    rows: list[Json] = [
        written("contact", world.rng, None, world.now_s) for _ in range(1 + int(world.rng.random() * 8))
    ]
    told = yield _ask("import-contacts", caller, value={"org_id": tenant, "contacts": rows})
    for contact in told.shown[:2]:
        yield _ask("change-contact", caller, contact.id, value={"phone": "+44 117 496 0000"})


def _ask(name: str, caller: Caller, id_: str = "", value: dict[str, Json] | None = None) -> Ask:
    return Ask(operation(name), caller, Kind.IMPORT, id_, value, after_s=0.5)
