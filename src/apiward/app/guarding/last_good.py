"""What a guard last ran well with. A worker that begins takes it where what stands there now cannot be used."""

import os
from pathlib import Path
from typing import Final

SETTINGS: Final = "last-good.toml"
DESCRIPTION: Final = "last-good-description"


def keep(folder: Path, name: str, text: bytes) -> None:
    """Keep `text` under a name: whole, or not at all. Nothing to keep leaves what is there."""
    if not text:
        return
    fresh = folder / f".{name}.{os.getpid()}"
    fresh.write_bytes(text)
    fresh.replace(folder / name)
