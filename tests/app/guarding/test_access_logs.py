from pathlib import Path

import pytest

from apiward.app.guarding.access_logs import read_access_log
from apiward.config.errors import AdvisedError

COMBINED = '192.0.2.7 - - [30/Nov/2026:10:00:01 +0000] "GET /orders/7?page=2 HTTP/1.1" 200 12 "-" "app/1 \\"x\\""'
COMMON = '192.0.2.8 - anna [30/Nov/2026:11:00:02 +0100] "POST /orders HTTP/2.0" 201 -'


def saved(folder: Path, *lines: str) -> Path:
    path = folder / "access.log"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_both_forms_are_read(tmp_path: Path) -> None:
    one, other = read_access_log(saved(tmp_path, COMBINED, COMMON))
    assert (one.method, one.target, one.client) == ("GET", "/orders/7?page=2", "192.0.2.7")
    assert one.answer is not None
    assert one.answer.status == 200
    assert other.answer is not None
    assert (other.method, other.answer.status) == ("POST", 201)
    assert one.started_s is not None
    assert other.started_s is not None
    assert other.started_s - one.started_s == 1
    assert dict(other.headers)[b"authorization"] == b"Basic YW5uYTo="
    assert b"authorization" not in dict(one.headers)


def test_lines_that_are_none_are_left_out(tmp_path: Path) -> None:
    strange = '192.0.2.7 - - [x] "\\x16\\x03" 400 0 "-" "-"'
    assert len(read_access_log(saved(tmp_path, COMBINED, strange, COMMON, ""))) == 2


def test_a_time_that_is_none_harms_nothing(tmp_path: Path) -> None:
    (case,) = read_access_log(saved(tmp_path, COMBINED.replace("30/Nov", "99/Foo")))
    assert case.started_s is None


def test_a_file_of_another_form_is_told(tmp_path: Path) -> None:
    with pytest.raises(AdvisedError, match="cannot be read as an access log"):
        read_access_log(saved(tmp_path, "hello", "world", COMMON, "again"))
