"""What an answer says of a person: how the account of a real person is told, which holds no text of ours."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from apiward.classify.fields import Found, classify_json
from apiward.classify.kinds import Kind
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, leaves
from apiward.scan.calling.arguments import text_of
from apiward.scan.ownership import knowledge
from apiward.scan.ownership.objects import OwnedObject
from apiward.spec.meaning import naming

MAX_TEXTS: Final = 20_000
MIN_TEXT: Final = 5
_ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_SAID_BY_MANY: Final = frozenset({Kind.NAME, Kind.IP_ADDRESS, Kind.GEO, Kind.IDENTIFIER})
_WORTH: Final = frozenset("balance salary income wage wages earnings debt".split())
_NAMED: Final = frozenset("username login handle email mail emailaddress phone phonenumber mobile".split())


def texts_in(exchange: Exchange) -> frozenset[str] | None:
    """Return the values of an answer as texts, e-mail addresses inside of longer ones too; None where too many."""
    if not exchange.is_success:
        return frozenset()
    found = {_plain(address) for address in islice(_ADDRESS.findall(exchange.text), MAX_TEXTS)}
    for count, (_, value) in enumerate(leaves(_body(exchange))):
        if count >= MAX_TEXTS:
            return None
        if not isinstance(value, bool) and value is not None and len(text := text_of(value)) >= MIN_TEXT:
            found.add(_plain(text))
    return frozenset(found)


def private_texts(operation: Operation, exchange: Exchange, account: OwnedObject) -> frozenset[str]:
    """Return the personal texts of an answer that is about the account; none where it is about something else."""
    if not exchange.is_success or not speaks_of(operation, exchange, account):
        return frozenset()
    return frozenset(_plain(piece.text) for piece in classify_json(_body(exchange)) if _is_private(piece)) | frozenset(
        _worths(_body(exchange))
    )


def speaks_of(operation: Operation, exchange: Exchange, account: OwnedObject) -> bool:
    """Whether an answer holds the account's own name, address or identifier in a field of such a name."""
    if not exchange.is_success:
        return False
    for name, value in knowledge.named_values(_body(exchange), naming.nouns(operation.path)[-1:]):
        is_telling = name in _NAMED or (name.endswith("id") and name not in ("id", "uuid", "guid", *account.guessed))
        if is_telling and value in account.names.get(name, ()):
            return True
    return False


def _is_private(piece: Found) -> bool:
    kind = piece.kind
    is_of_care = kind.is_personal or kind.is_payment or kind.is_secret
    return is_of_care and kind not in _SAID_BY_MANY and len(piece.text) >= MIN_TEXT


def _worths(body: Json) -> Iterator[str]:
    for pointer, value in leaves(body):
        if pointer and not isinstance(value, bool) and value is not None:
            text = text_of(value)
            if len(text) >= MIN_TEXT and _WORTH & set(naming.words(str(pointer[-1]))):
                yield _plain(text)


def _plain(text: str) -> str:
    return text.strip().casefold()


def _body(exchange: Exchange) -> Json:
    body = exchange.response.json() if exchange.response else None
    return None if isinstance(body, NotJson) else body
