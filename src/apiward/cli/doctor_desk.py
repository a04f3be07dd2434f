"""What `apiward doctor` does: looks, and tells what it saw, as text or JSON."""

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from apiward.app.doctoring.examining import Examined, examine
from apiward.app.doctoring.model import FILE, State
from apiward.catalogue.texts import load_texts
from apiward.cli.config_checking import scan_problems
from apiward.cli.exits import ExitCode
from apiward.cli.speaking import write_out
from apiward.config.errors import AdvisedError
from apiward.config.names import FILE_NAME
from apiward.prove.neutral import one_line

SCHEMA: Final = "apiward.doctor/1"
_CODES: Final = {State.BROKEN: ExitCode.BROKEN, State.MISSING: ExitCode.NOT_ENOUGH}


def doctor(given: Mapping[str, object]) -> int:
    """Tell what is set up; return how bad it is. Raises AdvisedError where the named settings are not there."""
    found = examine(_file(given), time.time(), data=str(given.get("data") or ""), scan_problems=scan_problems)
    if given.get("is_json") is True:
        write_out(json.dumps(_document(found), indent=2) + "\n")
    else:
        write_out("".join(f"{line}\n" for line in _lines(found)))
    return _CODES.get(found.worst, ExitCode.HOLDS)


def _file(given: Mapping[str, object]) -> Path | None:
    named = given.get("config")
    if named and not Path(str(named)).exists():
        raise AdvisedError(f"{named} is not there.", "", "Check the name after --config.")
    file = Path(str(named)) if named else Path(FILE_NAME)
    return file if file.exists() else None


def _lines(found: Examined) -> Iterator[str]:
    widest = max(len(one.name) for one in found.sights)
    for one in found.sights:
        yield f"{one.state.word:<8} {one.name:<{widest}}  {one_line(one.said)}"
        if one.command and one.state is not State.GOOD:
            yield f"{'':<8} {'':<{widest}}  {one_line(one.command)}"
    texts = load_texts(FILE)
    if found.next_command:
        yield texts.said("end.next", command=one_line(found.next_command))
    elif found.worst is State.GOOD:
        yield texts.said("end.good")


def _document(found: Examined) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "worst": found.worst.word,
        "sights": [
            {"part": one.part, "state": one.state.word, "said": one.said, "command": one.command}
            for one in found.sights
        ],
        "next_command": found.next_command,
    }
