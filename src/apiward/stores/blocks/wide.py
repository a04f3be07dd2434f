"""Which wide blocks there are: of networks and of tenants. A guard looks for those only where there are any."""

from collections.abc import Iterable

from apiward.stores.blocks.memory import Block

NETWORK = "network:"
TENANT = "tenant:"


class Wide:
    """Keeps the wide ones apart. `lengths` are the prefix lengths of networks that are shut out."""

    def __init__(self) -> None:
        self.lengths: tuple[int, ...] = ()
        self.has_tenants = False
        self._until: dict[str, float] = {}

    def note(self, blocks: Iterable[Block]) -> None:
        """Take blocks in, or that they have ended."""
        wide = [block for block in blocks if block.key.startswith((NETWORK, TENANT))]
        for block in wide:
            if block.until_s:
                self._until[block.key] = block.until_s
            else:
                self._until.pop(block.key, None)
        if wide:
            self._sort()

    def forget(self, now_s: float) -> None:
        """Leave out what is over."""
        over = [key for key, until_s in self._until.items() if until_s <= now_s]
        for key in over:
            del self._until[key]
        if over:
            self._sort()

    def _sort(self) -> None:
        networks = [key for key in self._until if key.startswith(NETWORK)]
        self.lengths = tuple(sorted({int(key.rpartition("/")[2]) for key in networks}))
        self.has_tenants = len(networks) < len(self._until)
