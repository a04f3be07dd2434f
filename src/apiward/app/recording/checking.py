"""Checks the audit record of a store against checkpoints that were kept elsewhere."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from apiward.app.guarding.upkeep import AUDIT_KEY, DAY_S, checkpoint_files, signer_of
from apiward.app.recording.opening import Store, StoreError, told
from apiward.stores.events.database import snapshot
from apiward.stores.record.checkpoints import MAX_FILE, BadCheckpoint, Checkpoint, read_checkpoints
from apiward.stores.record.signing import PublicKey
from apiward.stores.record.verifying import Flaw, Verified, verify


@dataclass(frozen=True, slots=True)
class Check:
    """What a check gave. `unused` says, a sentence each, which checkpoints or files counted for nothing."""

    verified: Verified
    checkpoints: int
    unused: tuple[str, ...]


def check_audit(
    store: Store, files: Iterable[Path], key_text: str = "", progress: Callable[[int], None] = lambda _: None
) -> Check:
    """Read the whole audit record, and hold it against the checkpoints in `files`, or in those of the settings."""
    given = tuple(files)
    found: list[Checkpoint] = []
    unused: tuple[str, ...] = ("No guard has signed the record yet.",)
    if given or key_text or (store.folder / AUDIT_KEY).exists():
        key = _parsed(key_text) if key_text else own_key(store.folder)
        places = given or checkpoint_files(store.folder, store.base, store.config)
        found, unused = _read(places, key, are_named=bool(given))
    with told("be read"), snapshot(store.engine) as connection:
        keep_s = store.config.record.audit_days * DAY_S
        for said in verify(connection, found, now_s=time.time(), keep_s=keep_s):
            if isinstance(said, Verified):
                return Check(said, len(found), unused)
            progress(said)
    raise RuntimeError("verify ends with what it found")


def own_key(folder: Path) -> PublicKey:
    """Return the key with which the guard in `folder` signs."""
    if not (folder / AUDIT_KEY).exists():
        raise StoreError(
            f"There is no key to check with: {folder / AUDIT_KEY} does not exist.",
            "A guard makes it at its start.",
            "Name the key with --key, as apiward audit-log key printed it.",
        )
    with told("be checked"):
        try:
            return signer_of(folder).public
        except ValueError as error:
            raise StoreError(
                f"{folder / AUDIT_KEY} cannot be used.", f"{error}.", "Put it back from a copy."
            ) from error


def read_checkpoint_files(files: Iterable[Path], key_text: str) -> tuple[list[Checkpoint], tuple[str, ...]]:
    """Return the checkpoints in files that are signed with that key, and why others count for nothing."""
    return _read(files, _parsed(key_text), are_named=True)


def _parsed(text: str) -> PublicKey:
    try:
        return PublicKey.parse(text)
    except ValueError as error:
        raise StoreError("The key cannot be used.", f"{error}.", "Copy the whole line.") from None


def _read(files: Iterable[Path], key: PublicKey, *, are_named: bool) -> tuple[list[Checkpoint], tuple[str, ...]]:
    found: list[Checkpoint] = []
    unused: list[str] = []
    for path in files:
        try:
            text = _text(path)
        except OSError as error:
            if are_named:
                raise StoreError(f"{path} cannot be read.", f"{error.strerror}.", "Check the name.") from error
            unused.append(f"{path} cannot be read: {error.strerror}.")
            continue
        for one in read_checkpoints(text, key):
            if isinstance(one, BadCheckpoint):
                unused.append(f"{path}, line {one.line}, counts for nothing: {one.why}.")
            else:
                found.append(one)
    return found, tuple(unused)


def _text(path: Path) -> str:
    with path.open("rb") as file:
        text = file.read(MAX_FILE + 1)
    if len(text) > MAX_FILE:
        raise OSError(27, "it is too large")
    return text.decode("utf-8", "replace")


__all__ = ["Check", "Flaw", "check_audit", "own_key", "read_checkpoint_files"]
