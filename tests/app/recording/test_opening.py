import os
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from apiward.app.guarding.place import Place
from apiward.app.guarding.telling import tell
from apiward.app.recording.opening import Store, StoreError, told
from apiward.config.guarding import EventsConfig, GuardConfig
from apiward.core.lanes import AuditKind
from apiward.stores.events.keeping import NewerStoreError
from apiward.stores.events.reading import EventReader


def place(folder: Path) -> Place:
    return Place(None, folder, folder)


def test_what_waits_is_stored_where_no_guard_runs(tmp_path: Path) -> None:
    tell(tmp_path, "A key was made.", kind=AuditKind.ADMINISTRATION, now_s=1.0)
    with Store.opened(place(tmp_path), GuardConfig()) as store:
        assert [item.event.said for item in EventReader(store.engine).events()] == ["A key was made."]
        assert store.name == str(tmp_path / "events.sqlite")


def test_a_new_database_belongs_to_whom_the_folder_belongs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(tmp_path, "x", kind=AuditKind.ADMINISTRATION, now_s=1.0)
    given: list[tuple[str, int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", lambda path, user, _, **__: given.append((Path(path).name, user)))
    with Store.opened(place(tmp_path), GuardConfig()):
        pass
    with Store.opened(place(tmp_path), GuardConfig()):
        pass
    assert given == [("events.sqlite", tmp_path.stat().st_uid)]


def test_a_spool_that_cannot_be_emptied_stops_nothing(tmp_path: Path) -> None:
    tell(tmp_path, "x", kind=AuditKind.ADMINISTRATION, now_s=1.0)
    with Store.opened(place(tmp_path), GuardConfig()):
        pass
    tell(tmp_path, "y", kind=AuditKind.ADMINISTRATION, now_s=1.0)
    (tmp_path / "spool" / "zz.spool").mkdir()
    with Store.opened(place(tmp_path), GuardConfig()) as store:
        assert len(EventReader(store.engine).events()) == 2


def test_where_nothing_is_there_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no store yet"), Store.opened(place(tmp_path), GuardConfig()):
        pass
    assert list(tmp_path.iterdir()) == []


def test_the_password_of_an_address_is_not_shown(tmp_path: Path) -> None:
    config = GuardConfig(events=EventsConfig(database="postgresql+psycopg://a:hunter2@/x?host=/nowhere"))
    with pytest.raises(StoreError) as failure, Store.opened(place(tmp_path), config):
        pass
    assert "hunter2" not in str(failure.value)


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (OperationalError("SELECT 'hunter2'", {}, Exception("database is locked\nmore")), "Another program holds it"),
        (OperationalError("", {}, Exception("database disk image is malformed")), "apiward store restore FILE"),
        (OperationalError("", {}, Exception("connection refused")), "Check that the database runs"),
        (NewerStoreError("it is of a newer version than this knows"), "Run this with the apiward that made it"),
        (PermissionError(13, "Permission denied"), "Run this as who runs the guard"),
        (ModuleNotFoundError(name="psycopg"), "psycopg is not installed"),
    ],
)
def test_what_the_database_says_becomes_words_that_help(error: Exception, word: str) -> None:
    with pytest.raises(StoreError) as failure, told("be read"):
        raise error
    assert failure.value.what == "The store cannot be read."
    assert word in str(failure.value)
    assert "hunter2" not in str(failure.value)
    assert "more" not in str(failure.value)
