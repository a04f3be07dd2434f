from apiward.cli.exits import ExitCode
from tests.cli.conftest import Run

ADA = "name=ada,username=ada.brook@mail.example,password=willow-Station-27"
BEN = "name=ben,username=ben.castell@post.example,password={}"


def test_accounts_are_tried_and_what_is_missing_is_told(run: Run, weak: str) -> None:
    good = run("accounts", weak, "--account", ADA, "--account", BEN.format("copper-Meadow-63"), "--quiet")
    assert good.exit_code == ExitCode.HOLDS
    assert "  ada: customer, given, logged in\n  ben: customer, given, logged in\n" in good.stdout
    assert "No account with special rights" in good.stdout
    assert "level" not in good.stdout
    bad = run("accounts", weak, "--account", ADA, "--account", BEN.format("wrong"), "--quiet")
    assert bad.exit_code == ExitCode.NOT_ENOUGH
    assert "ben: customer, given, could not log in" in bad.stdout
    assert "Logging in with a test account did not work: POST" in bad.stdout
    assert "wrong" not in bad.stdout
