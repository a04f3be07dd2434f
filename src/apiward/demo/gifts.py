"""What goes with a gift: a card to write, and a page of the shelves for the shop's window."""

import html
from typing import Any, Final

from jinja2.exceptions import SecurityError, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from starlette.responses import HTMLResponse, Response

from apiward.demo.calls import Call, ShopRefusal, answer, text
from apiward.demo.desk import Desk, Entry

CARD: Final = "Dear {{ to }},\n\n{{ message }}\n\nWith love from Marlow Coaching's shop"
MOST_IN_SUMS: Final = 10**12


class BoundedTemplates(ImmutableSandboxedEnvironment):
    """Templates for the weak twin: sums are worked out, but nothing that is large. Nothing is called or reached."""

    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def __init__(self) -> None:
        super().__init__()
        for named in (self.filters, self.globals, self.tests):
            named.clear()

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ANN401, ARG002  # as inherited
        """Refuse to call anything: `ljust` alone makes a text of any length."""
        return False

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401  # as inherited
        """Refuse what would take long."""
        is_small = all(isinstance(one, int) and abs(one) < MOST_IN_SUMS for one in (left, right))
        if operator == "**" or not is_small:
            raise SecurityError("too large")
        return super().call_binop(context, operator, left, right)


def preview_card(desk: Desk, call: Call) -> Response:
    """Show what will be written on the card of a gift."""
    wanted = call.data()
    to, message = text(wanted, "to", most=120), text(wanted, "message", most=600)
    source, has_signs = CARD, "{{" in message and "{%" not in message  # a loop may run for ever
    if has_signs and desk.weak("template-injection-card"):
        source = CARD.replace("{{ message }}", message)
    try:
        written = BoundedTemplates().from_string(source).render(to=to, message=message)
    except TemplateError:
        raise ShopRefusal("This cannot be written on a card.") from None
    return answer({"status": "ok", "text": written})


def find_products(desk: Desk, call: Call) -> Response:
    """Show the products with a word in their name as a piece of a page."""
    word = call.query.get("q", "")[:200]
    is_weak = html.escape(word) != word and desk.weak("markup-injection-find")
    rows = desk.storage.rows("SELECT name FROM products WHERE instr(lower(name), lower(?)) ORDER BY id", word)
    items = "".join(f"<li>{html.escape(row['name'])}</li>" for row in rows)
    return HTMLResponse(f"<h2>Found for {word if is_weak else html.escape(word)}</h2><ul>{items}</ul>")


ENTRIES = (
    Entry("POST", "/shop/cards/preview", preview_card),
    Entry("GET", "/shop/find", find_products),
)
