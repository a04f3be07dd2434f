"""The way in for descriptions, and for what only shows requests: recordings, collections, lists of commands."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import PurePath
from urllib.parse import urlsplit

from apiward.core.api import OTHER_SERVERS, Api, Problem
from apiward.core.jsonvalue import Json
from apiward.spec.document import Document, Journal
from apiward.spec.errors import DescriptionError
from apiward.spec.graphql.written import read_written_schema
from apiward.spec.learning.learner import Learner
from apiward.spec.limits import DEFAULT_LIMITS, Limits
from apiward.spec.loading import load_tree
from apiward.spec.origins import origin_of
from apiward.spec.reading import read_document
from apiward.spec.samples.commands import command_samples, is_list
from apiward.spec.samples.describing import described
from apiward.spec.samples.har import har_samples, is_har
from apiward.spec.samples.postman import filled, is_postman, postman_samples
from apiward.spec.samples.sample import Sample


def read_input(
    text: bytes,
    *,
    source: str,
    learner: Callable[[], Learner],
    target: str = "",
    limits: Limits = DEFAULT_LIMITS,
    clock: Callable[[], float] = time.monotonic,
) -> Api:
    """Return the API that a text describes, or that the requests make which it records or lists.

    Of several servers, the one of the address `target` counts, else the one that is asked most. Raises
    DescriptionError where nothing of the text can be used.
    """
    if not text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        plain = text[: limits.max_bytes].decode("utf-8", "replace")
        if is_list(plain):
            journal = Journal(limits, clock, clock())
            found = list(command_samples(plain, journal))
            return _api(found, learner(), "Requests", source, target, journal, "a list of requests")
        written = read_written_schema(text, source, limits)
        if written is not None:
            return written
    tree, journal = load_tree(text, limits, clock)
    document = Document(tree, source, journal)
    if "openapi" in tree or "swagger" in tree:
        return read_document(document)
    if is_har(tree):
        return _api(list(har_samples(document)), learner(), "Recorded", source, target, journal, "HAR 1.2")
    if is_postman(tree):
        title = _title(tree)
        return _api(list(postman_samples(document)), learner(), title, source, target, journal, "Postman")
    return read_document(document)


def _api(
    samples: list[Sample], learner: Learner, title: str, source: str, target: str, journal: Journal, dialect: str
) -> Api:
    origin = _origin(samples, target)
    mine = [one for one in samples if one.origin in {"", origin}]
    if not mine:
        why = "Pictures, pages and other files are left out." if samples or dialect == "HAR 1.2" else "It holds none."
        reasons = [f"{one.pointer}: {one.message}" for one in journal.all()[:3]]
        raise DescriptionError(
            f"{PurePath(urlsplit(source).path).name or source} holds no request to an API.",
            " ".join([why, *reasons]),
            "Record while somebody uses the API, or name another file.",
        )
    left_out, problems = len(samples) - len(mine), journal.all()
    if left_out:
        said = f"{left_out} requests to other servers than {origin} were left out."
        problems = (*problems, Problem(OTHER_SERVERS, said))
    servers = (origin,) if origin else ()
    return described(mine, learner, title=title, source=source, dialect=dialect, servers=servers, problems=problems)


def _origin(samples: Iterable[Sample], target: str) -> str:
    counts = Counter(one.origin for one in samples if one.origin)
    wanted = origin_of(target)
    if wanted in counts or not counts:
        return wanted if wanted in counts else ""
    return counts.most_common(1)[0][0]


def _title(tree: dict[str, Json]) -> str:
    info = tree.get("info")
    name = info.get("name") if isinstance(info, dict) else None
    return filled(name, {})[:200] if isinstance(name, str) else "Collection"
