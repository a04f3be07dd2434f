"""Which paths name files of a website rather than operations."""

import re
from typing import Final

_FILES: Final = re.compile(
    r"(?i)\.(?:png|jpe?g|gif|webp|avif|svg|ico|css|woff2?|ttf|eot|otf|mp[34]|webm|pdf|zip|gz|scss|less|tsx?|jsx|vue|md)$"
)
_SCRIPT: Final = re.compile(r"(?i)\.(?:m?js|map)$")


def is_file(path: str) -> bool:
    """Whether a path names a picture, a style or another file that is no operation."""
    return _FILES.search(path) is not None


def is_script(path: str) -> bool:
    """Whether a path names a script or its source map."""
    return _SCRIPT.search(path) is not None
