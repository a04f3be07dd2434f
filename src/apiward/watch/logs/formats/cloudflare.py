"""Cloudflare Logpush, data set `http_requests`: JSON lines whose fields the owner has chosen."""

from typing import Final

from apiward.core.marks import ASN, COUNTRY
from apiward.watch.logs.formats.json_form import JsonForm, JsonReader
from apiward.watch.logs.model import LogReader, Wishes

FORM: Final = JsonForm(
    title="Cloudflare Logpush",
    needs=("ClientIP", "ClientRequestMethod", "EdgeResponseStatus"),
    needs_one=("ClientRequestURI", "ClientRequestPath"),
    time=("EdgeStartTimestamp", "EdgeEndTimestamp"),
    client=("ClientIP",),
    method=("ClientRequestMethod",),
    target=("ClientRequestURI", "ClientRequestPath"),
    status=("EdgeResponseStatus",),
    answer_size=("EdgeResponseBytes", "EdgeResponseBodyBytes"),
    request_size=("ClientRequestBytes",),
    elapsed=("OriginResponseDurationMs", "EdgeTimeToFirstByteMs"),
    elapsed_unit_s=1e-3,
    agent=("ClientRequestUserAgent",),
    marks=((COUNTRY, "ClientCountry"), (ASN, "ClientASN")),
)


def cloudflare_reader(wishes: Wishes) -> LogReader:
    """Return what reads these lines."""
    return JsonReader(FORM, wishes)
