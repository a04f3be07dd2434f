"""Small APIs where something counts once: codes, claims and refunds, with what an account holds shown to it."""

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.scan.small_api import Call, Json, Pair, Record, RefusalError, Said, SmallApi

CODE = "SPRING-2027"
WORTH = 25


def redeeming(
    *,
    weak: bool,
    path: str = "/vouchers/redeem",
    field: str = "code",
    holds: str = "balance",
    as_text: bool = False,
    listed: bool = False,
    costs: bool = False,
    amount: bool = False,
    fails_with_200: bool = False,
) -> Callable[[], Pair]:
    """Return a maker of an API with a code that gives credit; `listed` codes stand in an answer and in no example.

    `costs`: what is gained is paid for with points. `amount`: callers say how much they want of what they have.
    """

    def make() -> Pair:
        api = SmallApi(fails_with_200=fails_with_200, about_users={holds: 0, "points": 1000} if costs else {holds: 0})
        used: set[tuple[str, str]] = set()

        def redeem(call: Call) -> Json:
            me = call.me
            if str(call.data.get(field)).upper() != CODE:
                raise RefusalError(404, "no such code")
            if (me, CODE) in used and not weak:
                raise RefusalError(409, "used already")
            used.add((me, CODE))
            api.users[me][holds] += WORTH
            if costs:
                api.users[me]["points"] -= WORTH
            return {"status": "ok"}

        body = {field: "string", **({"amount": "integer"} if amount else {})}
        api.route("POST", path, redeem, body=body)
        if listed:
            api.route("GET", "/offers", lambda _: [{"id": 1, "coupon_code": CODE, "text": "for you"}], secured=False)
        api.route("GET", "/wallet", lambda call: {holds: _shown(api.users[call.me][holds], as_text=as_text)})
        app, document = api.pair()
        schema = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        if not listed:
            schema["properties"][field]["example"] = CODE
        return app, document

    return make


def _shown(cents: int, *, as_text: bool) -> Json:
    return f"{cents / 100:.2f}" if as_text else cents


def claiming(*, weak: bool, pending: int = 1) -> Callable[[], Pair]:
    """Return a maker of an API with a bonus that is claimed without any code; a sound one gives what is pending."""

    def make() -> Pair:
        api = SmallApi(about_users={"coins": 0, "pending": pending})

        def claim(call: Call) -> Json:
            me = api.users[call.me]
            if me["pending"] < 1 and not weak:
                raise RefusalError(409, "nothing there")
            me["pending"] -= 1
            me["coins"] += WORTH
            return {"coins": me["coins"]}

        api.route("POST", "/rewards/claim", claim)
        return api.pair()

    return make


def refunding(*, weak: bool) -> Callable[[], Pair]:
    """Return a maker of an API whose payments can be refunded; the account shows its balance."""

    def make() -> Pair:
        api = SmallApi(about_users={"balance": 100})
        payments: dict[str, Record] = {}

        def pay(call: Call) -> Json:
            made: Record = {"id": len(payments) + 1, "owner": call.me, "note": call.data["note"], "refunded": False}
            payments[str(made["id"])] = made
            return Said(made, 201)

        def read(call: Call) -> Json:
            found = payments.get(call.path["payment_id"])
            if found is None or found["owner"] != call.me:
                raise RefusalError(404)
            return found

        def refund(call: Call) -> Json:
            found = read(call)
            if found["refunded"] and not weak:
                raise RefusalError(409, "refunded already")
            found["refunded"] = True
            api.users[call.me]["balance"] += WORTH
            return {"status": "ok"}

        api.route("POST", "/payments", pay, body={"note": "string"})
        api.route("GET", "/payments/{payment_id}", read)
        api.route("POST", "/payments/{payment_id}/refund", refund)
        return api.pair()

    return make


def racing(*, weak: bool, throttles: bool = False) -> Callable[[], Pair]:
    """Return a maker of an API that looks whether a bonus was had, waits, and writes; a sound one writes first."""

    def make() -> Pair:
        api = SmallApi(about_users={"credits": 0})
        had: set[str] = set()

        async def claim(request: Request) -> Response:
            me = api.tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
            if me is None:
                return JSONResponse({"detail": "log in"}, 401)
            if me in had:
                return JSONResponse({"detail": "had already"}, 429 if throttles else 409)
            if weak:
                await asyncio.sleep(0.01)
            had.add(me)
            api.users[me]["credits"] += WORTH
            return JSONResponse({"status": "ok"})

        path = "/bonus/claim"
        api.route("POST", path, lambda _: None)
        app, document = api.pair()
        app.router.routes.insert(0, Route(path, claim, methods=["POST"]))  # type: ignore[attr-defined]
        return app, document

    return make
