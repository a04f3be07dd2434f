"""A shelf: one kind of object of a small API, with the usual operations, weak where a test wants it."""

import base64
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from tests.scan.small_api import OLIVIA, Call, Json, Record, RefusalError, Said, SmallApi

ID_MAKERS: dict[str, Callable[[int, Record], str]] = {
    "integer": lambda number, _: str(number),
    "uuid": lambda number, _: str(uuid.UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128)),
    "slug": lambda _, record: "-".join(str(record.get("title", "x")).lower().split()),
    "base64": lambda number, _: base64.urlsafe_b64encode(f"note:{number}".encode()).decode().rstrip("="),
}


@dataclass
class Shelf:
    """Objects of one kind. `weak` names the operations that do not look whose object it is.

    `quiet`: refusals on foreign objects are answered like successes. `lists`: "own", "all", or "" for no list.
    `answer`: what making one is answered with: "record", "id", "wrapped", "nothing" or "location".
    """

    api: SmallApi
    name: str = "notes"
    ids: str = "integer"
    weak: Collection[str] = ()
    quiet: bool = False
    lists: str = "own"
    answer: str = "record"
    wrap: str = ""
    fields: tuple[str, ...] = ("title", "text")
    extra: Record = field(default_factory=dict)
    takes: Callable[[Record], Record] = lambda _: {}
    brief: tuple[str, ...] = ("id", "title", "text", "owner")

    def __post_init__(self) -> None:
        self.records: dict[str, Record] = self.api.store.setdefault(self.name, {})
        self.singular = self.name.removesuffix("s")
        self.put({name: f"olivias {name}" for name in self.fields}, OLIVIA)

    def put(self, data: Record, owner: str) -> Record:
        """Keep a new object."""
        record: Record = {"id": "", "owner": owner, **{name: data.get(name) for name in self.fields}, **self.extra}
        key = ID_MAKERS[self.ids](len(self.records) + 1, record)
        record["id"] = int(key) if self.ids == "integer" else key
        self.records[key] = record
        return record

    def offer(self, *operations: str, secured: bool = True) -> "Shelf":
        """Add operations: list, make, read, change, patch, delete."""
        body = dict.fromkeys(self.fields, "string")
        path, item = f"/{self.name}", f"/{self.name}/{{{self.singular}_id}}"
        wanted = operations or ("list", "make", "read", "change", "delete")
        if "list" in wanted and self.lists:
            self.api.route("GET", path, self.show_list, secured=secured)
        if "make" in wanted:
            self.api.route("POST", path, self.make, body=body)
        if "read" in wanted:
            self.api.route("GET", item, self.read, secured=secured)
        if "change" in wanted:
            self.api.route("PUT", item, self.change, body=body)
        if "patch" in wanted:
            self.api.route("PATCH", item, self.change, body=body)
        if "delete" in wanted:
            self.api.route("DELETE", item, self.delete)
        return self

    def show_list(self, call: Call) -> Json:
        """List what the caller may see."""
        mine = [r for r in self.records.values() if self.lists == "all" or r["owner"] == call.me]
        return [{key: r[key] for key in (*self.brief, *self.extra) if key in r} for r in mine]

    def make(self, call: Call) -> Json:
        """Make one object of the caller's."""
        record = self.put(call.data.get(self.wrap, call.data) if self.wrap else call.data, call.me)
        record.update(self.takes({k: v for k, v in call.data.items() if k not in self.fields}))
        if self.answer == "location":
            return Said(None, 201, {"location": f"/{self.name}/{record['id']}"})
        if self.answer == "nothing":
            return {"status": "ok"}
        shown = {"id": record["id"]} if self.answer == "id" else record
        return Said({self.singular: shown} if self.answer == "wrapped" else shown, 201)

    def read(self, call: Call) -> Json:
        """Show one object."""
        if "anonymous" not in self.weak:
            assert call.me
        record = self.found(call, "read")
        return {self.singular: record} if self.answer == "wrapped" else record

    def change(self, call: Call) -> Json:
        """Change one object."""
        assert call.me
        record = self.found(call, "change")
        record.update({k: v for k, v in call.data.items() if k in self.fields})
        record.update(self.takes({k: v for k, v in call.data.items() if k not in self.fields}))
        return {"status": "ok"}

    def delete(self, call: Call) -> Json:
        """Delete one object."""
        assert call.me
        self.records.pop(str(self.found(call, "delete")["id"]), None)
        return {"status": "ok"}

    def found(self, call: Call, what: str, key: str = "") -> Record:
        """Return the object that the call names, if the caller may have it."""
        wanted = str(key or next(iter(call.path.values()), "") or call.query.get("id") or call.data.get("id"))
        record = self.records.get(wanted)
        if record is not None and (what in self.weak or "anonymous" in self.weak or record["owner"] == call.caller):
            return record
        if self.quiet and what != "read":
            return {"id": ""}
        raise RefusalError(404, "there is no such thing")


def olivias(shelf: Shelf) -> list[Record]:
    """Return what Olivia has on the shelf."""
    return [record for record in shelf.records.values() if record["owner"] == OLIVIA]
