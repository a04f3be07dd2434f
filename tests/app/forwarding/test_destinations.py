import asyncio
import json
from pathlib import Path

import pytest

from apiward.app.forwarding.destinations import ForwardError, destination_of
from apiward.config.guarding import ForwardConfig
from apiward.core.exchange import Response
from apiward.core.outgoing import Destination, LineForm
from tests.net.forwarding.made import Answers, certificate, record

ENV = {"TOKEN": "Bearer abc", "SECRET": "s3cret", "TORN": "whsec_AAE", "LINES": "a\nb"}


def made(config: ForwardConfig, answers: Answers | None = None, base: Path = Path()) -> Destination:
    """Return the destination of these settings."""
    return destination_of(config, base, ENV, answers or Answers(Response(200)), lambda: 1.0)


def test_an_address_of_opentelemetry_gets_its_logs_with_the_headers_of_the_settings() -> None:
    answers = Answers(Response(200))
    config = ForwardConfig(to="otlp+http://localhost:4318/v1/logs", headers_env={"Authorization": "TOKEN"})
    asyncio.run(made(config, answers).send([record()]))
    (request,) = answers.requests
    assert (request.url, request.header("authorization")) == ("http://localhost:4318/v1/logs", "Bearer abc")
    assert "resourceLogs" in json.loads(request.body)


def test_lines_are_posted_as_what_they_are() -> None:
    for form, kind in ((LineForm.CEF, "text/plain; charset=utf-8"), (LineForm.OCSF, "application/x-ndjson")):
        answers = Answers(Response(200))
        asyncio.run(
            made(ForwardConfig(to="https://a.example/x", form=form, secret_env="SECRET"), answers).send([record()])
        )
        (request,) = answers.requests
        assert request.header("content-type") == kind
        assert (request.header("webhook-signature") or "").startswith("v1,")


def test_a_syslog_server_is_named_with_its_usual_port(tmp_path: Path) -> None:
    public, private = certificate(tmp_path)
    config = ForwardConfig(
        to="syslog+tls://logs.example", ca_file=public.name, certificate=public.name, key_file=private.name
    )
    assert made(config, base=tmp_path).name == "syslog+tls://logs.example:6514"


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (ForwardConfig(to="https://a.example/x", secret_env="MISSING"), "MISSING is not set"),
        (ForwardConfig(to="https://a.example/x", secret_env="TORN"), "TORN cannot be used"),
        (ForwardConfig(to="https://a.example/x", headers_env={"X": "LINES"}), "LINES is not set"),
        (ForwardConfig(to="syslog+tls://a", ca_file="missing.pem"), "certificates"),
    ],
)
def test_what_cannot_be_used_is_told_without_the_secret(config: ForwardConfig, said: str) -> None:
    with pytest.raises(ForwardError, match=said) as caught:
        made(config)
    assert "AAE" not in str(caught.value)
