"""A small shop's API, and how its requests are judged by the shape stage."""

from apiward.core.api import Api, Body, Operation, Parameter, Place, SchemeKind, SecurityScheme
from apiward.core.decision import Decision
from apiward.core.schema import Schema
from apiward.guard.stage import Judgement
from apiward.guard.stages.shape import Shape, ShapeSettings
from tests.guard.calls import parts

TEXT = Schema(types=("string",))
WHOLE = Schema(types=("integer",))
WHOLES = Schema(types=("array",), items=WHOLE, max_items=3)
ITEM = Schema(types=("object",), properties={"sku": TEXT, "count": WHOLE})
ORDER = Schema(
    types=("object",),
    properties={
        "note": Schema(types=("string",), max_length=10),
        "items": Schema(types=("array",), items=ITEM),
        "total": Schema(types=("number",), is_read_only=True),
    },
    required=frozenset({"note", "total"}),
)
FORM = "application/x-www-form-urlencoded"


def parameter(name: str, place: Place, schema: Schema = TEXT, *, required: bool = False, **more: object) -> Parameter:
    return Parameter(name, place, schema, required, **more)  # type: ignore[arg-type]


ORDERS = Operation("POST", "/orders", bodies=(Body("application/json", ORDER, is_required=True),))
SEARCH = Operation(
    "GET",
    "/shops/{shop}/orders",
    parameters=(
        parameter("shop", Place.PATH, WHOLE, required=True),
        parameter("page", Place.QUERY, Schema(types=("integer",), minimum=1), required=True),
        parameter("q", Place.QUERY),
        parameter("open", Place.QUERY, Schema(types=("boolean",))),
        parameter("size", Place.QUERY, Schema(variants=(WHOLE, Schema(types=("string",), enum=("all",))))),
        parameter("price", Place.QUERY, Schema(types=("number",), maximum=9)),
        parameter("state", Place.QUERY, Schema(types=("string",), enum=("new", "paid"))),
        parameter("ids", Place.QUERY, WHOLES),
        parameter("codes", Place.QUERY, WHOLES, explode=False),
        parameter("pipes", Place.QUERY, WHOLES, style="pipeDelimited", explode=False),
        parameter("filter", Place.QUERY, Schema(types=("object",), properties={"a": TEXT}), style="deepObject"),
        parameter("x-shop", Place.HEADER, WHOLE, required=True),
        parameter("Authorization", Place.HEADER, required=True),
        parameter("lang", Place.COOKIE, Schema(types=("string",), pattern="^[a-z]{2}$")),
    ),
)
ACTION = Operation("POST", "/orders/{id}/cancel", parameters=(parameter("id", Place.PATH, WHOLE, required=True),))
SIGN_UP = Operation(
    "POST",
    "/sign-up",
    bodies=(
        Body(
            FORM,
            Schema(
                types=("object",),
                properties={
                    "name": TEXT,
                    "age": WHOLE,
                    "tags": Schema(types=("array",), items=TEXT),
                    "id": Schema(types=("integer",), is_read_only=True),
                },
                required=frozenset({"name"}),
            ),
        ),
    ),
)
PICTURE = Operation("PUT", "/picture", bodies=(Body("image/*"), Body("text/plain", TEXT)))
API = Api(
    "shop",
    "1",
    (ORDERS, SEARCH, ACTION, SIGN_UP, PICTURE),
    schemes={"key": SecurityScheme("key", SchemeKind.API_KEY, Place.QUERY, "api_key")},
)
HEADERS = {"x-shop": "7", "authorization": "Bearer x"}


def stage(**settings: object) -> Shape:
    return Shape(ShapeSettings(**settings), parts(api=API))  # type: ignore[arg-type]


def one(said: Judgement) -> Decision | None:
    assert said is None or isinstance(said, Decision)
    return said


def told(said: Judgement) -> str:
    decision = one(said)
    return f"{decision.rule}: {decision.place}" if decision else "passes"
