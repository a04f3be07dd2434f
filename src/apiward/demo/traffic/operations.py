"""The operations of the simulated API: method, path, what they do, and where the id of their object stands."""

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from typing import Final


class Act(StrEnum):
    """What an operation does."""

    LIST = "list"
    CREATE = "create"
    READ = "read"
    CHANGE = "change"
    REMOVE = "remove"
    SHARE = "share"
    LINK = "link"
    ADD_LINE = "add-line"
    PAY = "pay"
    COUPON = "coupon"
    LOG_IN = "log-in"
    LOG_OUT = "log-out"
    ME = "me"
    CHANGE_ME = "change-me"
    TEAM = "team"
    GUEST_ORDER = "guest-order"
    IMPORT = "import"
    INVOICE = "invoice"
    ALL_USERS = "all-users"
    ALL_ORDERS = "all-orders"
    SET_ROLE = "set-role"
    EXPORT = "export"
    SEND_CODE = "send-code"
    CHECK_CODE = "check-code"
    UNKNOWN = "unknown"
    """Of no operation that there is: somebody tries paths."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `place` is where the id stands: `path`, `query.NAME`, `body.NAME`, or empty."""

    name: str
    method: str
    template: str
    act: Act
    kind: str = ""
    place: str = ""
    field: str = ""
    key: str = dataclass_field(init=False, default="")
    """Method and template, as descriptions and events name an operation."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"{self.method} {self.template}")

    @property
    def is_write(self) -> bool:
        """Whether it changes something."""
        return self.method != "GET"

    def path(self, id_: str, parent: str) -> str:
        """Return the path with its ids."""
        if "{" not in self.template:
            return self.template
        head, _, rest = self.template.partition("{")
        tail = rest.partition("}")[2]
        if "{" in tail:
            middle, _, rest = tail.partition("{")
            return f"{head}{parent}{middle}{id_}{rest.partition('}')[2]}"
        return f"{head}{id_ or parent}{tail}"


def _whole(kind: str, plural: str, param: str, change: str) -> tuple[Operation, ...]:
    path, item = f"/api/{plural}", f"/api/{plural}/{{{param}}}"
    return (
        Operation(f"list-{kind}", "GET", path, Act.LIST, kind),
        Operation(f"create-{kind}", "POST", path, Act.CREATE, kind),
        Operation(f"read-{kind}", "GET", item, Act.READ, kind, "path"),
        Operation(f"change-{kind}", change, item, Act.CHANGE, kind, "path"),
        Operation(f"remove-{kind}", "DELETE", item, Act.REMOVE, kind, "path"),
    )


_TASKS: Final = "/api/projects/{slug}/tasks"

OPERATIONS: Final = {
    one.name: one
    for one in (
        Operation("log-in", "POST", "/api/login", Act.LOG_IN),
        Operation("log-out", "POST", "/api/logout", Act.LOG_OUT),
        Operation("me", "GET", "/api/me", Act.ME),
        Operation("change-me", "PATCH", "/api/me", Act.CHANGE_ME),
        Operation("team", "GET", "/api/team", Act.TEAM),
        Operation("read-person", "GET", "/api/users/{user_id}", Act.READ, "person", "path"),
        *_whole("note", "notes", "note_id", "PUT"),
        Operation("share-note", "POST", "/api/notes/{note_id}/shares", Act.SHARE, "note", "path"),
        Operation("list-order", "GET", "/api/orders", Act.LIST, "order"),
        Operation("create-order", "POST", "/api/orders", Act.CREATE, "order"),
        Operation("read-order", "GET", "/api/orders/{order_id}", Act.READ, "order", "path"),
        Operation("change-order", "PUT", "/api/orders/{order_id}/address", Act.CHANGE, "order", "path"),
        Operation("pay", "POST", "/api/payments", Act.PAY, "order", "body.order_id", "order_id"),
        Operation("coupon", "POST", "/api/cart/coupon", Act.COUPON),
        Operation("guest-order", "POST", "/api/guest/orders", Act.GUEST_ORDER, "guest-order"),
        Operation("read-guest-order", "GET", "/api/guest/orders/{token}", Act.READ, "guest-order", "path"),
        Operation("list-invoice", "GET", "/api/invoices", Act.LIST, "invoice"),
        Operation("read-invoice", "GET", "/api/invoices/{ref}", Act.READ, "invoice", "path"),
        Operation("create-invoice", "POST", "/api/invoices", Act.INVOICE, "invoice"),
        Operation("change-invoice", "PATCH", "/api/invoices/{ref}", Act.CHANGE, "invoice", "path"),
        *_whole("document", "documents", "document_id", "PATCH"),
        Operation("link-document", "POST", "/api/documents/{document_id}/links", Act.LINK, "document", "path"),
        Operation("list-project", "GET", "/api/projects", Act.LIST, "project"),
        Operation("create-project", "POST", "/api/projects", Act.CREATE, "project"),
        Operation("read-project", "GET", "/api/projects/{slug}", Act.READ, "project", "path"),
        Operation("change-project", "PATCH", "/api/projects/{slug}", Act.CHANGE, "project", "path"),
        Operation("remove-project", "DELETE", "/api/projects/{slug}", Act.REMOVE, "project", "path"),
        Operation("share-project", "POST", "/api/projects/{slug}/guests", Act.SHARE, "project", "path"),
        Operation("list-task", "GET", _TASKS, Act.LIST, "task", "path"),
        Operation("create-task", "POST", _TASKS, Act.CREATE, "task", "path"),
        Operation("read-task", "GET", f"{_TASKS}/{{number}}", Act.READ, "task", "path"),
        Operation("change-task", "PATCH", f"{_TASKS}/{{number}}", Act.CHANGE, "task", "path"),
        *_whole("contact", "contacts", "contact_id", "PATCH"),
        Operation("import-contacts", "POST", "/api/import/contacts", Act.IMPORT, "contact"),
        Operation("list-booking", "GET", "/api/bookings", Act.LIST, "booking"),
        Operation("create-booking", "POST", "/api/bookings", Act.CREATE, "booking"),
        Operation("read-booking", "GET", "/api/booking", Act.READ, "booking", "query.ref", "ref"),
        Operation("change-booking", "POST", "/api/booking/move", Act.CHANGE, "booking", "body.ref", "ref"),
        Operation("remove-booking", "POST", "/api/booking/cancel", Act.REMOVE, "booking", "body.ref", "ref"),
        Operation("list-thread", "GET", "/api/threads", Act.LIST, "thread"),
        Operation("create-thread", "POST", "/api/threads", Act.CREATE, "thread"),
        Operation("read-thread", "GET", "/api/messages", Act.READ, "thread", "query.thread", "thread"),
        Operation("write-message", "POST", "/api/messages", Act.ADD_LINE, "thread", "body.thread", "thread"),
        Operation("list-article", "GET", "/api/articles", Act.LIST, "article"),
        Operation("read-article", "GET", "/api/articles/{slug}", Act.READ, "article", "path"),
        Operation("list-product", "GET", "/api/products", Act.LIST, "product"),
        Operation("read-product", "GET", "/api/products/{product_id}", Act.READ, "product", "path"),
        Operation("all-users", "GET", "/api/admin/users", Act.ALL_USERS),
        Operation("all-orders", "GET", "/api/admin/orders", Act.ALL_ORDERS, "order"),
        Operation("set-role", "PATCH", "/api/admin/users/{user_id}", Act.SET_ROLE, "person", "path"),
        Operation("export", "GET", "/api/admin/export", Act.EXPORT),
    )
}
FURTHER: Final = {
    one.name: one
    for one in (
        Operation("send-code", "POST", "/api/login/code", Act.SEND_CODE),
        Operation("check-code", "POST", "/api/login/code/verify", Act.CHECK_CODE),
        Operation("old-list-contact", "GET", "/api/v0/contacts", Act.LIST, "contact"),
    )
}
"""What there is beside: only attackers are simulated to use it, and the description leaves it out."""
