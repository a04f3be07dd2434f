"""Writes single settings into apiward.toml: what a person wrote there (comments, order) stays as it is."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from apiward.config.errors import ConfigError
from apiward.config.rules_file import alone
from apiward.config.tables import MAX_FILE_BYTES

Problems = Callable[[str], tuple[str, ...]]
"""Returns what is wrong with the text of a settings file, a sentence each."""


class ChangedError(ConfigError):
    """The file is not as it was when somebody decided to change it."""


def digest_of(text: str) -> str:
    """Return a short name of what a file says, by which it is told whether it still says so."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def settings_text(path: Path) -> str:
    """Return the file as it stands. Raises ConfigError where it cannot be read or is too large."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_FILE_BYTES + 1).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"{path} cannot be read.", "", "Make it readable.") from None
    if len(text) > MAX_FILE_BYTES:
        raise ConfigError(f"{path} cannot be used.", "It is larger than 1 MB.", "Take out what is not needed.")
    return text


def set_value(path: Path, table: str, key: str, value: object, *, seen: str, problems: Problems) -> tuple[str, str]:
    """Write one setting where the file still says what `seen` is the digest of; return it before and after.

    Raises ChangedError where it does not, ConfigError where the whole would be no good; then nothing is written.
    """
    import tomlkit  # noqa: PLC0415 - late: only what writes needs it
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415 - the same

    def changed(before: str) -> str:
        try:
            document = tomlkit.parse(before)
            if table not in document:
                document[table] = tomlkit.table()
            document[table][key] = value
        except (TOMLKitError, TypeError) as error:
            raise ConfigError(f"{path} cannot be changed.", f"{error}.", "Put it right by hand.") from None
        return tomlkit.dumps(document)

    return _exchange(path, changed, seen, problems)


def put_back(path: Path, text: str, *, seen: str, problems: Problems) -> None:
    """Let the file say `text` again, where it still says what `seen` is the digest of. Raises as `set_value` does."""
    _exchange(path, lambda _: text, seen, problems)


def _exchange(path: Path, change: Callable[[str], str], seen: str, problems: Problems) -> tuple[str, str]:
    path = path.resolve()  # what a link leads to is changed, and the link stays
    with alone(path.parent):
        before = settings_text(path)
        if digest_of(before) != seen:
            why = f"{path.name} was changed meanwhile, by hand or by somebody else at this page."
            raise ChangedError("Nothing was written.", why, "Look at the settings again, then decide.")
        after = change(before)
        if found := problems(after):
            why = "\n".join(f"- {one}" for one in found)
            raise ConfigError(f"{path} would be no good with this change.", why, "Nothing was written.")
        _write(path, after)
    return before, after


def _write(path: Path, text: str) -> None:
    """Exchange the file as a whole; it keeps its owner and its rights."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    was = path.stat()
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        if os.geteuid() == 0:
            os.chown(fresh, was.st_uid, was.st_gid)
        fresh.chmod(was.st_mode & 0o777)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise ConfigError(f"{path} cannot be written.", f"{error.strerror}.", "Make the folder writable.") from None
