"""Vouchers and the bonus for new customers: credit that everybody gets once."""

import asyncio
from collections.abc import Awaitable

from starlette.responses import Response

from apiward.demo.callers import shopper
from apiward.demo.calls import Call, ShopRefusal, answer, text
from apiward.demo.desk import Desk, Entry

BONUS_CENTS = 300
BONUS = "the bonus"
PAUSE_S = 0.03
"""What asking the bookkeeping takes: long enough for a second request to come in between."""


def redeem_voucher(desk: Desk, call: Call) -> Response:
    """Turn the code of a voucher into credit: once for each customer."""
    me, code = shopper(desk, call), text(call.data(), "code", most=40).upper()
    row = desk.storage.row("SELECT worth_cents FROM vouchers WHERE code = ?", code)
    if row is None:
        raise ShopRefusal("There is no such voucher.")
    if _has_had(desk, me.id, code) and not desk.weak("voucher-again"):
        raise ShopRefusal("You have used this voucher already.")
    return answer({"status": "ok", "credit_cents": _give(desk, me.id, code, row["worth_cents"])})


def claim_bonus(desk: Desk, call: Call) -> Response | Awaitable[Response]:
    """Give a new customer the bonus: once."""
    me = shopper(desk, call)
    if _has_had(desk, me.id, BONUS):
        raise ShopRefusal("You have had your bonus already.")
    if desk.weak("bonus-race", noticed=False):
        return _claim_slowly(desk, me.id)
    return answer({"status": "ok", "credit_cents": _give(desk, me.id, BONUS, BONUS_CENTS)})


async def _claim_slowly(desk: Desk, owner: str) -> Response:
    """Look first, wait for somebody else, then write: what came in between is not seen."""
    await asyncio.sleep(PAUSE_S)
    desk.weak("bonus-race", noticed=_has_had(desk, owner, BONUS))
    return answer({"status": "ok", "credit_cents": _give(desk, owner, BONUS, BONUS_CENTS)})


def _has_had(desk: Desk, owner: str, what: str) -> bool:
    return desk.storage.row("SELECT what FROM perks WHERE owner = ? AND what = ?", owner, what) is not None


def _give(desk: Desk, owner: str, what: str, cents: int) -> int:
    """Write down what the customer has had, and return the credit that this leaves them with."""
    desk.storage.insert("perks", owner=owner, what=what)
    desk.storage.rows("UPDATE people SET credit_cents = credit_cents + ? WHERE id = ?", cents, owner)
    person = desk.person(person_id=owner)
    return person.credit_cents if person else 0


ENTRIES = (
    Entry("POST", "/shop/vouchers/redeem", redeem_voucher),
    Entry("POST", "/shop/bonus/claim", claim_bonus),
)
