from pathlib import Path

from apiward.cli.exits import ExitCode
from tests.app.standing.made import finding, scan, store_in
from tests.cli.conftest import Run
from tests.cli.test_notify import TOML, place


def test_the_week_is_shown_or_sent(run: Run) -> None:
    with store_in(Path(), scan(finding())):
        pass
    shown = run("digest")
    assert (shown.exit_code, "Your week: grade D" in shown.stdout) == (ExitCode.HOLDS, True)
    assert "There is no channel" in run("digest", "--send").stderr
    with place() as server:
        Path("apiward.toml").write_text(TOML.format(address=server.address))
        sent = run("digest", "--send", HOOK_SECRET="s3cret")
        assert (sent.exit_code, sent.stderr, sent.stdout) == (ExitCode.HOLDS, "The channel hook took it.\n", "")
        assert server.posted[0].json["type"] == "incident.digest"
        server.answers = [(401, b"")]
        refused = run("digest", "--send", HOOK_SECRET="s3cret")
        assert (refused.exit_code, "did not take it" in refused.stderr) == (ExitCode.NOT_ENOUGH, True)
