"""Small shops: products with prices, orders with totals and states."""

from collections.abc import Callable

from tests.scan.small_api import Call, Handler, Json, Pair, Record, RefusalError, Said, SmallApi

PRICES = {1: 1900, 2: 450}


def ordering(
    *,
    least: float | None = 1,
    takes_price: bool = False,
    refuses_totals: bool = False,
    clamps: bool = False,
    lines: bool = True,
    shows: str = "total",
    price: str = "unit_price",
    path: str = "/orders",
    whole: bool = True,
    hides_prices: bool = False,
    count: str = "quantity",
    last_counts: bool = False,
    refusal: int = 422,
    refuses_prices: int = 0,
) -> Callable[[], Pair]:
    """Return a maker of a shop. `least` is the smallest quantity that is taken (None: any); `clamps` makes it one.

    `lines`: orders hold a list of items; else one. `shows`: what an order's cost is called. `whole`: integers alone.
    `count`: what the quantity is called. `last_counts`: of several lines for one product, the last counts alone.
    `refusal`: the status for what is too few. `refuses_prices`: the status for any price but one.
    """

    def make() -> Pair:
        api = SmallApi()
        orders: dict[str, Record] = {}

        def cost(item: Record) -> float:
            quantity = _counted(item[count], least, clamps=clamps, whole=whole, refusal=refusal)
            if refuses_prices and item.get(price, 1) != 1:
                raise RefusalError(refuses_prices)
            each = item.get(price, 0) if takes_price else PRICES.get(item["product_id"], 700)
            return float(each * quantity)

        def add(call: Call) -> Json:
            items = call.data["items"] if lines else [call.data]
            if last_counts:
                items = list({item["product_id"]: item for item in items}.values())
            total = sum(cost(item) for item in items)
            if refuses_totals and total < 0:
                raise RefusalError(422, "nothing to pay")
            key = str(len(orders) + 1)
            orders[key] = {"id": int(key), "owner": call.me, "address": call.data["address"], shows: total}
            return Said({"id": int(key)}, 201)

        def read(call: Call) -> Json:
            found = orders.get(call.path["order_id"])
            if found is None or found["owner"] != call.me:
                raise RefusalError(404)
            return found

        products = [
            {"id": k, "name": f"Thing {k}", **({} if hides_prices else {"price": v})} for k, v in PRICES.items()
        ]
        api.route("GET", "/products", lambda _: products, secured=False)
        api.route("GET", path, lambda call: [o for o in orders.values() if o["owner"] == call.me])
        api.route("POST", path, add, body={"address": "string"})
        api.route("GET", f"{path}/{{order_id}}", read)
        app, document = api.pair()
        number = {"type": "integer" if whole else "number"}
        item = {"product_id": {"type": "integer"}, count: {"type": "integer"}, price: number}
        schema = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        row = {"type": "object", "properties": item, "required": ["product_id", count]}
        schema["properties"] |= {"items": {"type": "array", "items": row}} if lines else item
        schema["required"] += ["items"] if lines else ["product_id", count]
        return app, document

    return make


def _counted(quantity: float, least: float | None, *, clamps: bool, whole: bool, refusal: int) -> float:
    if whole and isinstance(quantity, float):
        raise RefusalError(refusal, "whole numbers only")
    if least is None or quantity >= least:
        return quantity
    if not clamps:
        raise RefusalError(refusal, "at least one")
    return 1


def _offer_steps(api: SmallApi, step: Handler, *, path: str, in_body: bool) -> None:
    if in_body:
        api.route("POST", "/payments", step, body={"order_id": "integer"})
    elif path:
        api.route("POST", path, step)


def stepping(
    *,
    weak: bool,
    last: str = "ship",
    first: str = "pay",
    summary: str = "Ship an order that is paid",
    first_in_body: bool = False,
    loud: bool = True,
    done_after: int = 10**9,
    vanishes: bool = False,
) -> Callable[[], Pair]:
    """Return a maker of a shop whose orders are open, paid, then done; a weak one looks at no state.

    `done_after`: so many calls after it was made, an order is done, whatever is asked. `vanishes`: that it is
    done is shown nowhere.
    """

    def make() -> Pair:
        api = SmallApi()
        born: dict[int, int] = {}
        orders: dict[str, Record] = {}

        def add(call: Call) -> Json:
            key = str(len(orders) + 1)
            orders[key] = {"id": int(key), "owner": call.me, "title": call.data["title"], "status": "open"}
            born[int(key)] = len(api.calls)
            return Said(orders[key], 201)

        def read(call: Call) -> Json:
            found = orders.get(str(call.path.get("order_id") or call.data.get("order_id")))
            if found is None or found["owner"] != call.me:
                raise RefusalError(404)
            return found

        def show(call: Call) -> Json:
            order = dict(read(call))
            is_done = len(api.calls) - born[order["id"]] > done_after and order["status"] == "open"
            order |= {"status": "done"} if is_done else {}
            return order if not vanishes or order["status"] != "done" else order | {"status": None}

        def pay(call: Call) -> Json:
            read(call)["status"] = "paid"
            return {"ok": True}

        def finish(call: Call) -> Json:
            order = read(call)
            if order["status"] != "paid" and not weak:
                if loud:
                    raise RefusalError(409, "not paid")
                return {"ok": True}
            order["status"] = "done"
            return {"ok": True}

        api.route("POST", "/orders", add, body={"title": "string"})
        api.route("GET", "/orders/{order_id}", show)
        _offer_steps(api, pay, path=f"/orders/{{order_id}}/{first}" if first else "", in_body=first_in_body)
        api.route("POST", f"/orders/{{order_id}}/{last}", finish, summary=summary)
        return api.pair()

    return make
