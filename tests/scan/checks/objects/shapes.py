"""Shapes of small APIs that several object checks are tried on."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.scan.small_api import Call, Json, Pair, Record, RefusalError, Said, SmallApi
from tests.scan.small_shelf import Shelf

ALL = ("read", "change", "delete")
NOTE = {"title": "string", "text": "string"}


def shelf(*operations: str, secured: bool = True, **options: Json) -> Callable[[], Pair]:
    """Return a maker of an API with one shelf."""

    def make() -> Pair:
        api = SmallApi()
        Shelf(api, **options).offer(*operations, secured=secured)
        return api.pair()

    return make


def served(*, weak: bool, **options: Json) -> Callable[[], Pair]:
    """Return a maker of an API with one shelf; the options are those of the account server."""

    def make() -> Pair:
        api = SmallApi(**options)
        Shelf(api, weak=ALL if weak else ()).offer()
        return api.pair()

    return make


def orders(*, weak: bool, lists: str = "own", answer: str = "record") -> Callable[[], Pair]:
    """Return a maker of an API whose objects hold no text at all, only numbers."""

    def make() -> Pair:
        api = SmallApi()
        numbers = ("product_id", "quantity")
        kept = Shelf(
            api, "orders", fields=numbers, weak=ALL if weak else (), lists=lists, answer=answer, brief=("id", *numbers)
        )
        body = dict.fromkeys(numbers, "integer")
        api.route("GET", "/products", lambda _: [{"id": 1, "name": "Tea"}, {"id": 2, "name": "Pot"}], secured=False)
        api.route("GET", "/orders", kept.show_list)
        api.route("POST", "/orders", kept.make, body=body)
        api.route("GET", "/orders/{order_id}", lambda call: _without(kept.read(call), "owner"))
        api.route("PUT", "/orders/{order_id}", kept.change, body=body)
        api.route("DELETE", "/orders/{order_id}", kept.delete)
        return api.pair()

    return make


def remote_calls(
    style: str, *, weak: bool, quiet: bool = False, reads_by_post: bool = False, anonymous: bool = False
) -> Callable[[], Pair]:
    """Return a maker of an API in the manner of remote calls: verbs in paths, identifiers in bodies and queries."""
    paths = {
        "slashes": ("/note/create", "/note/update", "/note", "/note/delete", "/note/list"),
        "camel": ("/createNote", "/updateNote", "/getNote", "/deleteNote", "/getNotes"),
        "verbs": ("/api/notes/add", "/api/notes/edit", "/api/notes/view", "/api/notes/remove", "/api/notes/mine"),
    }[style]
    name = "note_id" if style == "slashes" else "id"

    def make() -> Pair:
        api = SmallApi()
        holes = (*ALL, "anonymous") if anonymous else ALL
        kept = Shelf(api, weak=holes if weak else (), quiet=quiet, answer="nothing" if style == "verbs" else "record")
        create, update, read, delete, everything = paths
        api.route("POST", create, kept.make, body=NOTE)
        api.route("POST", update, lambda call: _in_body(kept.change, call, name), body={name: "integer", **NOTE})
        if reads_by_post:
            api.route("POST", f"{read}/view", lambda call: _in_body(kept.read, call, "id"), body={"id": "integer"})
        else:
            api.route("GET", read, kept.read, query=("id",))
        api.route("POST", delete, lambda call: _in_body(kept.delete, call, name), body={name: "integer"})
        api.route("GET", everything, kept.show_list)
        return api.pair()

    return make


def nested_body(*, weak: bool, quiet: bool = False) -> Callable[[], Pair]:
    """Return a maker of an API whose updates name the object inside an inner object of the body."""

    def make() -> Pair:
        api = SmallApi()
        kept = Shelf(api, weak=ALL if weak else (), quiet=quiet).offer("list", "make", "read")
        api.route("PUT", "/notes", lambda call: _in_body(kept.change, _inner(call, "note"), "id"), body={})
        properties = {"id": {"type": "integer"}, "title": {"type": "string"}, "text": {"type": "string"}}
        inner = {"type": "object", "required": ["id"], "properties": properties}
        schema = {"type": "object", "required": ["note"], "properties": {"note": inner}}
        api.paths["/notes"]["put"]["requestBody"]["content"]["application/json"]["schema"] = schema
        return api.pair()

    return make


def below_parents(*, weak: bool, parent_is_guarded: bool = False) -> Callable[[], Pair]:
    """Return a maker of an API with notes below clients."""

    def make() -> Pair:
        api = SmallApi()
        clients = Shelf(api, "clients", fields=("name", "address"), brief=("id", "name"), weak=ALL if weak else ())
        clients.offer()
        notes = Shelf(api, weak=ALL if weak else (), quiet=not weak)

        def below(handler: Callable[[Call], Json]) -> Callable[[Call], Json]:
            def handle(call: Call) -> Json:
                client = clients.records.get(call.path["client_id"])
                if client is None or (client["owner"] != call.me and (parent_is_guarded or not weak)):
                    raise RefusalError(404)
                rest = {key: value for key, value in call.path.items() if key != "client_id"}
                return handler(Call(call.caller, rest, call.query, call.data))

            return handle

        path = "/clients/{client_id}/notes"
        api.route("GET", path, below(notes.show_list))
        api.route("POST", path, below(notes.make), body=NOTE)
        api.route("GET", f"{path}/{{note_id}}", below(notes.read))
        api.route("PUT", f"{path}/{{note_id}}", below(notes.change), body=NOTE)
        api.route("DELETE", f"{path}/{{note_id}}", below(notes.delete))
        return api.pair()

    return make


def published(*, lists: bool = True, extra: str = "comments") -> Callable[[], Pair]:
    """Return a maker of an API with articles for everybody, on which everybody who is logged in may comment.

    It is described as such things are: as if each operation needed a log-in. Without `lists`, no list of them answers.
    """

    def make() -> Pair:
        api = SmallApi()
        kept = Shelf(api, "articles", lists="all", weak=["read", "anonymous"], quiet=True, extra={"likes": 0})
        change = kept.change
        kept.weak = ["read"]
        kept.offer("make")

        def read(call: Call) -> Json:
            record = kept.records.get(call.path["article_id"])
            return {**record, "comments": said.get(call.path["article_id"], [])} if record else Said({}, 404)

        def comment(call: Call) -> Json:
            assert call.me
            said.setdefault(call.path["article_id"], []).append({"text": call.data["text"], "by": call.me})
            return Said({"text": call.data["text"]}, 201)

        def like(call: Call) -> Json:
            assert call.me
            kept.records[call.path["article_id"]]["likes"] += 1
            return {"status": "ok"}

        said: dict[str, list[Json]] = {}
        if lists:
            api.route("GET", "/articles", kept.show_list)
        api.route("GET", "/articles/{article_id}", read)
        api.route("PUT", "/articles/{article_id}", change, body={"title": "string", "text": "string"})
        if extra == "comments":
            api.route("POST", "/articles/{article_id}/comments", comment, body={"text": "string"})
        else:
            api.route("POST", "/articles/{article_id}/like", like)
        return api.pair()

    return make


def shareable() -> Pair:
    """Return an API with notes that their owner can open to all: who may change them stands in their rights."""
    api = SmallApi()
    kept = Shelf(
        api, "notes", extra={"acl": {"public": False}}, takes=lambda data: {"acl": data["acl"]} if "acl" in data else {}
    )
    kept.offer("list", "make", "read")

    def change(call: Call) -> Json:
        record = kept.records.get(call.path["note_id"])
        if record is None or (record["owner"] != call.me and not record["acl"]["public"]):
            raise RefusalError(404)
        record.update(call.data)
        return {"status": "ok"}

    api.route("PUT", "/notes/{note_id}", change, body=NOTE)
    content = api.paths["/notes/{note_id}"]["put"]["requestBody"]["content"]["application/json"]
    content["schema"]["properties"]["acl"] = {
        "type": "object",
        "properties": {"public": {"type": "boolean", "enum": [False, True]}},
    }
    content["schema"]["required"] = list(NOTE)
    return api.pair()


def action(place: str, *, weak: bool, loud: bool = False, listed: bool = True) -> Callable[[], Pair]:
    """Return a maker of an API with bookings that are cancelled by a POST; all it says is "ok"."""

    def make() -> Pair:
        api = SmallApi()
        kept = Shelf(api, "bookings", fields=("topic",), extra={"status": "open"}, brief=("id", "topic"))
        kept.offer(*(("list", "make", "read") if listed else ("make", "read")))

        def cancel(call: Call) -> Json:
            wanted = call.path.get("booking_id") or call.query.get("booking_id") or call.data.get("booking_id")
            record = kept.records.get(str(wanted))
            if record is not None and (weak or record["owner"] == call.me):
                record["status"] = "cancelled"
            elif loud:
                raise RefusalError(404)
            return {"status": "ok"}

        if place == "path":
            api.route("POST", "/bookings/{booking_id}/cancel", cancel)
        elif place == "query":
            api.route("POST", "/bookings/cancel", cancel, query=("booking_id",))
        else:
            api.route("POST", "/bookings/cancel", cancel, body={"booking_id": "string"})
        return api.pair()

    return make


@dataclass
class People:
    """The accounts of an API as objects; see `people`."""

    api: SmallApi
    weak: bool
    own_instead: bool
    asks_current: bool

    def meant(self, call: Call, *, falls_back: bool = False) -> Record:
        """Return the account that the call names, if the caller may have it."""
        me, wanted = call.me, next(iter(call.path.values()))
        found = [u for u in self.api.users.values() if wanted in (str(u["id"]), u["username"])]
        if found and (self.weak or found[0]["username"] == me):
            return found[0]
        if falls_back and self.own_instead:
            return self.api.users[me]
        raise RefusalError(403 if found else 404)

    def read(self, call: Call) -> Json:
        """Show one account."""
        return {key: value for key, value in self.meant(call).items() if key != "password"}

    def read_public(self, call: Call) -> Json:
        """Show what everybody may know of an account."""
        found = self.api.users.get(call.path["username"])
        return {"username": found["username"], "bio": found["bio"]} if found else Said({}, 404)

    def names(self, call: Call) -> Json:
        """List the names of all."""
        return [{"username": name} for name in self.api.users if call.me]

    def change(self, call: Call) -> Json:
        """Change an account."""
        self.meant(call, falls_back=True).update({k: v for k, v in call.data.items() if k in ("email", "bio")})

    def delete(self, call: Call) -> Json:
        """Delete an account."""
        return {"was": self.api.users.pop(self.meant(call)["username"])["id"]}

    def set_password(self, call: Call) -> Json:
        """Set the password of an account."""
        user = self.meant(call, falls_back=True)
        if self.asks_current and call.data["current_password"] != self.api.users[call.me]["password"]:
            raise RefusalError(400, "the current password is wrong")
        user["password"] = call.data["password"]


def people(
    *,
    weak: bool,
    by: str = "id",
    own_instead: bool = False,
    password: str = "",
    noun: str = "users",
    shows: str = "own",
) -> Callable[[], Pair]:
    """Return a maker of an API with account objects.

    `own_instead`: a sound update changes the caller's own record, whatever the path says. `password` is "plain" or
    "current" (the current one is asked for). `shows`: "own" profile only, "names" lists names, "public" shows a bio.
    """

    def make() -> Pair:
        api = SmallApi(about_users={"bio": "hello", "phone": "+4930123456"})
        kept = People(api, weak, own_instead, asks_current=password == "current")
        path = f"/{noun}/{{user_id}}" if by == "id" else f"/{noun}/{{username}}"
        api.route("GET", path, kept.read_public if shows == "public" else kept.read, secured=shows != "public")
        api.route("PUT", path, kept.change, body={"email": "string", "bio": "string"})
        api.route("DELETE", path, kept.delete)
        if shows == "names":
            api.route("GET", f"/{noun}", kept.names)
        if password:
            more = {"current_password": "string"} if password == "current" else {}
            api.route("PUT", f"{path}/password", kept.set_password, body={**more, "password": "string"})
        return api.pair()

    return make


def _without(shown: Json, name: str) -> Json:
    return {key: _without(v, name) if isinstance(v, dict) else v for key, v in shown.items() if key != name}


def _inner(call: Call, name: str) -> Call:
    return Call(call.caller, call.path, call.query, call.data[name])


def _in_body(handler: Callable[[Call], Json], call: Call, name: str) -> Json:
    return handler(Call(call.caller, {"id": str(call.data.get(name))}, call.query, call.data))
