"""Draws docs/images/try.svg from a real tour: `python docs/images/make_try.py`. Most findings are left out."""
# ruff: noqa: INP001 - a script beside the picture that it draws

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

PICTURE: Final = Path(__file__).with_name("try.svg")
WIDTH: Final = 84
FINDINGS: Final = 2


def main() -> None:
    """Run the tour in an empty folder, keep its beginning and its end, draw it."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "COLUMNS": str(WIDTH - 4)}
        command = [sys.executable, "-m", "apiward", "try", "--color"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder, env=env)  # noqa: S603 - ours
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(f"$ apiward try\n\n{_shortened(done.stdout)}"))
    # The font would come from another host: a picture loads nothing.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", console.export_svg(title="apiward try"), flags=re.DOTALL)
    PICTURE.write_text(re.sub(r"\s*<!-- Generated with Rich.*?-->", "", svg), "utf-8")


def _shortened(output: str) -> str:
    """Return the summary, the first findings, the line that says what else there is, and how the story ends."""
    parts = output.split("\n\n")
    more = next(part for part in parts if re.match(r"(\x1b\[[\d;]*m)*and \d+ more", part))
    story = next(part for part in parts if part.startswith("The guard was put"))
    return "\n\n".join([*parts[: 1 + FINDINGS], "...", more, "...", f"{story}\n"])


if __name__ == "__main__":
    main()
