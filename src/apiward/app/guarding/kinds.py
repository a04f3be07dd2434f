"""Keeps what was learned of kinds of objects in a file, so that it outlasts a restart and all workers know it."""

import asyncio
import contextlib
import os
from pathlib import Path
from typing import Final

import orjson

from apiward.access.ownership.book import Book
from apiward.access.ownership.marks import Marks
from apiward.access.ownership.written_book import as_json, take_in
from apiward.app.guarding.building import read_bytes
from apiward.app.guarding.log import log
from apiward.core.jsonvalue import NotJson, parse_json

KINDS: Final = "objects.json"
_EVERY_S: Final = 30.0


class BookKeeper:
    """Reads and writes the file of one guard. The workers take turns: each takes in what the others know better."""

    def __init__(self, folder: Path, pepper: bytes) -> None:
        self._path = folder / KINDS
        self.book = Book(Marks(pepper))
        self._task: asyncio.Task[None] | None = None
        self._written = b""

    def read(self) -> None:
        """Take in what stands in the file."""
        with contextlib.suppress(OSError):
            value = parse_json(read_bytes(self._path))
            if not isinstance(value, NotJson):
                take_in(self.book, value)

    def write(self) -> None:
        """Write what is known, as a whole, where it is new."""
        self.read()
        text = orjson.dumps(as_json(self.book))
        if text == self._written:
            return
        fresh = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            fresh.write_bytes(text)
            fresh.replace(self._path)
            self._written = text
        except OSError as error:
            fresh.unlink(missing_ok=True)
            log("What was learned of objects cannot be written.", level="warning", why=str(error.strerror))

    def follow(self) -> None:
        """Write every half minute from now on."""
        self._task = asyncio.get_running_loop().create_task(self._follow())

    async def stop(self) -> None:
        """Write once more, and no more."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self.write()

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_S)
            self.write()
