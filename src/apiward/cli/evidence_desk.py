"""What `apiward evidence` does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from apiward.app.breach.verifying import Verdict, verify_evidence
from apiward.app.recording.checking import own_key
from apiward.cli.exits import ExitCode
from apiward.cli.speaking import say, write_out
from apiward.cli.store_places import place_of
from apiward.config.errors import AdvisedError
from apiward.prove.neutral import one_line
from apiward.watch.evidence.bundle import FlawKind

_WORDS: Final[Mapping[FlawKind, str]] = {
    FlawKind.UNREADABLE: "The file cannot be read to its end",
    FlawKind.CHANGED: "Changed",
    FlawKind.MISSING: "Taken out",
    FlawKind.ADDED: "Added",
    FlawKind.MANIFEST: "The list of what is in it was changed",
    FlawKind.SIGNATURE: "The signature is not good",
}


def verify_bundle(given: Mapping[str, object]) -> int:
    """Check a bundle; returns the exit code. Raises AdvisedError."""
    key = str(given.get("key") or "") or _key_at_hand(given)
    verdict = verify_evidence(Path(str(given["file"])), key)
    seal = str(given.get("seal") or "").lower()
    manifest = verdict.checked.manifest
    is_other = bool(seal) and manifest is not None and manifest.head != seal
    _say(verdict, is_other=is_other)
    if not verdict.is_good or is_other:
        return ExitCode.BROKEN
    if verdict.is_trusted or seal:
        return ExitCode.HOLDS
    say("The key came from the bundle itself. Who could change the bundle could have made all of it anew.")
    say("Check with --key or --seal, from a copy that was kept elsewhere.")
    return ExitCode.NOT_ENOUGH


def _key_at_hand(given: Mapping[str, object]) -> str:
    try:
        return own_key(place_of(given)[0].data).text
    except AdvisedError:
        return ""


def _say(verdict: Verdict, *, is_other: bool) -> None:
    for flaw in verdict.checked.flaws:
        place = f": {one_line(flaw.name)}" if flaw.name else ""
        write_out(f"{_WORDS[flaw.kind]}{place}. It shows in this: {one_line(flaw.why)}.\n")
    for text in verdict.audit:
        write_out(f"{one_line(text)}\n")
    manifest = verdict.checked.manifest
    if is_other:
        write_out("The seal is another one: this is not the evidence that was frozen then.\n")
    if not verdict.is_good or is_other or manifest is None:
        return
    write_out(f"The evidence holds: {len(manifest.lines)} pieces, frozen at {one_line(manifest.made)}.\n")
    write_out(f"Its seal: {manifest.head}\n")
    write_out(f"Entries of the audit record in it: {verdict.entries}. Checkpoints that agree: {verdict.held}.\n")
    if manifest.about.get("left out"):
        write_out(f"{one_line(manifest.about['left out'])}\n")
