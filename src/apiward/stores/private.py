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
    os.close(descriptor)
    give_to_owner(path, path.parent)


def give_to_owner(path: Path, folder: Path) -> None:
    """Give a file that root made to who owns the folder: a guard that runs as somebody else must be able to use it.

    What a link leads to is never given away: whoever owns the folder may have put the link there.
    """
    if os.geteuid() == 0:
        owner = folder.stat()
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
