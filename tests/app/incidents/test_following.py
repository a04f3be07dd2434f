import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward.app.guarding.place import Place
from apiward.app.incidents.following import OUTBOX, seal_of, telling
from apiward.app.recording.checking import check_audit, own_key
from apiward.app.recording.opening import Store
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.config.notifying import ChannelConfig, NotifyConfig
from apiward.core.notice import Notice, NoticeKind
from apiward.net.senders.mail import letter
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.record.checkpoints import Checkpoint, read_checkpoints
from tests.app.incidents.made import Keeping, Watched, seen, watched
from tests.app.incidents.test_telling import turn
from tests.cli.test_notify import place


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Watched]:
    with watched(tmp_path) as made:
        yield made


def config(address: str) -> NotifyConfig:
    return NotifyConfig(channels=(ChannelConfig("hook", "ntfy", address=address, to=("alarms",)),), gather_s=0.0)


def test_people_are_told_while_watching(here: Watched, tmp_path: Path) -> None:
    with place() as server:
        with telling(here.record, config(server.address), tmp_path, tmp_path, turn_s=0.01):
            now_s = time.time()
            here.take(seen(now_s, first_s=now_s), now_s=now_s)
            ends_s = time.monotonic() + 20
            while not server.posted and time.monotonic() < ends_s:
                time.sleep(0.01)
        assert [posted.json["topic"] for posted in server.posted] == ["alarms"]


def test_what_cannot_be_used_is_told_before_it_begins(here: Watched, tmp_path: Path) -> None:
    wrong = NotifyConfig(channels=(ChannelConfig("t", "teams", address_env="NOT_SET_ANYWHERE"),))
    with (
        pytest.raises(AdvisedError, match="NOT_SET_ANYWHERE"),
        telling(here.record, wrong, tmp_path, tmp_path),
    ):
        pass
    with telling(here.record, NotifyConfig(), tmp_path / "nowhere", tmp_path):
        pass


def test_a_store_that_is_away_ends_nothing(here: Watched, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Away:
        def __getattr__(self, name: str) -> object:
            raise OSError("it is away")

    with telling(Away(), config("http://127.0.0.1:1"), tmp_path, tmp_path, turn_s=0.01):  # type: ignore[arg-type]
        time.sleep(0.1)
    assert capsys.readouterr().err.count("Nothing can be told now") == 1
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / OUTBOX).mkdir()
    with telling(here.record, config("http://127.0.0.1:1"), tmp_path / "b", tmp_path):
        pass
    assert "the outbox cannot be used" in capsys.readouterr().err


def test_the_summary_of_the_day_has_a_checkpoint_that_holds(here: Watched, tmp_path: Path) -> None:
    engine = open_database(sqlite_url(tmp_path / "events.sqlite"))
    seal = seal_of(engine, tmp_path)
    (one,) = here.take(seen())
    note = seal(1_796_040_000.0)
    (checkpoint,) = read_checkpoints(note, own_key(tmp_path))
    assert isinstance(checkpoint, Checkpoint)
    assert checkpoint.size >= 1
    hook = Keeping()
    teller = here.teller(hook.channel(), digest="08:00")
    teller._checkpoint = seal
    assert turn(teller, 0.0, 21.0) == 1
    assert turn(teller, 86_400.0) == 1
    told, summary = hook.notices
    assert (told.subject, told.enclosed, summary.kind) == (one.id, "", NoticeKind.DIGEST)
    (later,) = read_checkpoints(summary.enclosed, own_key(tmp_path))
    assert isinstance(later, Checkpoint)
    assert later.size > checkpoint.size
    saved = tmp_path / "audit.checkpoint"
    saved.write_bytes(_attached(summary))
    place = Place(None, tmp_path, tmp_path)
    with Store.opened(place, GuardConfig()) as store:
        check = check_audit(store, (saved,))
    assert (check.verified.flaws, check.verified.held) == ((), 1)
    engine.dispose()


def _attached(notice: Notice) -> bytes:
    (part,) = letter(notice, "shop@shop.example", ["ada@shop.example"]).iter_attachments()
    found = part.get_content()
    assert isinstance(found, bytes)
    return found


def test_a_store_that_is_away_leaves_the_summary_without_one(
    here: Watched, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_database(sqlite_url(tmp_path / "other" / "events.sqlite"))
    assert seal_of(engine, tmp_path)(0.0) == ""
    assert "without a checkpoint" in capsys.readouterr().err
