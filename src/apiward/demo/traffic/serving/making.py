"""What people write into new objects: titles, texts, prices, dates. The same makes the objects of the first day."""

from datetime import UTC, datetime
from random import Random

from apiward.core.jsonvalue import Json
from apiward.demo.traffic import words
from apiward.demo.traffic.people import User
from apiward.demo.traffic.things import Thing

Tree = dict[str, Json]


def written(kind: str, rng: Random, user: User | None, now_s: float) -> Tree:
    """Return the body with which somebody makes an object of that kind."""
    if kind in {"note", "document"}:
        return {"title": words.title(rng), "text": words.text(rng)}
    if kind == "order":
        return {"items": _items(rng), "address": _address(rng)}
    if kind == "contact":
        name, email = words.person(rng)
        return {"name": name, "email": email, "phone": _phone(rng)}
    if kind == "booking":
        return {"topic": words.title(rng), "starts_at": moment(now_s + 86_400 * (1 + rng.random() * 30))}
    if kind == "task":
        mates = user.tenant.users if user is not None else []
        assignee = mates[int(rng.random() * len(mates))].email if mates else None
        return {"title": words.title(rng), "done": False, "assignee": assignee}
    if kind == "project":
        return {"title": words.title(rng), "budget_cents": int(rng.random() * 900) * 1000}
    if kind == "invoice":
        return {
            "amount_cents": words.amount(rng, 4_000),
            "due": moment(now_s + 1_209_600)[:10],
            "status": "open",
        }
    return {"subject": words.title(rng), "text": words.text(rng)}


def changed(kind: str, rng: Random, thing: Thing, now_s: float) -> Tree:
    """Return the body with which somebody changes an object."""
    if kind == "order":
        return {"address": _address(rng)}
    if kind == "contact":
        return {"phone": _phone(rng)}
    if kind == "booking":
        return {"starts_at": moment(now_s + 86_400 * (1 + rng.random() * 30))}
    if kind == "task":
        return {"done": rng.random() < 0.7}
    if kind == "project":
        return {"budget_cents": int(rng.random() * 900) * 1000}
    if kind == "invoice":
        return {"status": "paid"}
    if kind == "note":
        return {"title": thing.title, "text": words.text(rng)}
    return {"text": words.text(rng)}


def stored(kind: str, value: Tree, rng: Random, now_s: float) -> tuple[str, Tree]:
    """Return the title and the fields that the API keeps of what was written; unknown fields are not kept."""
    kept = {name: value[name] for name in _KEPT[kind] if name in value}
    if kind == "order":
        kept |= {
            "total_cents": words.amount(rng, 1_500),
            "status": "new",
            "number": f"O-{int(now_s) % 100_000}",
        }
    if kind == "thread":
        return str(value.get("subject", "")), {"messages": []}
    return str(value.get("title") or value.get("name") or value.get("topic") or ""), kept


def moment(at_s: float) -> str:
    """Return a time as APIs write it."""
    return datetime.fromtimestamp(int(at_s) // 900 * 900, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_KEPT = {
    "note": ("text",), "document": ("text",), "order": ("items", "address"), "contact": ("email", "phone"),
    "booking": ("starts_at",), "task": ("done", "assignee"), "project": ("budget_cents",), "thread": (),
    "invoice": ("amount_cents", "due", "status"),
}  # fmt: skip


def _items(rng: Random) -> list[Json]:
    count = 1 + int(rng.random() * 3)
    return [{"product_id": 1 + int(rng.random() * 40), "quantity": 1 + int(rng.random() * 3)} for _ in range(count)]


def _address(rng: Random) -> str:
    return f"{1 + int(rng.random() * 99)} Quay Street, Bristol"


def _phone(rng: Random) -> str:
    return f"+44 117 496 {int(rng.random() * 10_000):04}"
