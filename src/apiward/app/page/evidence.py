"""The proof of a finding, as a scan has kept it: the request, the answer, and the same by whom it is right for."""

from dataclasses import dataclass
from typing import Final

from apiward.app.page.showing import shown_block
from apiward.app.page.source import KeptScans
from apiward.app.patching.reading import UnreadableFindingError, read_finding
from apiward.core.exchange import Exchange
from apiward.prove.shown import answer_text, request_text

_CHARS: Final = 3_000


@dataclass(frozen=True, slots=True)
class ExchangeShown:
    """A request and its answer, masked."""

    request: str
    answer: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows the weakness, and what shows the difference (None where there is nothing to compare with)."""

    attack: ExchangeShown
    control: ExchangeShown | None
    curl: str


def proof_of(scans: KeptScans, id_: str) -> Proof | None:
    """Return the proof of a finding, None where no scan on this machine has kept it."""
    found = scans.find(id_)
    if found is None:
        return None
    try:
        evidence = read_finding(found[1]).evidence
    except UnreadableFindingError:
        return None
    control = _exchange(evidence.control) if evidence.control is not None else None
    return Proof(_exchange(evidence.attack), control, shown_block(str(found[1].get("curl", ""))))


def _exchange(exchange: Exchange) -> ExchangeShown:
    request = shown_block(request_text(exchange.request, body_chars=_CHARS))
    return ExchangeShown(request, shown_block(answer_text(exchange, body_chars=_CHARS)))
