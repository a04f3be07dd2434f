"""What the answers of a finding show to somebody whom it should not concern."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final
from urllib.parse import unquote_plus

from apiward.core.exchange import Exchange, Request
from apiward.core.jsonvalue import NotJson, leaves
from apiward.core.verdict import Confidence, Outcome, Verdict
from apiward.scan.identities.sessions import Session

LEAST: Final = 5
"""Shorter texts stand in answers by chance."""
MAX_VALUES: Final = 2_000
_BREAKS: Final = re.compile(r"""[\s"'<>=,;]+""")


def is_proved(verdict: Verdict) -> bool:
    """Whether the verdict is a finding that was proved."""
    return verdict.outcome is Outcome.BROKEN and verdict.confidence is Confidence.PROVED


def request_text(request: Request) -> str:
    """Return everything that was sent, as it was meant."""
    headers = "\n".join(value for _, value in request.headers)
    return "\n".join((request.url, unquote_plus(request.url), headers, unquote_plus(_body(request))))


def was_sent(exchange: Exchange, texts: Iterable[str]) -> bool:
    """Whether one of these texts was sent along."""
    sent = request_text(exchange.request)
    return any(text in sent for text in texts if text)


def shown_to_others(verdict: Verdict, session: Session) -> Exchange | None:
    """Return the exchange that shows the weakness, unless the account itself asked."""
    attack = verdict.evidence.attack if verdict.evidence else None
    if attack is None or not attack.is_success or was_sent(attack, session.secrets):
        return None
    return attack


def holds(exchange: Exchange, values: Collection[str]) -> bool:
    """Whether one of these stands in an answer as a value of its own."""
    text = exchange.text  # that it stands there at all is looked at first: it rarely does, and answers may be long
    return any(value in text for value in values) and not set(values).isdisjoint(values_in(exchange))


def values_in(exchange: Exchange) -> Iterator[str]:
    """Yield the single values that an answer holds: the texts of JSON, or the words of any other text."""
    body = exchange.response.json() if exchange.response else NotJson.NOT_JSON
    found = (v for _, v in leaves(body) if isinstance(v, str)) if not isinstance(body, NotJson) else iter(())
    for number, value in enumerate((*found, *_BREAKS.split(exchange.text))):
        if number >= MAX_VALUES:
            return
        if value:
            yield value


def _body(request: Request) -> str:
    return request.body.decode("utf-8", "replace")
