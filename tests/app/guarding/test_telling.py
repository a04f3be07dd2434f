import os
from pathlib import Path

import pytest

from apiward.app.guarding.sinks import open_sink
from apiward.app.guarding.telling import settings_event, tell, who
from apiward.config.guarding import GuardConfig
from apiward.core.lanes import AuditKind
from apiward.stores.events.database import open_database, sqlite_url
from apiward.stores.events.reading import EventReader
from apiward.stores.events.spool import Spool, SpoolFullError


def test_what_somebody_did_waits_for_the_next_guard_and_is_stored(tmp_path: Path) -> None:
    assert tell(tmp_path, "A key was made.", kind=AuditKind.ADMINISTRATION, now_s=7.0)
    sink = open_sink(tmp_path, tmp_path, GuardConfig(), [], [])
    sink.start()
    sink.close()
    (stored,) = EventReader(open_database(sqlite_url(tmp_path / "events.sqlite"))).events()
    assert (stored.event.kind, stored.event.said, stored.event.at_s) == ("administration", "A key was made.", 7.0)
    assert stored.event.principal == who()
    assert list((tmp_path / "spool").glob("*.spool")) == []


def test_what_root_tells_belongs_to_whom_the_data_belongs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[str, int, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", lambda path, user, group, **_: given.append((Path(path).suffix, user, group)))
    tell(tmp_path, "x", kind=AuditKind.ADMINISTRATION, now_s=7.0)
    owner = tmp_path.stat()
    assert sorted(given) == [("", owner.st_uid, owner.st_gid), (".spool", owner.st_uid, owner.st_gid)]
    given.clear()
    monkeypatch.setattr(os, "geteuid", lambda: 1_000)
    tell(tmp_path, "x", kind=AuditKind.ADMINISTRATION, now_s=7.0)
    assert given == []


def test_a_full_waiting_room_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise SpoolFullError

    monkeypatch.setattr(Spool, "append", full)
    assert not tell(tmp_path, "x", kind=AuditKind.ADMINISTRATION, now_s=7.0)


def test_a_user_without_a_name_has_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 4_123_456)
    assert who() == "owner:4123456"


def test_the_same_settings_make_the_same_event_in_every_worker() -> None:
    one, same = (settings_event("a", [("f", 1.0)], "x", now_s=now_s) for now_s in (1.0, 2.0))
    assert one.id == same.id
    assert settings_event("b", [("f", 1.0)], "x", now_s=1.0).id != one.id
    assert settings_event("a", [("f", 2.0)], "x", now_s=1.0).id != one.id
    assert settings_event("a", [("f", 1.0)], "y", now_s=1.0).id != one.id
