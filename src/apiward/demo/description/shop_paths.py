"""The shop."""

from typing import Final

from apiward.demo.description.parts import (
    EMAIL,
    PUBLIC,
    SHOP,
    TEXT,
    WHOLE,
    Part,
    body,
    good,
    in_path,
    in_query,
    many,
    obj,
    operation,
    ref,
)

_PRODUCT_ID: Final = in_path("product_id", WHOLE | {"example": 1})
_ORDER_ID: Final = in_path("order_id", description="As in the list of orders")
_ITEMS: Final = many(ref("Item"))
_OK: Final[Part] = {"type": "string", "enum": ["ok"]}

PATHS: Final[Part] = {
    "/shop/login": {
        "post": operation(
            "shopLogin", "Log in to the shop", "Shop", good(200, ref("ShopLogin")), security=PUBLIC,
            request=body(obj({"email": EMAIL, "password": {"type": "string", "format": "password"}}, code=TEXT)),
            refuses=(429,),
        ),
    },
    "/shop/account": {
        "get": operation("shopAccount", "Who is logged in", "Shop", good(200, ref("ShopAccount")), security=SHOP)
    },
    "/shop/products": {
        "get": operation(
            "listProducts", "Products", "Shop", good(200, obj({"products": many(ref("Product"))})), security=PUBLIC,
            parameters=[in_query("category", TEXT | {"example": "books"})],
        ),
    },
    "/shop/products/{product_id}": {
        "get": operation(
            "getProduct", "One product", "Shop", good(200, ref("Product")), security=PUBLIC, parameters=[_PRODUCT_ID]
        ),
    },
    "/shop/products/{product_id}/reviews": {
        "get": operation(
            "listReviews", "What customers say", "Shop", good(200, obj({"reviews": many(ref("Review"))})),
            security=PUBLIC, parameters=[_PRODUCT_ID],
        ),
        "post": operation(
            "addReview", "Review a product (public)", "Shop", good(201, obj({"status": _OK, "review": ref("Review")})),
            security=SHOP, parameters=[_PRODUCT_ID], request=body(ref("Review")),
        ),
    },
    "/shop/cart": {
        "get": operation("getCart", "My cart", "Shop", good(200, ref("Cart")), security=SHOP),
        "put": operation(
            "changeCart", "Fill my cart", "Shop", good(200, ref("Cart")), security=SHOP,
            request=body(obj({"items": _ITEMS}), {"items": [{"product_id": 2, "quantity": 1}]}),
        ),
    },
    "/shop/cart/preview": {
        "post": operation(
            "previewCart", "What is in a cart that was saved", "Shop", security=PUBLIC,
            answers=good(200, obj({"status": _OK, "cart": TEXT})),
            request=body(obj({"saved": TEXT}), {"saved": "eyJpdGVtcyI6IFtdfQ=="}),
        ),
    },
    "/shop/orders": {
        "get": operation(
            "listOrders", "My orders", "Shop", good(200, obj({"status": _OK, "orders": many(ref("Order"))})),
            security=SHOP,
        ),
        "post": operation(
            "placeOrder", "Place an order", "Shop", good(201, ref("OrderPlaced")) | good(200, ref("ShopFailure")),
            security=SHOP,
            request=body(
                obj({"items": _ITEMS, "address": TEXT}, coupon=TEXT),
                {"items": [{"product_id": 1, "quantity": 2}], "address": "4 Mill Lane, Bath"},
            ),
        ),
    },
    "/shop/orders/{order_id}": {
        "get": operation(
            "getOrder", "One order", "Shop", good(200, ref("OrderAnswer")), security=SHOP, parameters=[_ORDER_ID]
        ),
    },
    "/shop/orders/{order_id}/address": {
        "put": operation(
            "changeAddress", "Send an order elsewhere", "Shop", good(200, ref("Status")), security=SHOP,
            parameters=[_ORDER_ID], request=body(obj({"address": TEXT})),
        ),
    },
    "/shop/orders/{order_id}/pay": {
        "post": operation(
            "payOrder", "Pay for an order with the stored card", "Shop", good(200, ref("Status")), security=SHOP,
            parameters=[_ORDER_ID],
        ),
    },
    "/shop/orders/{order_id}/collect": {
        "post": operation(
            "collectOrder", "Collect an order that is paid", "Shop", good(200, ref("Status")), security=SHOP,
            parameters=[_ORDER_ID],
        ),
    },
    "/shop/vouchers/redeem": {
        "post": operation(
            "redeemVoucher", "Turn a voucher into credit", "Shop", good(200, ref("Credit")), security=SHOP,
            request=body(obj({"code": TEXT}), {"code": "WELCOME5"}),
        ),
    },
    "/shop/bonus/claim": {
        "post": operation(
            "claimBonus", "Take the bonus for new customers", "Shop", good(200, ref("Credit")), security=SHOP
        ),
    },
    "/shop/webhooks/payments": {
        "post": operation(
            "takePaymentEvent", "Events of our payment provider", "Shop", good(200, ref("Status")), security=PUBLIC,
            parameters=[{"name": "Provider-Signature", "in": "header", "required": False, "schema": TEXT}],
            request=body(
                obj(
                    {
                        "type": {"type": "string", "enum": ["payment.failed", "payment.succeeded"]},
                        "data": obj({"order_id": TEXT}),
                    }
                )
            ),
        ),
    },
    "/shop/coupons/check": {
        "post": operation(
            "checkCoupon", "What a coupon is worth", "Shop", good(200, ref("CouponWorth")), security=PUBLIC,
            request=body(obj({"code": TEXT}), {"code": "SPRING10"}),
        ),
    },
    "/shop/coupons": {
        "post": operation(
            "addCoupon", "Make a coupon (owner only)", "Shop", good(201, obj({"status": _OK, "coupon": ref("Coupon")})),
            security=SHOP, request=body(ref("Coupon")), refuses=(403, 409),
        ),
    },
    "/shop/checkout.js": {
        "get": operation(
            "getCheckoutProgram", "The program of the payment form, for our pages", "Shop", security=PUBLIC,
            answers={"200": {"description": "Done", "content": {"text/javascript": {"schema": TEXT}}}},
        ),
    },
    "/shop/cards/preview": {
        "post": operation(
            "previewCard", "See what will be written on a card", "Shop",
            good(200, obj({"status": _OK, "text": TEXT})), security=PUBLIC,
            request=body(obj({"to": TEXT, "message": TEXT}), {"to": "Kim", "message": "Take a break."}),
        ),
    },
    "/shop/find": {
        "get": operation(
            "findProducts", "Products for the shop's window, as a piece of a page", "Shop", security=PUBLIC,
            answers={"200": {"description": "Done", "content": {"text/html": {"schema": TEXT}}}},
            parameters=[in_query("q", TEXT | {"example": "course"})],
        ),
    },
    "/.well-known/jwks.json": {
        "get": operation(
            "getKeys", "Public keys of the shop's tokens", "Shop", security=PUBLIC,
            answers=good(200, obj({"keys": many({"type": "object"})})),
        ),
    },
}  # fmt: skip
