import orjson
import pytest

from apiward.watch.formats.ocsf import ocsf
from apiward.watch.logs.model import Entry, Flaw, Wishes
from apiward.watch.logs.registry import form_named
from apiward.watch.logs.templates.slots import FormError
from tests.watch.formats.made import PLAIN
from tests.watch.logs.samples import SAMPLES

_LINES = {sample.form: sample.lines[-1] for sample in SAMPLES}


def changed(form: str, **more: object) -> str:
    return orjson.dumps({**orjson.loads(_LINES[form]), **more}).decode()


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("caddy", '{"level":"info","ts":1796045655.0,"msg":"serving initial configuration"}'),
        ("vercel", '{"id":"1","deploymentId":"d","source":"build","timestamp":1796045655000,"message":"npm install"}'),
        ("gcp", '{"insertId":"1","logName":"projects/shop/logs/syslog","textPayload":"x"}'),
        ("ocsf", '{"class_uid":2004,"time":1796045655000,"metadata":{"version":"1.5.0"}}'),
    ],
)
def test_lines_that_tell_of_no_request_are_left_out(form: str, line: str) -> None:
    flaw = form_named(form).reader(Wishes()).read(line)
    assert isinstance(flaw, Flaw)
    assert flaw.is_silent


@pytest.mark.parametrize(
    ("form", "line", "expected"),
    [
        ("caddy", "hello", "a JSON object"),
        ("caddy", "[1]", "a JSON object"),
        ("caddy", '{"a": 1}', "Caddy with request.method"),
        ("cloudflare", '{"ClientIP":"1.2.3.4","ClientRequestMethod":"GET","EdgeResponseStatus":200}',
         "Cloudflare Logpush with ClientRequestURI or ClientRequestPath"),
        ("ocsf", changed("ocsf", class_uid=1), "OCSF with class_uid of 3002, 4002, 6003"),
        ("json", changed("json", time="soon"), "a time in time or timestamp or @timestamp or ts"),
        ("json", changed("json", status=[]), "a status in status"),
        ("json", changed("json", remote_addr=""), "an address in client_ip"),
        ("json", changed("json", request=""), "a path in uri"),
    ],
)  # fmt: skip
def test_why_a_line_is_not_of_this_form(form: str, line: str, expected: str) -> None:
    flaw = form_named(form).reader(Wishes()).read(line)
    assert isinstance(flaw, Flaw)
    assert flaw.expected.startswith(expected)
    assert form != "json" or not flaw.is_silent


def test_fields_may_be_named_by_their_way() -> None:
    line = changed(
        "caddy",
        request={
            **orjson.loads(_LINES["caddy"])["request"],
            "headers": {"X-User": ["42"], "Cookie": ["s=1"], "X-Forwarded-For": ["192.0.2.9", "10.0.0.1"]},
        },
    )
    wishes = Wishes("request.headers.X-User", "request.headers.Cookie")
    found = form_named("caddy").reader(wishes).read(line)
    assert isinstance(found, Entry)
    assert (found.named, found.token, found.forwarded) == ("42", "s=1", "192.0.2.9, 10.0.0.1")


def test_a_mapping_says_which_field_holds_what() -> None:
    line = (
        '{"when": 1796045655, "who": {"ip": "192.0.2.7", "id": 42}, "what": {"verb": "GET", "path": "/a"}, "rc": 200}'
    )
    mapping = {
        "time": "when",
        "client": "who.ip",
        "user": "who.id",
        "method": "what.verb",
        "target": "what.path",
        "status": "rc",
    }
    found = form_named("json").reader(Wishes(mapping=tuple(mapping.items()))).read(line)
    assert isinstance(found, Entry)
    assert (found.client, found.user, found.method, found.target, found.status) == ("192.0.2.7", "42", "GET", "/a", 200)
    with pytest.raises(FormError, match='has no "needs"'):
        form_named("json").reader(Wishes(mapping=(("needs", "x"),)))


def test_country_and_network_are_marked_where_the_log_knows_them() -> None:
    found = form_named("cloudflare").reader(Wishes()).read(_LINES["cloudflare"])
    assert isinstance(found, Entry)
    assert found.marks == (("country", "DE"), ("asn", "64500"))


def test_an_operation_that_is_named_is_taken() -> None:
    line = changed("api-gateway-json", routeKey="GET /pets/{id}", httpMethod=None, resourcePath=None)
    found = form_named("api-gateway-json").reader(Wishes()).read(line)
    assert isinstance(found, Entry)
    assert (found.method, found.operation) == ("GET", "GET /pets/{id}")


def test_our_own_export_is_read_again() -> None:
    found = form_named("ocsf").reader(Wishes()).read(orjson.dumps(ocsf(PLAIN, version="1")).decode())
    assert isinstance(found, Entry)
    assert found.at_s == pytest.approx(PLAIN.at_s, abs=0.001)
    assert (found.method, found.status, found.client) == (PLAIN.method, PLAIN.status, PLAIN.client)
