"""The file of all that a scan sent: `--har`. It is written however the scan ends."""

import os
from collections.abc import Iterator
from pathlib import Path

from apiward import __version__
from apiward.app.remembering import Remembering
from apiward.app.scanning import Sending
from apiward.cli.outputs import whole_file
from apiward.cli.speaking import say
from apiward.config.errors import AdvisedError
from apiward.core.account import Account
from apiward.prove.har import har_pieces
from apiward.prove.words import counted
from apiward.scan.engine import Scan

_LEFT_OUT = "{count} later requests are not here: the file would be too large."


class Recording:
    """What was sent in one scan, to be written to `path`. Raises AdvisedError at once where that cannot be written."""

    def __init__(self, path: Path, accounts: tuple[Account, ...], *, is_quiet: bool) -> None:
        folder = path.absolute().parent
        if path.is_dir() or not os.access(folder, os.W_OK):
            why = "It is a folder." if path.is_dir() else f"{folder} cannot be written."
            raise AdvisedError(f"{path} cannot be written.", why, "Name another file with --har.")
        self._path = path
        self._is_quiet = is_quiet
        self._given = frozenset(secret for account in accounts for secret in _secrets_of(account) if secret)
        self._scan: Scan | None = None
        self._remembering: Remembering | None = None

    def around(self, sender: Sending) -> Sending:
        """Return a sender that remembers what goes through it."""
        self._remembering = Remembering(sender, self._secrets)
        return self._remembering

    def begun(self, scan: Scan) -> None:
        """Learn which scan it is: it knows the secrets that must not stand in the file."""
        self._scan = scan

    def write(self) -> None:
        """Write the file; what hinders that is said, as the report must not be lost for it."""
        remembering = self._remembering
        if remembering is None:
            return
        comment = _LEFT_OUT.format(count=f"{remembering.left_out:,}") if remembering.left_out else ""
        try:
            with whole_file(self._path) as file:
                for piece in har_pieces(remembering.exchanges(), version=__version__, comment=comment):
                    file.write(piece.encode("utf-8", "replace"))
        except AdvisedError as error:
            say(f"What was sent could not be written. {error.what} {error.why}")
            return
        if not self._is_quiet or comment:
            count = counted(len(remembering), "request")
            say(f"What was sent is in {self._path}: {count}, secrets masked. {comment}".rstrip())

    def _secrets(self) -> frozenset[str]:
        return self._given if self._scan is None else self._given | self._scan.secrets


def _secrets_of(account: Account) -> Iterator[str]:
    yield account.password
    if account.credential is not None:
        yield account.credential.value
    if account.means is not None:
        yield from (account.means.client_secret, account.means.refresh_token)
