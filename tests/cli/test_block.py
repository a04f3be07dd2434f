import json
import time
from pathlib import Path

from apiward.cli.exits import ExitCode
from apiward.core.watching import WatchStep
from tests.app.incidents.made import watched
from tests.cli.conftest import Run
from tests.cli.incident_store import kept
from tests.stores.events.made import event


def test_what_is_shut_out_is_listed_and_undone(run: Run) -> None:
    Path(".apiward").mkdir()
    made = run("block", "user:42", "--for", "2h", "--reason", "guessed passwords")
    assert made.exit_code == ExitCode.NOT_ENOUGH  # no guard runs: nothing is held off yet
    assert "No guard runs here now." in made.stderr
    assert "apiward block undo 'user:42'" in made.stderr
    listed = run("block", "list")
    assert "user:42  until" in listed.stdout
    assert "guessed passwords, by owner:" in listed.stdout
    document = json.loads(run("block", "list", "--format", "json").stdout)
    assert (document["schema"], document["is_so"]) == ("apiward.blocks/1", False)
    assert document["blocks"][0]["key"] == "user:42"
    undone = run("block", "undo", "user:42")
    assert "user:42 may come in" in undone.stderr
    assert "Nobody is shut out." in run("block", "list").stderr


def test_the_store_is_looked_into_only_for_keys_that_many_share(run: Run) -> None:
    store = Path(".apiward") / "events.sqlite"
    store.parent.mkdir()
    store.touch()
    assert "user:42 is shut out" in run("block", "user:42").stderr
    assert store.stat().st_size == 0, "it would have been brought up to date"
    assert "address:198.51.100.5 is shut out" in run("block", "address:198.51.100.5").stderr
    assert store.stat().st_size > 0


def test_log_ins_are_ended_with_it(run: Run) -> None:
    Path(".apiward").mkdir()
    said = run("block", "user:42", "--end-log-ins").stderr
    assert "Log-ins that were ended: 0." in said


def test_your_own_is_spared(run: Run) -> None:
    Path(".apiward").mkdir()
    Path("apiward.toml").write_text(
        '[guard.origin]\nnever_block = ["203.0.113.0/24"]\n'
        '[watch.seeing]\nown_accounts = ["user:1"]\nown_addresses = ["198.51.100.9"]\n'
    )
    for key in ("address:203.0.113.7", "address:198.51.100.9", "user:1"):
        refused = run("block", key)
        assert (refused.exit_code, "your own" in refused.stderr) == (ExitCode.USAGE, True)
    assert "Nobody is shut out." in run("block", "list").stderr


def test_slips_are_told(run: Run) -> None:
    assert "no guard's data" in run("block", "user:42").stderr
    assert "apiward block list" in run("block", "lst").stderr
    assert "no span of time" in run("block", "user:42", "--for", "soon").stderr
    assert run("block", "user:42", "--for", "0h").exit_code == ExitCode.USAGE
    Path("apiward.toml").write_text("[watch.seeing]\nown_adresses = []\n")
    assert 'Did you mean "own_addresses"' in run("block", "list").stderr


def test_many_are_shut_out_together_only_where_that_hits_nobody_or_one_is_sure(run: Run) -> None:
    kept("address:198.51.100.66")
    with watched(Path(".apiward")) as here:
        at_s = time.time() - 60
        here.record.commit(WatchStep(events=[event(1, client="198.51.100.5", principal="user:7", at_s=at_s)]))
    refused = run("block", "network:198.51.100.77/24")
    assert refused.exit_code == ExitCode.NOT_ENOUGH
    assert "1 caller fared well there: they would be hit, too." in refused.stderr
    assert "apiward block 'network:198.51.100.0/24' --yes" in refused.stderr
    assert "Nobody is shut out." in run("block", "list").stderr
    done = run("block", "network:198.51.100.77/24", "--yes").stderr
    assert "network:198.51.100.0/24 is shut out until" in done
    assert "It also hits 1 caller who fared well there in the last week." in done
    assert "network:203.0.113.0/24 is shut out until" in run("block", "network:203.0.113.0/24").stderr
    assert "It also hits 1 caller" in run("block", "address:198.51.100.5").stderr
    assert "It also hits" not in run("block", "address:198.51.100.66").stderr
    assert "may come in" in run("block", "undo", "network:198.51.100.0/24").stderr


def test_without_a_record_nobody_knows_whom_it_hits(run: Run) -> None:
    Path(".apiward").mkdir()
    assert "Nobody knows whom it would hit" in run("block", "tenant:acme").stderr
    assert "tenant:acme is shut out until" in run("block", "tenant:acme", "--yes").stderr
