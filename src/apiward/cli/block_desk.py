"""What `apiward block` does: shuts out, lets in again, lists; and says what the guard itself says of it."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from apiward.app.guarding.owners_own import own_of
from apiward.app.guarding.place import Place
from apiward.app.guarding.shut_keys import WIDE, key_of
from apiward.app.guarding.shutting import ShutDesk, Standing
from apiward.app.guarding.telling import who
from apiward.app.incidents.hitting import Others, check_hits, hit_words, nobody_knows, others_of
from apiward.app.recording.opening import Store
from apiward.cli.either import misplaced
from apiward.cli.exits import ExitCode
from apiward.cli.further import BLOCK
from apiward.cli.guarding import settings
from apiward.cli.moments import shown, span_of
from apiward.cli.speaking import say, write_out
from apiward.cli.store_places import place_of
from apiward.config.errors import AdvisedError
from apiward.config.watching import WatchConfig, load_watch
from apiward.prove.neutral import one_line, shortened

SCHEMA: Final = "apiward.blocks/1"


def block(given: Mapping[str, object]) -> int:
    """Shut out; return 3 where the guard does not say that it is so. Raises AdvisedError."""
    typed = str(given["who"])
    slip = misplaced(typed, "apiward block", BLOCK) if ":" not in typed else None
    if slip is not None:
        raise slip
    for_s = span_of(str(given["for_"]), "--for")
    reason = one_line(str(given.get("reason") or "")) or "The owner said so."
    desk = shut_desk(given)
    key, now_s = key_of(typed), time.time()
    hit = _hit(given, key, now_s) if _is_shared(key) else ""
    made = desk.shut(key, reason=reason, for_s=for_s)
    keys = [made.key]
    if given.get("end_log_ins") and made.key.startswith("user:"):
        number = desk.end_log_ins(made.key, reason=reason, for_s=for_s)
        say(f"Log-ins that were ended: {number}. Who logs in again after the block gets a new one.")
    what = f"{one_line(made.key)} is shut out until {shown(made.until_s)} UTC"
    code = _told(desk.standing(keys), what, made.key)
    if hit:
        say(hit)
    return code


def undo_block(given: Mapping[str, object]) -> int:
    """Let in again; return 3 where the guard does not say that it is so. Raises AdvisedError."""
    desk = shut_desk(given)
    undone = desk.undo(str(given["who"]))
    return _told(desk.standing([one.key for one in undone], is_out=False), f"{one_line(undone[0].key)} may come in", "")


def list_blocks(given: Mapping[str, object]) -> int:
    """List who is shut out. Raises AdvisedError."""
    desk = shut_desk(given)
    blocks = desk.listed()
    standing = desk.standing([one.key for one in blocks])
    if given.get("form") == "json":
        entries = [one._asdict() for one in blocks]
        document = {"schema": SCHEMA, "is_so": standing.is_so, "why_not": standing.why, "blocks": entries}
        write_out(json.dumps(document, indent=2) + "\n")
        return ExitCode.HOLDS
    if not blocks:
        say("Nobody is shut out.")
        return ExitCode.HOLDS
    for one in blocks:
        facts = [one_line(one.reason).rstrip("."), one.by and f"by {one.by}", one.incident and f"for {one.incident}"]
        write_out(f"{one_line(one.key)}  until {shown(one.until_s)} UTC\n")
        write_out(f"  {shortened(', '.join(filter(None, facts)), 200)}.\n")
    say("The guard says so, too." if standing.is_so else f"The guard does not say so: {standing.why}")
    return ExitCode.HOLDS


def shut_desk(given: Mapping[str, object], by: str = "") -> ShutDesk:
    """Return the desk of the guard that the options name; `by` acts there (who runs this). Raises AdvisedError."""
    file, config = settings(given)
    data = given.get("data")
    folder = Path(str(data)) if data else Place.of(file, config).data
    watch = load_watch(file) if file is not None else WatchConfig()
    return ShutDesk(folder, own_of(config, watch), by=by or who(), clock=time.time)


def _hit(given: Mapping[str, object], key: str, now_s: float) -> str:
    """Return whom it hits besides. Raises HitsOthersError where they are many and nobody said that it is worth it."""
    with _others(given) as others:
        if given.get("is_sure") or key.partition(":")[0] not in WIDE:
            return hit_words(key, others, now_s)
        check_hits((key,), others, now_s, f"apiward block '{one_line(key)}' --yes")
        return ""  # else it would have been refused


@contextmanager
def _others(given: Mapping[str, object]) -> Iterator[Others]:
    """Give what knows who fared well in a place; without a record, nobody does."""
    place, config = place_of(given)
    with ExitStack() as stack:
        others: Others = nobody_knows
        with suppress(AdvisedError):
            others = others_of(stack.enter_context(Store.opened(place, config)).engine)
        yield others


def _is_shared(key: str) -> bool:
    return key.partition(":")[0] in {"address", "operation", *WIDE}


def _told(standing: Standing, what: str, key: str) -> int:
    for line in _lines(standing, what, key):
        say(line)
    return ExitCode.HOLDS if standing.is_so else ExitCode.NOT_ENOUGH


def _lines(standing: Standing, what: str, key: str) -> Iterator[str]:
    if standing.is_so:
        yield f"{what}. The guard was asked, and says so."
    else:
        yield f"{what} as soon as the guard says so. It does not yet: {standing.why}"
    if key:
        yield f"To undo it: apiward block undo '{one_line(key)}'"
