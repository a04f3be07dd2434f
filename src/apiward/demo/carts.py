"""A cart that was saved as a text, to go on with elsewhere."""

import base64
import binascii
import io
import json
import operator
import pickle
import pickletools
from typing import Any, Final

from starlette.responses import Response

from apiward.demo.calls import Call, ShopRefusal, answer, text
from apiward.demo.desk import Desk, Entry

_MOST_NUMBER: Final = 10**9
# What numbers, pairs and a call are written with.
_WRITTEN_WITH: Final = frozenset(
    "PROTO FRAME STOP GLOBAL STACK_GLOBAL REDUCE MEMOIZE "
    "NONE BININT BININT1 BININT2 SHORT_BINUNICODE TUPLE1 TUPLE2".split()
)
_BAD: Final = "This is no saved cart."


class BoundedObjects(pickle.Unpickler):
    """Reads kept objects for the weak twin. The only thing that they may call is a product of two numbers."""

    def find_class(self, module_name: str, global_name: str, /) -> Any:  # noqa: ANN401  # as inherited
        """Return the product, or refuse."""
        if module_name not in ("operator", "_operator") or global_name != "mul":
            raise pickle.UnpicklingError("not here")
        return _product


def _product(one: object, two: object) -> int:
    if not (isinstance(one, int) and isinstance(two, int) and max(abs(one), abs(two)) < _MOST_NUMBER):
        raise pickle.UnpicklingError("too large")
    return int(operator.mul(one, two))


def _unrepeated(kept: bytes) -> bytes:
    """Return kept objects of which none stands in others twice, or refuse: few bytes would grow without end."""
    if not {operation.name for operation, _, _ in pickletools.genops(kept)} <= _WRITTEN_WITH:
        raise pickle.UnpicklingError("repeats")
    return kept


def preview_cart(desk: Desk, call: Call) -> Response:
    """Show what is in a cart that was saved."""
    saved = text(call.data(), "saved", most=2_000)
    try:
        kept = base64.b64decode(saved, validate=True)
    except (binascii.Error, ValueError):
        raise ShopRefusal(_BAD) from None
    return answer({"status": "ok", "cart": str(_opened(desk, kept))})


def _opened(desk: Desk, kept: bytes) -> object:
    try:
        return json.loads(kept)
    except ValueError:
        if not desk.weak("object-injection-cart", noticed=b"operator" in kept):
            raise ShopRefusal(_BAD) from None
    try:
        return BoundedObjects(io.BytesIO(_unrepeated(kept))).load()
    except Exception:  # noqa: BLE001  # kept objects may fail in any way
        raise ShopRefusal(_BAD) from None


ENTRIES = (Entry("POST", "/shop/cart/preview", preview_cart),)
