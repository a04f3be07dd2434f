"""What the simulated API does beside keeping objects: log-ins, payments, coupons, guests, imports, staff."""

from collections.abc import Callable
from typing import Final

from apiward.core.jsonvalue import Json
from apiward.demo.traffic.asking import Ask, Told
from apiward.demo.traffic.callers import logged_in
from apiward.demo.traffic.operations import Act
from apiward.demo.traffic.people import User
from apiward.demo.traffic.serving import showing
from apiward.demo.traffic.serving.making import stored
from apiward.demo.traffic.serving.server import NOT_FOUND, Server, reached
from apiward.demo.traffic.values import Relation

COUPONS: Final = ("SPRING10", "WELCOME5", "FRIENDS15")
_LOG_IN_FIRST: Final = Told(401, {"error": "log in first"})
_NOT_ALLOWED: Final = Told(403, {"error": "not allowed"})


def desk_acts(*, has_tenant: bool, names_staff: bool) -> dict[Act, Callable[[Server, Ask], Told]]:
    """Return what a server does for these acts; tokens name the tenant and the role of staff, or do not."""

    def log_in(server: Server, ask: Ask) -> Told:
        return _log_in(server, ask, has_tenant=has_tenant, names_staff=names_staff)

    return {Act.LOG_IN: log_in, **_ACTS}


def _log_in(server: Server, ask: Ask, *, has_tenant: bool, names_staff: bool) -> Told:
    value, device = ask.value or {}, ask.caller.device
    user = server.by_email.get(str(value.get("email", "")))
    if user is None or device is None or value.get("password") != user.password:
        return Told(401, {"error": "wrong e-mail or password"})
    device.caller, token = logged_in(user, device, server.now_s, has_tenant=has_tenant, names_staff=names_staff)
    device.caller.address = ask.caller.address
    life_s = int(device.caller.expires_s - server.now_s)
    return Told(200, {"access_token": token, "token_type": "Bearer", "expires_in": life_s})


def _log_out(server: Server, ask: Ask) -> Told:
    if ask.caller.device is not None:
        ask.caller.device.caller = None
    return Told(204)


def _me(server: Server, ask: Ask) -> Told:
    user = ask.caller.user
    if user is None:
        return _LOG_IN_FIRST
    _use(server, user)
    return Told(200, showing.me(user))


def _use(server: Server, user: User) -> None:
    person = server.state.find("person", str(user.number))
    if person is not None:
        server.state.use(person)


def _team(server: Server, ask: Ask) -> Told:
    user = ask.caller.user
    if user is None:
        return _LOG_IN_FIRST
    shown = tuple(user.tenant.things["person"][:50])
    for one in shown:
        server.state.use(one)
    rows: list[Json] = [showing.item(one) for one in shown]
    return Told(200, {"members": rows}, shown=shown)


def _pay(server: Server, ask: Ask) -> Told:
    order, right, refusal = reached(server, ask)
    if order is None or refusal is not None:
        return refusal or Told(404, NOT_FOUND)
    card = (ask.value or {}).get("card")
    number = str(card.get("number", "")) if isinstance(card, dict) else ""
    if not number.endswith(("4242", "1111")):
        return Told(402, {"error": "the card was declined"}, right, order)
    order.fields["status"] = "paid"
    return Told(201, {"order_id": order.key, "status": "paid", "card": number[-4:]}, right, order)


def _coupon(server: Server, ask: Ask) -> Told:
    if str((ask.value or {}).get("code", "")).upper() in COUPONS:
        return Told(200, {"percent": 10})
    return Told(404, {"error": "no such coupon"})


def _send_code(server: Server, ask: Ask) -> Told:
    return Told(202, {"sent": True})


def _check_code(server: Server, ask: Ask) -> Told:
    return Told(401, {"error": "wrong code"})


def _guest_order(server: Server, ask: Ask) -> Told:
    value = ask.value or {}
    kept = stored("order", value, server.rng, server.now_s)[1] | {"email": value.get("email")}
    thing = server.state.add("guest-order", "Order", None, None, kept)
    server.state.use(thing)
    return Told(201, {"token": thing.key, **showing.item(thing)}, Relation.LINK, thing)


def _import(server: Server, ask: Ask) -> Told:
    value = ask.value or {}
    tenant, rows = server.tenants.get(int(str(value.get("org_id", 0)))), value.get("contacts")
    if tenant is None or tenant.number not in ask.caller.tenants or not isinstance(rows, list):
        return _NOT_ALLOWED
    made = [
        server.state.add("contact", str(row["name"]), None, tenant, stored("contact", row, server.rng, server.now_s)[1])
        for row in rows
        if isinstance(row, dict)
    ]
    ids: list[Json] = [one.key for one in made]
    return Told(200, {"imported": len(made), "ids": ids}, Relation.KEY, shown=tuple(made))


def _invoice(server: Server, ask: Ask) -> Told:
    value = ask.value or {}
    tenant = server.tenants.get(int(str(value.get("org_id", 0))))
    if tenant is None or tenant.number not in ask.caller.tenants:
        return _NOT_ALLOWED
    kept = stored("invoice", value, server.rng, server.now_s)[1]
    thing = server.state.add("invoice", "Invoice", None, tenant, kept)
    return Told(201, showing.item(thing), Relation.KEY, thing)


def _all_users(server: Server, ask: Ask) -> Told:
    if not _is_staff(ask):
        return _NOT_ALLOWED
    first = 1 + int(server.rng.random() * max(1, len(server.users) - showing.PAGE))
    found = [one for number in range(first, first + showing.PAGE) if (one := server.users.get(number)) is not None]
    rows: list[Json] = [{**showing.person(one), "org_id": one.tenant.number} for one in found]
    return Told(200, {"users": rows, "total": len(server.users)})


def _all_orders(server: Server, ask: Ask) -> Told:
    number = ask.extra.removeprefix("customer=")
    user = server.users.get(int(number)) if number.isdecimal() else None
    if not _is_staff(ask) or user is None:
        return _NOT_ALLOWED
    shown = tuple(user.things.get("order", [])[-showing.PAGE :])
    rows: list[Json] = [showing.item(one) for one in shown]
    return Told(200, rows, Relation.STAFF, shown=shown)


def _export(server: Server, ask: Ask) -> Told:
    if _is_staff(ask) or (not server.sound and ask.caller.user is not None):
        rows: list[Json] = [one.email for one in list(server.users.values())[:50]]
        return Told(200, {"customers": rows})
    return _NOT_ALLOWED


def _set_role(server: Server, ask: Ask) -> Told:
    if not _is_staff(ask):
        return _NOT_ALLOWED
    thing, right, refusal = reached(server, ask)
    if thing is None or thing.owner is None or refusal is not None:
        return refusal or Told(404, NOT_FOUND)
    thing.owner.is_staff = (ask.value or {}).get("role") == "support"
    return Told(200, showing.person(thing.owner), right, thing)


def _is_staff(ask: Ask) -> bool:
    user = ask.caller.user
    return user is not None and (user.is_staff or user.is_raised)


_ACTS: Final[dict[Act, Callable[[Server, Ask], Told]]] = {
    Act.LOG_OUT: _log_out, Act.ME: _me, Act.CHANGE_ME: _me, Act.TEAM: _team, Act.PAY: _pay, Act.COUPON: _coupon,
    Act.GUEST_ORDER: _guest_order, Act.IMPORT: _import, Act.INVOICE: _invoice, Act.ALL_USERS: _all_users,
    Act.ALL_ORDERS: _all_orders, Act.EXPORT: _export, Act.SET_ROLE: _set_role, Act.SEND_CODE: _send_code,
    Act.CHECK_CODE: _check_code,
}  # fmt: skip
