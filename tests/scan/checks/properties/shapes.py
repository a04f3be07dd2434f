"""Shapes of small APIs that the property checks are tried on."""

from collections.abc import Callable

from tests.scan.small_api import Call, Json, Pair, Record, RefusalError, Said, SmallApi
from tests.scan.small_shelf import Shelf

Takes = Callable[[Record], Record]


def ignoring(_: Record) -> Record:
    """Take nothing."""
    return {}


def taking(*names: str) -> Takes:
    """Take these properties, ignore all others."""
    return lambda sent: {name: sent[name] for name in names if name in sent}


def only(*names: str) -> Takes:
    """Take these properties, and refuse a request with any other."""

    def take(sent: Record) -> Record:
        if set(sent) - set(names):
            raise RefusalError(400, "unknown property")
        return dict(sent)

    return take


def signing_up(about: Record, takes: Takes = ignoring, *documented: str, **options: Json) -> Callable[[], Pair]:
    """Return a maker of an API whose users have these properties; sign-up takes some."""

    def make() -> Pair:
        api = SmallApi(about_users=about, takes_at_sign_up=takes, more_at_sign_up=documented, **options)
        return api.pair()

    return make


def with_schema(
    make: Callable[[], Pair], method: str, path: str, name: str, schema: dict[str, Json]
) -> Callable[[], Pair]:
    """Return the maker with another schema for one property of a documented body."""

    def changed() -> Pair:
        app, description = make()
        body = description["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]["schema"]
        body["properties"][name] = schema
        if name in body["required"]:
            body["required"].remove(name)
        return app, description

    return changed


def goods(extra: Record, takes: Takes, *operations: str, **options: Json) -> Callable[[], Pair]:
    """Return a maker of an API with orders that hold these properties; requests may set some."""

    def make() -> Pair:
        api = SmallApi()
        Shelf(api, "orders", extra=extra, takes=takes, **options).offer(*operations)
        return api.pair()

    return make


def echoing(extra: Record) -> Callable[[], Pair]:
    """Return a maker of an API that answers with whatever was sent, and keeps what it should."""

    def make() -> Pair:
        api = SmallApi(about_users={"role": "customer", "bio": ""})
        shelf = Shelf(api, "orders", extra=extra)

        def add(call: Call) -> Json:
            return Said({**shelf.make(call).body, **call.data}, 201)

        def change_me(call: Call) -> Json:
            api.users[call.me]["bio"] = call.data["bio"]
            return {**api.users[call.me], **call.data, "password": ""}

        shelf.offer("list", "read", "change")
        api.route("POST", "/orders", add, body={"title": "string", "text": "string"})
        api.route("PUT", "/me", change_me, body={"bio": "string"})
        return api.pair()

    return make


def nested_orders(takes: Takes) -> Callable[[], Pair]:
    """Return a maker of an API whose bodies hold the order inside an inner object."""

    def make() -> Pair:
        api = SmallApi()
        shelf = Shelf(api, "orders", extra={"is_paid": False}, takes=takes).offer("list", "read")
        inner = {"type": "object", "properties": {"title": {"type": "string"}, "text": {"type": "string"}}}
        schema = {"type": "object", "required": ["order"], "properties": {"order": inner}}
        for method, path, handler in (("POST", "/orders", shelf.make), ("PUT", "/orders/{order_id}", shelf.change)):
            api.route(method, path, lambda call, handler=handler: handler(_inner(call)), body={})  # type: ignore[misc]
            media = api.paths[path][method.lower()]["requestBody"]["content"]["application/json"]
            media["schema"] = schema
        return api.pair()

    return make


def own_profile(takes: Takes, *, method: str = "PUT", path: str = "/me", **options: Json) -> Callable[[], Pair]:
    """Return a maker of an API whose users change their own profile."""

    def make() -> Pair:
        api = SmallApi(about_users={"bio": "", "role": "customer", "balance": 0}, **options)

        def change(call: Call) -> Json:
            sent = {k: v for k, v in call.data.items() if k not in ("username", "email", "bio")}
            user = api.users[call.me]
            user.update({k: call.data[k] for k in ("email", "bio") if k in call.data})
            user.update(takes(sent))
            return {"status": "ok"}

        api.route(method, path, change, body={"username": "string", "email": "string", "bio": "string"})
        return api.pair()

    return make


def showing(path: str, answer: Callable[[SmallApi, Call], Json], *, secured: bool = True) -> Callable[[], Pair]:
    """Return a maker of an API with one more operation that only reads."""

    def make() -> Pair:
        api = SmallApi(about_users={"bio": "hello"})
        api.new_user("piet", "piet@home.test", "piets-own-12")
        api.new_user("maria", "maria@home.test", "marias-own-3")

        def show(call: Call) -> Json:
            return answer(api, call) if not secured or call.me else None

        api.route("GET", path, show, secured=secured)
        return api.pair()

    return make


def _inner(call: Call) -> Call:
    return Call(call.caller, call.path, call.query, call.data["order"])
