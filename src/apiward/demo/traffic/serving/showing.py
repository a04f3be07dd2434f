"""How objects look in answers. Each kind names its owner in a way of its own, or not at all."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from apiward.core.jsonvalue import Json
from apiward.demo.traffic.people import User
from apiward.demo.traffic.things import Thing

Tree: TypeAlias = dict[str, Json]
PAGE: Final = 20


def item(thing: Thing) -> Tree:
    """Return an object as its own answer shows it."""
    return _ITEMS[thing.type.name](thing)


def listing(kind: str, things: Sequence[Thing], page: int, total: int, user: User | None) -> Json:
    """Return one page of a list."""
    rows: list[Json] = [_ROWS[kind](thing) for thing in things]
    return _LISTS[kind](rows, page, total, user)


def person(user: User) -> Tree:
    """Return what colleagues see of a person."""
    return {"id": user.number, "name": user.name, "email": user.email}


def me(user: User) -> Tree:
    """Return what people see of themselves."""
    firm: Tree = {"id": user.tenant.number, "name": user.tenant.name}
    return {**person(user), "organisation": firm, "language": "en"}


def _email(user: User | None) -> Json:
    return user.email if user is not None else None


def _number(user: User | None) -> Json:
    return user.number if user is not None else None


def _note(thing: Thing) -> Tree:
    shown: Tree = {"id": thing.key, "title": thing.title, **thing.fields, "owner_id": _number(thing.owner)}
    if thing.named or thing.intruders:
        shown["shared_with"] = [user.email for user in (*thing.named, *thing.intruders)]
    return shown


def _order(thing: Thing) -> Tree:
    owner = thing.owner
    customer: Json = {"id": owner.number, "email": owner.email} if owner is not None else None
    return {"id": thing.key, "customer": customer, **thing.fields}


def _invoice(thing: Thing) -> Tree:
    return {"ref": thing.key, **thing.fields}


def _document(thing: Thing) -> Tree:
    org = thing.tenant.number if thing.tenant is not None else None
    by = _email(thing.owner)
    return {
        "id": thing.key,
        "title": thing.title,
        "org_id": org,
        "created_by": by,
        "private": thing.is_private,
        **thing.fields,
    }


def _project(thing: Thing) -> Tree:
    firm = thing.tenant
    account: Json = {"id": firm.number, "name": firm.name} if firm is not None else None
    return {"slug": thing.key, "title": thing.title, "account": account, **thing.fields}


def _task(thing: Thing) -> Tree:
    return {"number": thing.key, "title": thing.title, **thing.fields}


def _contact(thing: Thing) -> Tree:
    return {"id": thing.key, "name": thing.title, **thing.fields}


def _booking(thing: Thing) -> Tree:
    return {"ref": thing.key, "topic": thing.title, **thing.fields}


def _thread(thing: Thing) -> Tree:
    return {"thread": thing.key, "subject": thing.title, **thing.fields}


def _guest_order(thing: Thing) -> Tree:
    return {"title": thing.title, **thing.fields}


def _person(thing: Thing) -> Tree:
    return person(thing.owner) if thing.owner is not None else {}


def _article(thing: Thing) -> Tree:
    return {"slug": thing.key, "title": thing.title, **thing.fields}


def _product(thing: Thing) -> Tree:
    return {"id": thing.key, "name": thing.title, **thing.fields}


_ITEMS: Final[dict[str, Callable[[Thing], Tree]]] = {
    "note": _note, "order": _order, "invoice": _invoice, "document": _document, "project": _project, "task": _task,
    "contact": _contact, "booking": _booking, "thread": _thread, "guest-order": _guest_order, "article": _article,
    "product": _product, "person": _person,
}  # fmt: skip

_ROWS: Final[dict[str, Callable[[Thing], Tree]]] = {
    "note": lambda thing: {"id": thing.key, "title": thing.title, "owner_id": _number(thing.owner)},
    "order": lambda thing: {"id": thing.key, "total_cents": thing.fields["total_cents"]},
    "invoice": lambda thing: {"ref": thing.key, "amount_cents": thing.fields["amount_cents"]},
    "document": lambda thing: {"id": thing.key, "title": thing.title, "created_by": _email(thing.owner)},
    "project": lambda thing: {"slug": thing.key, "title": thing.title},
    "task": _task,
    "contact": lambda thing: {"id": thing.key, "name": thing.title},
    "booking": lambda thing: {"ref": thing.key, "starts_at": thing.fields["starts_at"], "email": _email(thing.owner)},
    "thread": lambda thing: {"id": thing.key, "subject": thing.title, "with": [user.email for user in thing.named]},
    "article": lambda thing: {"slug": thing.key, "title": thing.title},
    "product": _product,
}

_Lister: TypeAlias = Callable[[list[Json], int, int, "User | None"], Json]


def _pages(rows: list[Json], page: int, total: int, user: User | None) -> Json:
    return {"items": rows, "page": page, "next": page + 1 if page * PAGE < total else None}


def _data(rows: list[Json], page: int, total: int, user: User | None) -> Json:
    return {"data": rows, "meta": {"page": page, "total": total}}


def _bare(rows: list[Json], page: int, total: int, user: User | None) -> Json:
    return rows


def _of_firm(rows: list[Json], page: int, total: int, user: User | None) -> Json:
    return {"contacts": rows, "org_id": user.tenant.number if user is not None else None, "total": total}


_LISTS: Final[dict[str, _Lister]] = {
    "note": _pages, "order": _bare, "invoice": _data, "document": _data, "project": _pages, "task": _bare,
    "contact": _of_firm, "booking": _bare, "thread": _data, "article": _pages, "product": _data,
}  # fmt: skip
