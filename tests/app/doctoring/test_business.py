from dataclasses import replace
from pathlib import Path

import pytest

from apiward.app.doctoring.business import (
    look_at_accounts,
    look_at_channels,
    look_at_exercise,
    look_at_guard,
    look_at_scan,
    look_at_settings,
)
from apiward.app.doctoring.model import State
from apiward.app.guarding.place import Place
from apiward.app.incidents.following import note_tested
from apiward.config.guarding import GuardConfig
from apiward.config.notifying import ChannelConfig, NotifyConfig
from apiward.config.scanning import ScanConfig
from apiward.core.account import Account
from apiward.prove.standing import GuardState
from tests.prove.reports.made import NOW_S, SCAN, known

DAY_S = 86_400.0
MAIL = ChannelConfig(name="mail", kind="ntfy", address="https://ntfy.example", to=("x",))


def no_problems(_: ScanConfig) -> tuple[str, ...]:
    return ()


@pytest.mark.parametrize(
    ("text", "state", "word"),
    [
        (None, State.LATER, "There is no apiward.toml here."),
        (b'[scan]\nurl = "http://localhost:8000"\n', State.GOOD, "is right."),
        (b"[guard]\nlisten = 3\n[notify]\ndigest = 3\n", State.BROKEN, "notify.digest"),
        (b"[scan]\nodd = 1\n", State.BROKEN, "odd"),
        (b"\xff", State.BROKEN, "Some bytes are no UTF-8."),
    ],
)
def test_settings_are_read_as_all_commands_read_them(
    tmp_path: Path, text: bytes | None, state: State, word: str
) -> None:
    file = tmp_path / "apiward.toml"
    if text is not None:
        file.write_bytes(text)
    seen, _ = look_at_settings(file if text is not None else None, {}, no_problems)
    assert (seen.state, word in seen.said) == (state, True)


def test_rules_that_no_guard_would_take_are_told(tmp_path: Path) -> None:
    file = tmp_path / "apiward.toml"
    file.write_text("")
    (tmp_path / "apiward.rules.toml").write_text("[[patch]]\nodd = 1\n")
    assert look_at_settings(file, {}, no_problems)[0].state is State.BROKEN
    assert look_at_settings(tmp_path / "gone.toml", {}, no_problems)[0].state is State.BROKEN


@pytest.mark.parametrize(
    ("guard", "state"),
    [(GuardState.ABSENT, State.MISSING), (GuardState.WATCHES, State.LATER), (GuardState.ENFORCES, State.GOOD)],
)
def test_a_guard_that_only_watches_is_not_missing(guard: GuardState, state: State) -> None:
    seen = look_at_guard(guard, GuardConfig(upstream="http://127.0.0.1:9"))
    assert seen.state is state
    assert ("http://127.0.0.1:9" in seen.command) is (guard is GuardState.ABSENT)


def test_scans_age_and_may_have_reached_too_little(tmp_path: Path) -> None:
    place, config = Place(None, tmp_path, tmp_path / ".apiward"), GuardConfig()
    assert look_at_scan(known(), place, config).said == "It is 1 day old, and reached 100 % of what your API can do."
    old = look_at_scan(known(scan=replace(SCAN, at_s=NOW_S - 31 * DAY_S)), place, config)
    assert (old.state, old.said) == (State.MISSING, "It is 31 days old.")
    little = look_at_scan(known(scan=replace(SCAN, answered=SCAN.answered[:1])), place, config)
    assert (little.state, little.command) == (State.MISSING, "apiward report")
    none = look_at_scan(known(scan=None), place, config)
    assert none.command == f"apiward scan http://localhost:8000 --store {tmp_path / '.apiward'}"


@pytest.mark.parametrize(
    ("given", "last", "how"),
    [(0, 0, "None is"), (1, 0, "There is one."), (0, 2, "There are 2."), (3, 1, "There are 3.")],
)
def test_two_accounts_are_needed_of_whatever_origin(given: int, last: int, how: str) -> None:
    config = ScanConfig(accounts=tuple(Account(f"a{number}") for number in range(given)))
    assert look_at_accounts(config, known(scan=replace(SCAN, accounts=last))).said.startswith(how)
    assert look_at_accounts(ScanConfig(), known(scan=None)).state is State.MISSING


def test_a_channel_counts_once_it_has_taken_a_message(tmp_path: Path) -> None:
    config, folder = NotifyConfig(channels=(MAIL,)), tmp_path / "data"
    assert look_at_channels(NotifyConfig(), folder, NOW_S).state is State.MISSING
    untried = look_at_channels(config, folder, NOW_S)
    assert (untried.state, untried.command) == (State.MISSING, "apiward notify test mail")
    note_tested(folder, "mail", NOW_S)
    assert look_at_channels(config, folder, NOW_S).state is State.LATER
    assert look_at_channels(replace(config, digest="08:00"), folder, NOW_S).state is State.GOOD
    assert look_at_channels(config, folder, NOW_S + 91 * DAY_S).state is State.MISSING
    (folder / "outbox.sqlite").write_bytes(b"no database" * 100)
    assert look_at_channels(config, folder, NOW_S).state is State.MISSING


def test_an_exercise_counts_for_a_year() -> None:
    assert look_at_exercise(known()).said == "The last one was 9 days ago."
    assert look_at_exercise(replace(known(), exercise_s=None)).command == "apiward drill"
    assert look_at_exercise(replace(known(), exercise_s=NOW_S - 400 * DAY_S)).state is State.LATER
