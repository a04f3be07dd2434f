"""Sends records as logs of OpenTelemetry (OTLP 1 over HTTP, in JSON)."""

from collections.abc import Sequence
from typing import Final

import orjson

from apiward.core.exchange import Headers, Request
from apiward.core.finding import Severity
from apiward.core.outgoing import Outgoing
from apiward.core.ports import Clock, Sender
from apiward.net.forwarding.answers import taken
from apiward.net.forwarding.posting import TIMEOUT_S, shown_address

_NUMBERS: Final = {
    Severity.NOTE: (9, "INFO"),
    Severity.LOW: (10, "INFO2"),
    Severity.MEDIUM: (13, "WARN"),
    Severity.HIGH: (17, "ERROR"),
    Severity.CRITICAL: (21, "FATAL"),
}
_LATEST_NS: Final = 2**63 - 1


class OtlpDestination:
    """Implements `core.outgoing.Destination`; `address` ends as the receiver's path for logs does: `/v1/logs`."""

    def __init__(
        self, sender: Sender, address: str, *, clock: Clock, version: str, headers: Headers = (), host: str = ""
    ) -> None:
        self.name = shown_address(address)
        self._address = address
        self._sender = sender
        self._clock = clock
        self._version = version
        self._host = host
        self._headers: Headers = (("Content-Type", "application/json"), ("User-Agent", "apiward"), *headers)

    async def send(self, records: Sequence[Outgoing]) -> str:
        """Send all of them. What the receiver took only in part is said: it must not be sent again."""
        body = orjson.dumps(self._document(records))
        request = Request("POST", self._address, self._headers, body)
        return _rejected(taken(await self._sender.send(request, timeout_s=TIMEOUT_S)).body)

    async def aclose(self) -> None:
        """Nothing is held here: the sender's owner closes it."""

    def _document(self, records: Sequence[Outgoing]) -> dict[str, object]:
        now = str(_ns(self._clock()))
        about = [_attribute("service.name", "apiward"), _attribute("service.version", self._version)]
        about += [_attribute("host.name", self._host)] * bool(self._host)
        logs = [_log(record, now) for record in records]
        scope = {"name": "apiward", "version": self._version}
        return {
            "resourceLogs": [{"resource": {"attributes": about}, "scopeLogs": [{"scope": scope, "logRecords": logs}]}]
        }


def _log(record: Outgoing, now: str) -> dict[str, object]:
    number, text = _NUMBERS[record.severity]
    return {
        "timeUnixNano": str(_ns(record.at_s)),
        "observedTimeUnixNano": now,
        "severityNumber": number,
        "severityText": text,
        "body": {"stringValue": record.line},
        "attributes": [_attribute("log.record.uid", record.id), _attribute("apiward.kind", record.kind)],
    }


def _attribute(key: str, value: str) -> dict[str, object]:
    return {"key": key, "value": {"stringValue": value}}


def _ns(seconds: float) -> int:
    return min(max(round(seconds * 1_000_000) * 1_000, 0), _LATEST_NS)


def _rejected(body: bytes) -> str:
    """Return what the receiver says of records that it did not take."""
    try:
        part = orjson.loads(body or b"{}").get("partialSuccess") or {}
        count, why = int(part.get("rejectedLogRecords") or 0), str(part.get("errorMessage") or "")
    except (ValueError, TypeError, AttributeError):
        return ""
    if not count and not why:
        return ""
    return f"{count} records were not taken: {why[:200]}"
