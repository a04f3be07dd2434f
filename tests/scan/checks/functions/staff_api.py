"""A small shop with operations for staff, open to others where a test wants it."""

from collections.abc import Collection

from tests.scan.small_api import Call, Json, Record, RefusalError, SmallApi

BOSS = ("the-boss", "boss-word-77")
"""Name and password of the account with special rights."""


def staff_api(
    *,
    opened: Collection[str] = (),
    anonymous: bool = False,
    path: str = "/admin",
    summary: str = "",
    refusal: int = 403,
    fails_with_200: bool = False,
    is_polite: bool = False,
    secured: bool = True,
) -> SmallApi:
    """Return an API whose staff operations (`list`, `stats`, `promote`, `remove`, `coupon`, `settings`) may be open.

    `is_polite`: refusals have status 200 and just a message.
    """
    api = SmallApi(fails_with_200=fails_with_200, about_users={"role": "customer"})
    api.new_user(BOSS[0], "boss@shop.test", BOSS[1], role="admin")
    settings: Record = api.store.setdefault("settings", {"shop": {"owner": "olivia", "is_closed": "no"}})
    coupons = api.store.setdefault("coupons", {})

    def guarded(name: str, call: Call) -> Json:
        user = api.users.get(call.caller or "")
        if (name in opened and (anonymous or user)) or (user and user["role"] == "admin"):
            return None
        if is_polite:
            return {"message": "Only administrators may do this"}
        raise RefusalError(refusal if user else 401, "admins only")

    def user_of(call: Call) -> Record:
        wanted = str(call.path.get("user_id") or call.data.get("user_id"))
        found = [user for user in api.users.values() if str(user["id"]) == wanted]
        if not found:
            raise RefusalError(404, "no such user")
        return found[0]

    def show_users(call: Call) -> Json:
        return guarded("list", call) or [
            {"id": u["id"], "username": u["username"], "role": u["role"]} for u in api.users.values()
        ]

    def stats(call: Call) -> Json:
        return guarded("stats", call) or {"users": len(api.users), "revenue_cents": 123_400}

    def promote(call: Call) -> Json:
        if (no := guarded("promote", call)) is None:
            user_of(call)["role"] = "admin"
        return no or {"status": "ok"}

    def remove(call: Call) -> Json:
        if (no := guarded("remove", call)) is None:
            api.users.pop(user_of(call)["username"])
        return no or {"status": "ok"}

    def coupon(call: Call) -> Json:
        if (no := guarded("coupon", call)) is None:
            coupons[call.data["code"]] = {"owner": "", **call.data}
        return no or {"code": call.data["code"], "percent": call.data["percent"]}

    def change_settings(call: Call) -> Json:
        if (no := guarded("settings", call)) is None:
            settings["shop"]["is_closed"] = call.data["is_closed"]
        return no or settings["shop"]

    api.route("GET", f"{path}/users", show_users, secured=secured, summary=summary)
    api.route("GET", f"{path}/stats", stats, secured=secured, summary=summary)
    api.route("POST", f"{path}/users/{{user_id}}/promote", promote, secured=secured, summary=summary)
    api.route("POST", f"{path}/promote", promote, body={"user_id": "integer"}, secured=secured, summary=summary)
    api.route("DELETE", f"{path}/users/{{user_id}}", remove, secured=secured, summary=summary)
    api.route("POST", f"{path}/coupons", coupon, body={"code": "string", "percent": "integer"}, summary=summary)
    api.route("PUT", f"{path}/settings", change_settings, body={"is_closed": "string"}, summary=summary)
    return api
