"""A crew of workers: many items, a few at a time, in order, stopping when told to."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


class Crew:
    """Runs work with at most `size` items under way. After `stop`, no new item is begun."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.is_stopped = False

    def stop(self) -> None:
        """Let what is under way finish, and begin nothing more."""
        self.is_stopped = True

    async def run(self, items: Iterable[Item], work: Callable[[Item], Awaitable[None]], *, size: int = 0) -> None:
        """Do `work` for each item; the first error ends it and is raised."""
        waiting = iter(items)

        async def worker() -> None:
            for item in waiting:
                if self.is_stopped:
                    return
                await work(item)

        tasks = [asyncio.create_task(worker()) for _ in range(size or self._size)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
