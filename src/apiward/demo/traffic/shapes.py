"""The shapes of what the simulated API takes and gives, as JSON Schema (OpenAPI 3.1)."""

from typing import Any, Final, TypeAlias

Tree: TypeAlias = dict[str, Any]

TEXT: Final[Tree] = {"type": "string", "maxLength": 4_000}
_SHORT: Final[Tree] = {"type": "string", "maxLength": 200}
_NUMBER: Final[Tree] = {"type": "integer", "minimum": 1}
_CENTS: Final[Tree] = {"type": "integer", "minimum": 0}
_EMAIL: Final[Tree] = {"type": "string", "format": "email"}
_MAYBE_EMAIL: Final[Tree] = {"type": ["string", "null"], "format": "email"}
_MAYBE_NUMBER: Final[Tree] = {"type": ["integer", "null"]}
_TIME: Final[Tree] = {"type": "string", "format": "date-time"}
_DAY: Final[Tree] = {"type": "string", "format": "date"}
_YES: Final[Tree] = {"type": "boolean"}
_UUID: Final[Tree] = {"type": "string", "format": "uuid"}
_SLUG: Final[Tree] = {"type": "string", "pattern": "^[a-z0-9-]{1,80}$"}
_REF: Final[Tree] = {"type": "string", "pattern": "^[A-Za-z0-9_=-]{1,40}$"}
_BOOKING: Final[Tree] = {"type": "string", "pattern": "^BK-[2-9A-Z]{6}$"}
_SECRET: Final[Tree] = {"type": "string", "pattern": "^[0-9a-f]{32}$"}

IDS: Final[dict[str, Tree]] = {
    "note": _NUMBER, "order": _NUMBER, "invoice": _REF, "document": _UUID, "project": _SLUG, "task": _NUMBER,
    "contact": _NUMBER, "booking": _BOOKING, "thread": _NUMBER, "guest-order": _SECRET, "article": _SLUG,
    "product": _NUMBER, "person": _NUMBER,
}  # fmt: skip
"""What ids look like, by the kind of object."""


def record(needed: Tree, more: Tree | None = None) -> Tree:
    """Return an object with these properties and no others."""
    properties = {**needed, **(more or {})}
    return {"type": "object", "properties": properties, "required": list(needed), "additionalProperties": False}


def rows(schema: Tree) -> Tree:
    """Return a list."""
    return {"type": "array", "items": schema}


_ITEM: Final = record({"product_id": _NUMBER, "quantity": {"type": "integer", "minimum": 1, "maximum": 99}})
_CARD: Final = record({"number": {"type": "string", "pattern": "^[0-9]{12,19}$"}, "expires": _SHORT, "cvc": _SHORT})
_CUSTOMER: Final = {"anyOf": [record({"id": _NUMBER, "email": _EMAIL}), {"type": "null"}]}
_FIRM: Final = {"anyOf": [record({"id": _NUMBER, "name": _SHORT}), {"type": "null"}]}
_MESSAGE: Final = record({"id": _NUMBER, "from": _MAYBE_EMAIL, "text": TEXT})
_ORDER: Final = {
    "items": rows(_ITEM), "address": _SHORT, "total_cents": _CENTS, "status": _SHORT, "number": _SHORT,
}  # fmt: skip

ITEMS: Final[dict[str, Tree]] = {
    "note": record(
        {"id": _NUMBER, "title": _SHORT, "text": TEXT, "owner_id": _MAYBE_NUMBER}, {"shared_with": rows(_EMAIL)}
    ),
    "order": record({"id": _NUMBER, "customer": _CUSTOMER, **_ORDER}),
    "invoice": record({"ref": _REF, "amount_cents": _CENTS, "due": _DAY, "status": _SHORT}),
    "document": record(
        {
            "id": _UUID,
            "title": _SHORT,
            "org_id": _MAYBE_NUMBER,
            "created_by": _MAYBE_EMAIL,
            "private": _YES,
            "text": TEXT,
        }
    ),
    "project": record({"slug": _SLUG, "title": _SHORT, "account": _FIRM, "budget_cents": _CENTS}),
    "task": record({"number": _NUMBER, "title": _SHORT, "done": _YES}, {"assignee": _MAYBE_EMAIL}),
    "contact": record({"id": _NUMBER, "name": _SHORT, "email": _EMAIL, "phone": _SHORT}),
    "booking": record({"ref": _BOOKING, "topic": _SHORT, "starts_at": _TIME}),
    "thread": record({"thread": _NUMBER, "subject": _SHORT, "messages": rows(_MESSAGE)}),
    "guest-order": record({"title": _SHORT, "email": _EMAIL, **_ORDER}, {"token": _SECRET}),
    "article": record({"slug": _SLUG, "title": _SHORT, "text": TEXT}),
    "product": record({"id": _NUMBER, "name": _SHORT, "price_cents": _CENTS}),
    "person": record({"id": _NUMBER, "name": _SHORT, "email": _EMAIL}),
}
"""What one object looks like in its own answer."""

_PAGE: Final = {"page": _NUMBER, "next": _MAYBE_NUMBER}
_META: Final = {"meta": record({"page": _NUMBER, "total": _CENTS})}
_THREAD_ROW: Final = record({"id": _NUMBER, "subject": _SHORT, "with": rows(_EMAIL)})
_BOOKING_ROW: Final = record({"ref": _BOOKING, "starts_at": _TIME, "email": _MAYBE_EMAIL})

LISTS: Final[dict[str, Tree]] = {
    "note": record({"items": rows(record({"id": _NUMBER, "title": _SHORT, "owner_id": _MAYBE_NUMBER})), **_PAGE}),
    "order": rows(record({"id": _NUMBER, "total_cents": _CENTS})),
    "invoice": record({"data": rows(record({"ref": _REF, "amount_cents": _CENTS})), **_META}),
    "document": record({"data": rows(record({"id": _UUID, "title": _SHORT, "created_by": _MAYBE_EMAIL})), **_META}),
    "project": record({"items": rows(record({"slug": _SLUG, "title": _SHORT})), **_PAGE}),
    "task": rows(ITEMS["task"]),
    "contact": record(
        {"contacts": rows(record({"id": _NUMBER, "name": _SHORT})), "org_id": _MAYBE_NUMBER, "total": _CENTS}
    ),
    "booking": rows(_BOOKING_ROW),
    "thread": record({"data": rows(_THREAD_ROW), **_META}),
    "article": record({"items": rows(record({"slug": _SLUG, "title": _SHORT})), **_PAGE}),
    "product": record({"data": rows(ITEMS["product"]), **_META}),
}
"""What lists look like."""

NEW: Final[dict[str, Tree]] = {
    "note": record({"title": _SHORT, "text": TEXT}),
    "order": record({"items": rows(_ITEM), "address": _SHORT}),
    "invoice": record({"org_id": _NUMBER, "amount_cents": _CENTS, "due": _DAY, "status": _SHORT}),
    "document": record({"title": _SHORT, "text": TEXT}, {"private": _YES}),
    "project": record({"title": _SHORT, "budget_cents": _CENTS}),
    "task": record({"title": _SHORT, "done": _YES}, {"assignee": _MAYBE_EMAIL}),
    "contact": record({"name": _SHORT, "email": _EMAIL, "phone": _SHORT}),
    "booking": record({"topic": _SHORT, "starts_at": _TIME}),
    "thread": record({"subject": _SHORT, "text": TEXT, "to": _EMAIL}),
    "guest-order": record({"items": rows(_ITEM), "address": _SHORT, "name": _SHORT, "email": _EMAIL, "card": _CARD}),
}
"""What makes a new object."""

CHANGES: Final[dict[str, Tree]] = {
    "note": NEW["note"],
    "order": record({"address": _SHORT}),
    "invoice": record({"status": _SHORT}),
    "document": record({}, {"title": _SHORT, "text": TEXT}),
    "project": record({"budget_cents": _CENTS}),
    "task": record({"done": _YES}),
    "contact": record({"phone": _SHORT}),
    "booking": record({"ref": _BOOKING, "starts_at": _TIME}),
}
"""What changes one."""

BODIES: Final[dict[str, Tree]] = {
    "log-in": record({"email": _EMAIL, "password": _SHORT}),
    "change-me": record({"language": _SHORT}),
    "share-note": record({"email": _EMAIL}),
    "share-project": record({"email": _EMAIL}),
    "pay": record({"order_id": _NUMBER, "card": _CARD}),
    "coupon": record({"code": {"type": "string", "maxLength": 30}}),
    "remove-booking": record({"ref": _BOOKING}),
    "write-message": record({"thread": _NUMBER, "text": TEXT}),
    "import-contacts": record({"org_id": _NUMBER, "contacts": rows(NEW["contact"])}),
    "set-role": record({"role": {"enum": ["user", "support"]}}),
}
"""What other operations take."""

_ME: Final = record({"id": _NUMBER, "name": _SHORT, "email": _EMAIL, "organisation": _FIRM, "language": _SHORT})
_USER_ROW: Final = record({"id": _NUMBER, "name": _SHORT, "email": _EMAIL, "org_id": _NUMBER})
ANSWERS: Final[dict[str, Tree]] = {
    "log-in": record({"access_token": TEXT, "token_type": _SHORT, "expires_in": _CENTS}),
    "me": _ME,
    "change-me": _ME,
    "team": record({"members": rows(ITEMS["person"])}),
    "share-note": record({"shared": _YES}),
    "share-project": record({"shared": _YES}),
    "link-document": record({"url": TEXT}),
    "pay": record({"order_id": _NUMBER, "status": _SHORT, "card": _SHORT}),
    "coupon": record({"percent": _CENTS}),
    "write-message": record({"thread": _NUMBER, "sent": _YES}),
    "import-contacts": record({"imported": _CENTS, "ids": rows(_NUMBER)}),
    "all-users": record({"users": rows(_USER_ROW), "total": _CENTS}),
    "all-orders": rows(ITEMS["order"]),
    "set-role": ITEMS["person"],
    "export": record({"customers": rows(_EMAIL)}),
}
"""What other operations answer."""
