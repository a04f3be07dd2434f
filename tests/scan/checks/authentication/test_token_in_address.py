import json
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from apiward.core.verdict import Outcome
from apiward.scan.checks.authentication.token_in_address import CHECK
from tests.scan.checks.authentication.cases import case, twins
from tests.scan.checks.judged import broken_at
from tests.scan.small_api import Pair, SmallApi

AT = "GET /me"
TRIGGERS = (
    case("beside the header", AT, weak="address"),
    case("beside the header, opaque, refusals with 200", AT, weak="address", token="opaque", shows_no_with_ok=True),
)
SILENT = (
    case("sound", AT, Outcome.HOLDS),
    case("cookies", AT, Outcome.NOT_RUN, cookie=True),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)


def test_a_log_in_whose_password_stands_in_the_address() -> None:
    def make() -> Pair:
        api = SmallApi()
        described = api.paths["/login"].pop("post")
        fields = ("username", "password")
        described["parameters"] = [{"name": n, "in": "query", "required": True, "schema": {}} for n in fields]
        del described["requestBody"]
        api.paths["/login"]["get"] = described
        app, whole = api.pair()
        return in_body(app), whole

    assert broken_at(make, CHECK) == {"GET /login"}


def in_body(app: ASGIApp) -> ASGIApp:
    """Turn a log-in with its words in the address into the one that the small API knows."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/login":
            await app(scope, receive, send)
            return
        sent = json.dumps(dict(parse_qsl(scope["query_string"].decode()))).encode()

        async def given() -> Message:
            return {"type": "http.request", "body": sent, "more_body": False}

        await app({**scope, "method": "POST"}, given, send)

    return served
