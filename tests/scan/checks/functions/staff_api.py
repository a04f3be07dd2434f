"""A small shop with operations for staff, open to others where a test wants it."""

from collections.abc import Collection
from dataclasses import dataclass

from tests.scan.small_api import Call, Json, Record, RefusalError, SmallApi

BOSS = ("the-boss", "boss-word-77")
"""Name and password of the account with special rights."""


@dataclass
class Staff:
    """Operations for staff: `list`, `stats`, `promote`, `remove`, `coupon`, `settings`; some may be open to others."""

    api: SmallApi
    opened: Collection[str]
    anonymous: bool
    refusal: int
    is_polite: bool

    def __post_init__(self) -> None:
        self.settings = self.api.store.setdefault("settings", {"shop": {"owner": "olivia", "is_closed": "no"}})
        self.coupons = self.api.store.setdefault("coupons", {})

    def no(self, name: str, call: Call) -> Json:
        """Refuse, or return nothing where the caller may go on."""
        user = self.api.users.get(call.caller or "")
        if (name in self.opened and (self.anonymous or user)) or (user and user["role"] == "admin"):
            return None
        if self.is_polite:
            return {"message": "Only administrators may do this"}
        raise RefusalError(self.refusal if user else 401, "admins only")

    def user_of(self, call: Call) -> Record:
        """Return the user that the call names."""
        wanted = str(call.path.get("user_id") or call.data.get("user_id"))
        found = [user for user in self.api.users.values() if str(user["id"]) == wanted]
        if not found:
            raise RefusalError(404, "no such user")
        return found[0]

    def show_users(self, call: Call) -> Json:
        """List everybody."""
        users = [{key: u[key] for key in ("id", "username", "role")} for u in self.api.users.values()]
        return self.no("list", call) or users

    def stats(self, call: Call) -> Json:
        """Show figures of the business."""
        return self.no("stats", call) or {"users": len(self.api.users), "revenue_cents": 123_400}

    def promote(self, call: Call) -> Json:
        """Make somebody an administrator."""
        no = self.no("promote", call)
        if no is None:
            self.user_of(call)["role"] = "admin"
        return no or {"status": "ok"}

    def remove(self, call: Call) -> Json:
        """Delete somebody's account."""
        no = self.no("remove", call)
        if no is None:
            self.api.users.pop(self.user_of(call)["username"])
        return no or {"status": "ok"}

    def coupon(self, call: Call) -> Json:
        """Make a coupon."""
        no = self.no("coupon", call)
        if no is None:
            self.coupons[call.data["code"]] = {"owner": "", **call.data}
        return no or {"code": call.data["code"], "percent": call.data["percent"]}

    def change_settings(self, call: Call) -> Json:
        """Change what all of the shop depends on."""
        no = self.no("settings", call)
        if no is None:
            self.settings["shop"]["is_closed"] = call.data["is_closed"]
        return no or self.settings["shop"]


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
    """Return an API with staff operations, some of them open to all accounts, or to everybody.

    `is_polite`: refusals have status 200 and just a message.
    """
    api = SmallApi(fails_with_200=fails_with_200, about_users={"role": "customer"})
    api.new_user(BOSS[0], "boss@shop.test", BOSS[1], role="admin")
    staff = Staff(api, opened, anonymous, refusal, is_polite)
    coupon: Record = {"code": "string", "percent": "integer"}
    for method, tail, handler, body in (
        ("GET", "users", staff.show_users, None),
        ("GET", "stats", staff.stats, None),
        ("POST", "users/{user_id}/promote", staff.promote, None),
        ("POST", "promote", staff.promote, {"user_id": "integer"}),
        ("DELETE", "users/{user_id}", staff.remove, None),
        ("POST", "coupons", staff.coupon, coupon),
        ("PUT", "settings", staff.change_settings, {"is_closed": "string"}),
    ):
        api.route(method, f"{path}/{tail}", handler, body=body, secured=secured, summary=summary)
    return api
