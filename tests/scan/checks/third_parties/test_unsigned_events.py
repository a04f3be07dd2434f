"""UPS01 against small APIs: whom does a receiver of events believe."""

import hashlib
import hmac
import json
from collections.abc import Callable

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from apiward.core.verdict import Confidence, Outcome
from apiward.scan.checks.third_parties.unsigned_events import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.small_api import Call, Case, Json, Pair, Record, RefusalError, Said, SmallApi

SECRET = b"whsec_only-the-provider-and-we-know"


def _id_in(event: Json) -> str:
    """Return the order that an event is about, wherever its sender puts it."""
    for name in ("order_id", "client_reference_id", "invoice_id", "custom_id", "receipt", "id"):
        for text in (f'"{name}": ', f'"{name}":'):
            found = json.dumps(event).partition(text)[2].split(",")[0].strip(' "}')
            if found.isdigit():
                return found
    return ""


def receiving(
    *,
    checks: str = "",
    path: str = "/webhooks/stripe",
    header: str = "Stripe-Signature",
    described: bool = True,
    fields: bool = False,
    is_shown: bool = True,
    always_ok: bool = False,
) -> Callable[[], Pair]:
    """Return a maker of a shop whose orders are paid by events. `checks`: "hmac", "presence" of the header, or "".

    `described`: the header is; `fields`: the body is. `is_shown`: orders say whether they are paid. `always_ok`: it
    answers 200 to whatever comes.
    """

    def make() -> Pair:
        api = SmallApi()
        orders: dict[str, Record] = {}

        def add(call: Call) -> Json:
            key = str(len(orders) + 1)
            orders[key] = {"id": int(key), "owner": call.me, "title": call.data["title"], "status": "open"}
            return Said({"id": int(key)}, 201)

        def read(call: Call) -> Json:
            found = orders.get(call.path["order_id"])
            if found is None or found["owner"] != call.me:
                raise RefusalError(404)
            return found if is_shown else {"id": found["id"], "title": found["title"]}

        async def receive(request: Request) -> Response:
            body = await request.body()
            event = json.loads(body or b"{}")
            shown = request.headers.get(header, "")
            genuine = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
            is_good = {"": True, "presence": bool(shown), "hmac": hmac.compare_digest(shown, genuine)}[checks]
            refused = not event or not is_good
            if not refused and _id_in(event) in orders:
                orders[_id_in(event)]["status"] = "paid"
            return JSONResponse({"received": True}, 400 if refused and not always_ok else 200)

        api.route("POST", "/orders", add, body={"title": "string"})
        api.route("GET", "/orders/{order_id}", read)
        api.route("POST", path, lambda _: None, secured=False, body={"order_id": "integer"} if fields else None)
        app, document = api.pair()
        app.router.routes.insert(0, Route(path, receive, methods=["POST"]))  # type: ignore[attr-defined]
        if described:
            place: Record = {"name": header, "in": "header", "required": False, "schema": {"type": "string"}}
            document["paths"][path]["post"]["parameters"].append(place)
        return app, document

    return make


TRIGGERS: tuple[Case, ...] = (
    ("no header is looked at", receiving()),
    ("any header does", receiving(checks="presence")),
    ("another sender", receiving(path="/hooks/razorpay", header="X-Razorpay-Signature", checks="presence")),
    ("a plain receiver with described fields", receiving(path="/payments/callback", described=False, fields=True)),
    ("nothing shows it", receiving(is_shown=False)),
)
SILENT: tuple[Case, ...] = (
    ("signatures are checked", receiving(checks="hmac")),
    ("signatures are checked, another sender", receiving(checks="hmac", header="X-Shopify-Hmac-Sha256")),
    ("signatures are checked, described fields", receiving(checks="hmac", fields=True)),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_receivers_that_believe_anybody(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_signatures_are_checked(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)


def test_what_is_answered_with_200_and_left_is_no_finding() -> None:
    app, description = receiving(checks="hmac", always_ok=True)()
    assert scan_app(app, description, [CHECK]).outcome("UPS01", "POST /webhooks/stripe") is Outcome.UNSURE


def test_without_an_effect_that_shows_it_is_only_likely() -> None:
    for make, confidence in ((receiving(), Confidence.PROVED), (receiving(is_shown=False), Confidence.LIKELY)):
        app, description = make()
        assert [f.confidence for f in scan_app(app, description, [CHECK]).report.findings] == [confidence]
