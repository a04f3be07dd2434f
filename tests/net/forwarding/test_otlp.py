import asyncio
import json
from typing import Any

import pytest

from apiward.core.exchange import Response
from apiward.core.finding import Severity
from apiward.net.forwarding.otlp import OtlpDestination
from tests.net.forwarding.made import NOW_S, Answers, record


def sent(*answers: Response) -> tuple[str, dict[str, Any]]:
    heard = Answers(*answers)
    destination = OtlpDestination(heard, "http://localhost:4318/v1/logs", clock=lambda: NOW_S, version="1.2", host="a")
    records = [record(1), record(2, severity=Severity.CRITICAL, kind="incident")]
    said = asyncio.run(destination.send(records))
    asyncio.run(destination.aclose())
    (request,) = heard.requests
    assert (request.url, request.header("content-type")) == ("http://localhost:4318/v1/logs", "application/json")
    return said, json.loads(request.body)


def test_records_are_logs_as_the_protocol_has_them() -> None:
    said, body = sent(Response(200, body=b"{}"))
    assert said == ""
    (resource,) = body["resourceLogs"]
    about = {one["key"]: one["value"]["stringValue"] for one in resource["resource"]["attributes"]}
    assert about == {"service.name": "apiward", "service.version": "1.2", "host.name": "a"}
    (scope,) = resource["scopeLogs"]
    first, second = scope["logRecords"]
    assert first["timeUnixNano"] == "1800000001000000000", "64 bits are a text in JSON"
    assert first["observedTimeUnixNano"] == "1800000000000000000"
    assert (first["severityNumber"], second["severityNumber"], second["severityText"]) == (13, 21, "FATAL")
    assert first["body"] == {"stringValue": '{"n":1}'}
    marks = {one["key"]: one["value"]["stringValue"] for one in second["attributes"]}
    assert marks == {"log.record.uid": "id-2", "apiward.kind": "incident"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", ""),
        (b"no json", ""),
        (b"[]", ""),
        (b'{"partialSuccess":{}}', ""),
        (
            b'{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}',
            "2 records were not taken: too old",
        ),
        (b'{"partialSuccess":{"rejectedLogRecords":"many"}}', ""),
    ],
)
def test_what_was_taken_in_part_is_said(body: bytes, said: str) -> None:
    assert sent(Response(200, body=body))[0] == said
