"""Files that are for their owner alone from their first moment on."""

import os
from pathlib import Path


def made_private(path: Path) -> None:
    """Make an empty file where there is none, which others cannot read. Raises OSError where a link stands there.

    What SQLite makes beside its file later gets the rights of that file.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        if path.is_symlink():
            raise OSError(f"{path} is a link, and it should be a file") from None
        return
    try:
        folder = path.parent.stat()
        if os.geteuid() == 0:  # the guard may run as somebody else, and must be able to use it
            os.fchown(descriptor, folder.st_uid, folder.st_gid)
    finally:
        os.close(descriptor)
