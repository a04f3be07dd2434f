"""The way in for inputs that describe nothing and show requests: recordings, collections, lists of commands."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import PurePath
from urllib.parse import urlsplit

from apiward.core.api import Api
from apiward.core.jsonvalue import Json
from apiward.spec.document import Document, Journal
from apiward.spec.errors import DescriptionError
from apiward.spec.learning.learner import Learner
from apiward.spec.limits import DEFAULT_LIMITS, Limits
from apiward.spec.loading import load_tree
from apiward.spec.origins import origin_of
from apiward.spec.samples.commands import command_samples, is_list
from apiward.spec.samples.describing import described
from apiward.spec.samples.har import har_samples, is_har
from apiward.spec.samples.postman import filled, is_postman, postman_samples
from apiward.spec.samples.sample import Sample


def read_samples(
    text: bytes,
    *,
    source: str,
    learner: Callable[[], Learner],
    target: str = "",
    limits: Limits = DEFAULT_LIMITS,
    clock: Callable[[], float] = time.monotonic,
) -> Api | None:
    """Return the API that recorded or written requests make, or None where `text` is of no such form.

    Of several servers, the one of the address `target` counts, else the one that is asked most. Raises
    DescriptionError where the text is of such a form, and nothing of it can be used.
    """
    start = text.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start != b"{":
        plain = text[: limits.max_bytes].decode("utf-8", "replace")
        if not is_list(plain):
            return None
        journal = Journal(limits, clock, clock())
        found = list(command_samples(plain, journal))
        return _api(found, learner(), "Requests", source, target, journal, "a list of requests")
    if b'"openapi"' in text[:2_000] or b'"swagger"' in text[:2_000]:
        return None
    return _of_tree(text, source, learner, target, limits, clock)


def _of_tree(
    text: bytes, source: str, learner: Callable[[], Learner], target: str, limits: Limits, clock: Callable[[], float]
) -> Api | None:
    tree, journal = load_tree(text, limits, clock)
    document = Document(tree, source, journal)
    if is_har(tree):
        return _api(list(har_samples(document)), learner(), "Recorded", source, target, journal, "HAR 1.2")
    if is_postman(tree):
        title = _title(tree)
        return _api(list(postman_samples(document)), learner(), title, source, target, journal, "Postman")
    return None


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
    left_out = len(samples) - len(mine)
    if left_out:
        journal.note((), f"{left_out} requests to other servers than {origin} were left out.")
    servers = (origin,) if origin else ()
    return described(
        mine, learner, title=title, source=source, dialect=dialect, servers=servers, problems=journal.all()
    )


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
