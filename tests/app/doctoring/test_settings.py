"""The settings as doctor and `config check` read them: once, bounded, and everything that is wrong together."""

import json
from pathlib import Path

import pytest

from apiward.app.doctoring.settings import problems_in, whole_settings
from apiward.config.errors import AdvisedError, ConfigError
from apiward.config.scanning import ScanConfig
from apiward.config.tables import MAX_FILE_BYTES


def urls(scan: ScanConfig) -> list[str]:
    return [f"{scan.url} is odd."] if scan.url else []


def test_a_table_that_is_wrong_counts_with_its_defaults_and_the_others_stand(tmp_path: Path) -> None:
    file = tmp_path / "apiward.toml"
    file.write_text('[scan]\nurl = "http://x"\n[guard]\nupstream = "http://127.0.0.1:7"\n[notify]\ndigest = 3\n')
    found = whole_settings(file, {}, urls)
    assert (found.guard.upstream, found.notify.digest) == ("http://127.0.0.1:7", "")
    assert found.problems[0].startswith("notify.digest")
    assert found.problems[1:] == ("http://x is odd.",)
    file.write_text("[scan]\nurl = 3\n[guard]\nmode = 3\n")
    assert len(whole_settings(file, {}, urls).problems) == 2


def test_what_is_not_read_of_the_description_is_a_note(tmp_path: Path) -> None:
    paths = {"/a": {"get": {"parameters": [3]}}}
    (tmp_path / "spec.json").write_text(
        json.dumps({"openapi": "3.0.3", "info": {"title": "x", "version": "1"}, "paths": paths})
    )
    file = tmp_path / "apiward.toml"
    file.write_text('[guard]\ndescription = "spec.json"\n')
    found = whole_settings(file, {}, urls)
    assert found.problems == ()
    assert found.notes[0].startswith("The description is not read at ")


@pytest.mark.parametrize("text", [None, b"\xff", b"#" * (MAX_FILE_BYTES + 1)])
def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path, text: bytes | None) -> None:
    if text is not None:
        (tmp_path / "apiward.toml").write_bytes(text)
    with pytest.raises(ConfigError):
        whole_settings(tmp_path / "apiward.toml", {}, urls)


def test_an_attempt_says_what_it_fails_for() -> None:
    def fail() -> None:
        raise AdvisedError("No.")

    assert (problems_in(fail), problems_in(lambda: 3)) == (["No."], [])
