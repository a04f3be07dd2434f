import json
from pathlib import Path

from apiward.cli.exits import ExitCode
from tests.cli.conftest import Run


def test_people_are_added_listed_changed_and_removed(run: Run) -> None:
    assert "Nobody can log in." in run("people", "list").stderr
    added = run("people", "add", "Anna")
    assert added.exit_code == ExitCode.HOLDS
    (link,) = added.stdout.splitlines()
    assert link.startswith("http://127.0.0.1:8181/welcome/")
    assert "No page runs here now." in added.stderr
    secret = link.rpartition("/")[2]
    assert secret not in added.stderr
    again = run("people", "add", "anna")
    assert (again.exit_code, "apiward people reset anna" in again.stderr) == (ExitCode.USAGE, True)
    assert run("people", "add", "two words").exit_code == ExitCode.USAGE
    assert "anna is viewer now." in run("people", "role", "anna", "viewer").stderr
    document = json.loads(run("people", "list", "--format", "json").stdout)
    assert document["people"] == [
        {"name": "anna", "role": "viewer", "has_password": False, "has_second_step": False, "sessions": 0}
    ]
    anew = run("people", "reset", "anna", "--second-step")
    assert anew.stdout.strip() not in {"", link}
    assert run("people", "list").stdout.splitlines()[1].split() == ["anna", "viewer", "no", "no", "0"]
    gone = run("people", "remove", "anna")
    assert (gone.exit_code, "may not log in any more" in gone.stderr) == (ExitCode.HOLDS, True)
    lost = run("people", "reset", "anna")
    assert (lost.exit_code, "nobody called" in lost.stderr) == (ExitCode.USAGE, True)


def test_the_link_leads_to_where_the_settings_say_that_the_page_is(run: Run) -> None:
    Path("apiward.toml").write_text(
        '[page]\nlisten = "0.0.0.0:8443"\nnames = ["page.shop.example"]\n'
        'certificate_file = "page.pem"\nkey_file = "page.key"\n'
    )
    assert run("people", "add", "anna").stdout.startswith("https://page.shop.example:8443/welcome/")
