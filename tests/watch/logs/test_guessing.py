from apiward.watch.logs.guessing import guess, looks_like
from apiward.watch.logs.model import Wishes
from tests.watch.logs.samples import SAMPLES

_LINES = {sample.form: sample.lines[-1] for sample in SAMPLES}


def test_a_few_odd_lines_do_not_change_what_it_is() -> None:
    lines = [_LINES["combined"]] * 9 + ["kernel panic"]
    found = guess(lines, Wishes())
    assert found.form is not None
    assert found.form.name == "combined"
    assert found.why == "9 of the first 10 lines are of this form"


def test_more_detail_wins() -> None:
    found = guess([_LINES["nginx"], _LINES["nginx"], _LINES["combined"]], Wishes())
    assert found.form is not None
    assert found.form.name == "combined", "it reads all three"


def test_what_is_no_log_is_said() -> None:
    assert guess([], Wishes()).why == "there is no line to tell by"
    assert guess(["", " "], Wishes()).form is None
    found = guess(["<html>", "<body>"], Wishes())
    assert found.form is None
    assert found.why == "no known form; line 1 looks like XML or a web page"


def test_what_a_line_looks_like() -> None:
    assert looks_like("") == "an empty line"
    assert looks_like("\x00\x01\x02" * 10) == "no text"
    assert looks_like('2026/11/30 13:34:15 [error] 12#12: *1 open() "/x" failed') == "an error log of nginx"
    assert looks_like("[Mon Nov 30 13:34:15.123456 2026] [core:error] [pid 1] x") == "an error log of Apache"
    assert looks_like('[{"a": 1}]') == "a list of JSON; write one object a line"
    assert looks_like('{"a": 1}') == "JSON"
    assert looks_like("Nov 30 13:34:15 web sshd[1]: x") == "lines of syslog"
    assert looks_like("hello") == "a text of its own form"
    assert looks_like(_LINES["caddy"]) == 'Caddy (format = "caddy")'


def test_a_wish_that_one_form_cannot_fulfil_does_not_hide_it() -> None:
    found = guess([_LINES["combined"]], Wishes(principal="http_x_user"))
    assert found.form is not None
    assert found.form.name == "combined"
