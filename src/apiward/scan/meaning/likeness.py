"""Whether two answers are the same, apart from what changes on its own and from the sent text that they echo."""

import json
from html import escape
from typing import Final
from urllib.parse import quote, quote_plus

from apiward.core.exchange import Exchange
from apiward.scan.meaning import judging

_MORE_BYTES: Final = 10


def without_echo(exchange: Exchange, *sent: str) -> str:
    """Return the answer's steady text with every spelling of the sent texts taken out."""
    spellings: set[str] = set()
    for text in filter(None, sent):
        in_json = json.dumps(text)[1:-1]
        spellings |= {text, in_json, json.dumps(text, ensure_ascii=False)[1:-1], escape(text), escape(in_json)}
        spellings |= {quote(text), quote(text, safe=""), quote_plus(text)}
    return judging.steady_text(exchange, *spellings)


def is_same(one: Exchange, other: Exchange, one_sent: str, other_sent: str, *also: str) -> bool:
    """Whether two answers say the same: status and text, each without the text that was sent for it."""
    if one.status != other.status or one.response is None or other.response is None:
        return False
    if without_echo(one, one_sent, *also) != without_echo(other, other_sent, *also):
        return False
    # `steady_text` looks at the beginning only; a list that goes on differently is not the same.
    return abs(len(one.response.body) - len(other.response.body)) <= 64 + len(one_sent) * 4 + len(other_sent) * 4


def is_more(one: Exchange, other: Exchange) -> bool:
    """Whether an answer is a good one and says more than another."""
    if not judging.is_accepted(one) or one.response is None or other.response is None:
        return False
    return not judging.is_accepted(other) or len(one.response.body) > len(other.response.body) + _MORE_BYTES
