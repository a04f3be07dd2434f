"""The simulated API: what is asked goes in, what it answers comes out, and what it keeps has changed."""

from collections.abc import Callable
from random import Random
from typing import Final

from apiward.core.jsonvalue import Json
from apiward.demo.traffic.asking import Ask, Told
from apiward.demo.traffic.operations import Act
from apiward.demo.traffic.people import Tenant, User
from apiward.demo.traffic.serving import showing
from apiward.demo.traffic.serving.making import stored
from apiward.demo.traffic.serving.rights import relation
from apiward.demo.traffic.serving.state import State
from apiward.demo.traffic.things import Thing
from apiward.demo.traffic.values import Relation

NOT_FOUND: Final[Json] = {"error": "not found"}
_ITS_SIDE: Final = frozenset({Relation.OWN, Relation.MATE, Relation.NAMED})
_NOTHING: Final[list[Thing]] = []


class Server:
    """The API with its state. `sound` asks whose object it is; the weak twin takes every log-in for good enough."""

    def __init__(self, state: State, tenants: list[Tenant], users: list[User], rng: Random, *, sound: bool) -> None:
        self.state = state
        self.tenants = {one.number: one for one in tenants}
        self.users = {one.number: one for one in users}
        self.by_email = {one.email: one for one in users}
        self.rng = rng
        self.sound = sound
        self.acts: dict[Act, Callable[[Server, Ask], Told]] = dict(_ACTS)

    @property
    def now_s(self) -> float:
        """The time in the simulation (seconds since the epoch)."""
        return self.state.now_s

    def answer(self, ask: Ask) -> Told:
        """Do what is asked."""
        if ask.caller.is_over(self.now_s):
            return Told(401, {"error": "log in again"})
        return self.acts[ask.operation.act](self, ask)


def regarded(server: Server, ask: Ask) -> tuple[Thing | None, Relation]:
    """Return what a wish is about, and by which right, without doing anything."""
    kind, id_, parent = ask.operation.kind, ask.id, ask.parent
    if not ask.operation.place:
        return None, Relation.NONE
    if kind == "task" and not id_:
        kind, id_, parent = "project", parent, ""
    thing = server.state.find(kind, f"{parent}/{id_}" if parent else id_)
    return thing, Relation.MISSING if thing is None else relation(ask.caller, thing, ask.link)


def reached(server: Server, ask: Ask, kind: str = "") -> tuple[Thing | None, Relation, Told | None]:
    """Return the object that is asked for, by which right, and the refusal where there is one."""
    name = kind or ask.operation.kind
    full_id = f"{ask.parent}/{ask.id}" if ask.parent else ask.id
    thing = server.state.find(name, full_id)
    if thing is None:
        return None, Relation.MISSING, Told(404, NOT_FOUND, Relation.MISSING)
    right = relation(ask.caller, thing, ask.link)
    if right is Relation.FOREIGN:
        if server.sound:
            return thing, right, Told(404, NOT_FOUND, right, thing)
    elif right in _ITS_SIDE:
        server.state.use(thing)
    needs_caller = right not in {Relation.LINK, Relation.PUBLIC}
    if needs_caller and ask.caller.principal.is_anonymous:
        return thing, right, Told(401, {"error": "log in first"}, right, thing)
    return thing, right, None


def _read(server: Server, ask: Ask) -> Told:
    thing, right, refusal = reached(server, ask)
    if thing is None or refusal is not None:
        return refusal or Told(404, NOT_FOUND)
    return Told(200, showing.item(thing), right, thing)


def _list(server: Server, ask: Ask) -> Told:
    kind, user = ask.operation.kind, ask.caller.user
    if kind == "task":
        return _list_tasks(server, ask)
    things = _listed(server, kind, user)
    page = int(ask.extra.removeprefix("page=")) if ask.extra.startswith("page=") else 1
    end = len(things) - (page - 1) * showing.PAGE
    shown = [one for one in things[max(end - showing.PAGE, 0) : max(end, 0)] if not one.is_private or one.owner is user]
    shown.reverse()
    for thing in shown:
        server.state.use(thing)
    return Told(200, showing.listing(kind, shown, page, len(things), user), shown=tuple(shown))


def _list_tasks(server: Server, ask: Ask) -> Told:
    project, right, refusal = reached(server, ask._replace(id=ask.parent or ask.id, parent=""), "project")
    if project is None or refusal is not None:
        return refusal or Told(404, NOT_FOUND)
    shown = tuple(project.children[-showing.PAGE :])
    if right in _ITS_SIDE:
        for task in shown:
            server.state.use(task)
    return Told(200, showing.listing("task", shown, 1, len(project.children), ask.caller.user), right, project, shown)


def _listed(server: Server, kind: str, user: User | None) -> list[Thing]:
    if kind in {"article", "product"}:
        return server.tenants[1].things[kind]
    if user is None:
        return _NOTHING
    if kind in _BY_PERSON:
        return user.things.get(kind, _NOTHING)
    return user.tenant.things.get(kind, _NOTHING)


_BY_PERSON: Final = frozenset({"note", "order", "booking", "thread"})


def _create(server: Server, ask: Ask) -> Told:
    kind, user, value = ask.operation.kind, ask.caller.user, ask.value or {}
    if user is None:
        return Told(401, {"error": "log in first"})
    parent, right = None, Relation.OWN
    if kind == "task":
        parent, right, refusal = reached(server, ask._replace(id=ask.parent or ask.id, parent=""), "project")
        if parent is None or refusal is not None:
            return refusal or Told(404, NOT_FOUND)
    title, kept = stored(kind, value, server.rng, server.now_s)
    if not title and kind != "order":
        return Told(422, {"error": "a title is missing"})
    private = kind == "document" and value.get("private") is True
    tenant = parent.tenant if parent is not None else user.tenant
    thing = server.state.add(kind, title, user, tenant, kept, parent=parent, is_private=private)
    if kind == "thread":
        _open_thread(server, ask, thing)
    if right in _ITS_SIDE:
        server.state.use(thing)
    return Told(201, showing.item(thing), right, thing, about=parent if right is Relation.FOREIGN else None)


def _open_thread(server: Server, ask: Ask, thing: Thing) -> None:
    value = ask.value or {}
    other = server.by_email.get(str(value.get("to", "")))
    if other is not None and other is not thing.owner and other.tenant is thing.tenant:
        thing.named.append(other)
        other.things.setdefault("thread", []).append(thing)
    _add_line(server, ask, thing)


def _change(server: Server, ask: Ask) -> Told:
    thing, right, refusal = reached(server, ask)
    if thing is None or refusal is not None:
        return refusal or Told(404, NOT_FOUND)
    value = ask.value or {}
    thing.fields |= {name: text for name, text in value.items() if name in thing.fields}
    if "title" in value:
        thing.title = str(value["title"])
    return Told(200, showing.item(thing), right, thing)


def _remove(server: Server, ask: Ask) -> Told:
    thing, right, refusal = reached(server, ask)
    if thing is None or refusal is not None:
        return refusal or Told(404, NOT_FOUND)
    server.state.remove(thing)
    return Told(204 if ask.operation.method == "DELETE" else 200, None, right, thing)


def _share(server: Server, ask: Ask) -> Told:
    thing, right, refusal = reached(server, ask)
    if thing is None or refusal is not None:
        return refusal or Told(404, NOT_FOUND)
    other = server.by_email.get(str((ask.value or {}).get("email", "")))
    if other is None:
        return Told(422, {"error": "nobody has this address"}, right, thing)
    if right is Relation.FOREIGN:
        thing.intruders.append(other)
    elif other not in thing.named and other is not thing.owner:
        thing.named.append(other)
        other.inbox.append((thing, ""))
    return Told(201, {"shared": True}, right, thing)


def _link(server: Server, ask: Ask) -> Told:
    thing, right, refusal = reached(server, ask)
    if thing is None or refusal is not None:
        return refusal or Told(404, NOT_FOUND)
    token = server.state.secret()
    if right is not Relation.FOREIGN:
        thing.links.append(token)
    return Told(201, {"url": f"/api/documents/{thing.id}?share={token}"}, right, thing)


def _add_line(server: Server, ask: Ask, thing: Thing) -> None:
    lines = thing.fields["messages"]
    if isinstance(lines, list):
        sender = ask.caller.user.email if ask.caller.user is not None else None
        lines.append({"id": _count(server), "from": sender, "text": (ask.value or {}).get("text")})
        del lines[:-5]


def _count(server: Server) -> int:
    state = server.state
    state.lines += 1
    return state.lines


def _write_message(server: Server, ask: Ask) -> Told:
    thing, right, refusal = reached(server, ask)
    if thing is None or refusal is not None:
        return refusal or Told(404, NOT_FOUND)
    _add_line(server, ask, thing)
    return Told(201, {"thread": thing.key, "sent": True}, right, thing)


def _unknown(server: Server, ask: Ask) -> Told:
    return Told(404, NOT_FOUND)


_ACTS: Final[dict[Act, Callable[[Server, Ask], Told]]] = {
    Act.READ: _read, Act.LIST: _list, Act.CREATE: _create, Act.CHANGE: _change, Act.REMOVE: _remove,
    Act.SHARE: _share, Act.LINK: _link, Act.ADD_LINE: _write_message,
    Act.UNKNOWN: _unknown,
}  # fmt: skip
