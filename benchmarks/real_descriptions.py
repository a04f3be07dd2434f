"""Read real descriptions and compare with a naive count: `python benchmarks/real_descriptions.py FILE...`.

Exit code 1 if any operation is lost. The count is made by the loaders of json and PyYAML, not by ours.
"""

import json
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from apiward.spec.errors import DescriptionError
from apiward.spec.reading import read_description

Tree: TypeAlias = Any

_METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


def _naive_count(text: bytes) -> int:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    tree = json.loads(text) if text.lstrip()[:1] == b"{" else yaml.load(text, Loader=loader)
    items = [_followed(tree, item) for item in (tree.get("paths") or {}).values()]
    methods = [key for item in items if isinstance(item, dict) for key in item if key in _METHODS]
    return len(methods)


def _followed(tree: Tree, item: Tree) -> Tree:
    reference = item.get("$ref", "") if isinstance(item, dict) else ""
    for step in reference.removeprefix("#/").split("/") if reference.startswith("#/") else ():
        item = tree = tree[step.replace("~1", "/").replace("~0", "~")]
    return item


def _report(path: Path) -> bool:
    text = path.read_bytes()
    started = time.perf_counter()
    try:
        api = read_description(text, source=path.name)
    except DescriptionError as error:
        print(f"{path.name:34} not read: {error}")
        return False
    seconds = time.perf_counter() - started
    tracemalloc.start()
    read_description(text, source=path.name)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    naive = _naive_count(text)
    print(
        f"{path.name:34} {api.dialect:12} {len(api.operations):5} of {naive:5} operations "
        f"{len(api.problems):4} problems {seconds:7.2f} s {peak:7.1f} MB peak"
    )
    return len(api.operations) == naive


def main(names: list[str]) -> int:
    """Report every file and say whether one lost anything."""
    if not names:
        print(__doc__)
        return 2
    results = [_report(Path(name)) for name in names]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
