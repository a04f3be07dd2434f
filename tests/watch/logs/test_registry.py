# ruff: noqa: ISC004 - long lines of logs are written in pieces
"""Every form: its sample is read as it should be, is told apart from all others, and no bytes whatever hurt it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.watch.logs.guessing import guess
from apiward.watch.logs.model import MAX_LINE, Entry, Flaw, Wishes
from apiward.watch.logs.registry import ALIASES, FORMS, LogForm, form_named
from apiward.watch.logs.templates.slots import FormError
from tests.watch.logs.samples import SAMPLES, Sample

_NAMES = [f"{sample.form}-{number}" for number, sample in enumerate(SAMPLES)]
_LINES = {form.name: [sample.lines for sample in SAMPLES if sample.form == form.name] for form in FORMS}


def last(sample: Sample) -> Entry | Flaw:
    reader = form_named(sample.form).reader(Wishes())
    return [reader.read(line) for line in sample.lines][-1]


@pytest.mark.parametrize("sample", SAMPLES, ids=_NAMES)
def test_a_line_says_what_its_maker_says_it_says(sample: Sample) -> None:
    found = last(sample)
    assert isinstance(found, Entry)
    assert (found.at_s, found.client, found.method, found.target) == (
        sample.at_s,
        sample.client,
        sample.method,
        sample.target,
    )
    assert (found.status, found.answer_size, found.user, found.agent) == (
        sample.status,
        sample.answer_size,
        sample.user,
        sample.agent,
    )
    assert found.elapsed_s == pytest.approx(sample.elapsed_s)


def test_every_form_has_a_sample() -> None:
    assert {sample.form for sample in SAMPLES} == {form.name for form in FORMS}


@pytest.mark.parametrize("sample", SAMPLES, ids=_NAMES)
def test_the_form_is_found_out_by_the_first_lines(sample: Sample) -> None:
    found = guess(sample.lines, Wishes())
    assert found.form is not None
    assert found.form.name == sample.form
    assert "1 of the first 1 lines" in found.why


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@given(data=st.data())
def test_no_line_hurts(form: LogForm, data: st.DataObject) -> None:
    reader = form.reader(Wishes())
    lines = data.draw(st.sampled_from(_LINES[form.name]))
    for line in lines[:-1]:
        reader.read(line)
    at = data.draw(st.integers(0, len(lines[-1])))
    upto = data.draw(st.integers(at, len(lines[-1])))
    middle = data.draw(st.text(max_size=40) | st.sampled_from(('"', '\\"', "\\x22", "{", "[" * 2_000, "9" * 400, "\t")))
    found = reader.read(lines[-1][:at] + middle + lines[-1][upto:])
    assert isinstance(found, Entry | Flaw)
    if isinstance(found, Entry):
        assert 0 <= found.at_s < 253_402_300_800
        assert found.status == 0 or 100 <= found.status <= 999
        assert found.answer_size >= 0
        assert found.elapsed_s >= 0


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@given(noise=st.binary(max_size=300))
def test_no_bytes_hurt(form: LogForm, noise: bytes) -> None:
    for line in noise.decode("utf-8", "backslashreplace").split("\n"):
        assert isinstance(form.reader(Wishes()).read(line), Entry | Flaw)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_what_is_too_long_is_not_looked_into(form: LogForm) -> None:
    reader = form.reader(Wishes())
    lines = _LINES[form.name][0]
    for line in lines[:-1]:
        reader.read(line)
    assert isinstance(reader.read(lines[-1] + " " * MAX_LINE), Flaw)


def test_names_that_people_use() -> None:
    for alias, name in ALIASES.items():
        assert form_named(alias).name == name


@pytest.mark.parametrize(
    ("declared", "line"),
    [
        (
            "log_format shop escape=default '$remote_addr \"$request\" $status [$time_iso8601] '\n"
            "  '$request_time $upstream_response_time \"$http_x_user_id\"';",
            '192.0.2.7 "GET /a HTTP/1.1" 200 [2026-11-30T14:34:15+01:00] 0.250 0.001, 0.002 : 0.1 "42"',
        ),
        (
            'LogFormat "%h %{X-User-Id}i %t \\"%r\\" %>s %b %D" shop',
            '192.0.2.7 42 [30/Nov/2026:13:34:15 +0000] "GET /a HTTP/1.1" 200 - 250000',
        ),
        (
            'log-format "%ci:%cp [%tr] %HM %HU %ST %B %Ta %{+Q}[capture.req.hdr(0)] %[req.hdr(x-user-id)]"',
            '192.0.2.7:5533 [30/Nov/2026:13:34:15.000] GET /a 200 55 250 "h" 42',
        ),
        (
            "%h %{x-user-id}i %{%Y-%m-%dT%H:%M:%S%z}t %m %U%q %>s %{ms}T",
            "192.0.2.7 42 2026-11-30T13:34:15+0000 GET /a 200 250",
        ),
    ],
)
def test_a_declared_form_is_read_and_its_fields_can_be_named(declared: str, line: str) -> None:
    found = form_named(declared).reader(Wishes(principal="X-User-Id")).read(line)
    assert isinstance(found, Entry)
    assert (found.client, found.method, found.target, found.status, found.named) == (
        "192.0.2.7",
        "GET",
        "/a",
        200,
        "42",
    )
    assert found.at_s == SAMPLES[0].at_s
    assert found.elapsed_s == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("declared", "why"),
    [
        ("$remote_addr $request", "does not name a time, the status"),
        ("$remote_addr$status [$time_local] $request", "stand side by side"),
        ("log_format", "followed by a name"),
        ("LogFormat %h", "stands in quotes"),
        ('log-format "%ci', "not closed"),
        ("%{%s}t %h %r %s", "not one that can be read"),
        ("combind", "is no form; there are vhost, traefik"),
    ],
)
def test_a_form_that_cannot_be_used_says_why(declared: str, why: str) -> None:
    with pytest.raises(FormError, match=why):
        form_named(declared).reader(Wishes())


def test_a_field_that_is_not_there_is_said_with_those_that_are() -> None:
    with pytest.raises(FormError, match='has no field "x-user"; it has remote_addr'):
        form_named("combined").reader(Wishes(principal="x-user"))
