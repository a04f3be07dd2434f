"""Rules that make answers alike, so that a refusal tells nothing, and those that leave the work to a stage."""

import json
from typing import Final

from apiward.app.patching.cases import EVERYWHERE, WHOLE_API, Case, Made, Unheld, patch
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson
from apiward.spec.meaning.failures import says_failure

LOG_IN_TEXT: Final = "The name or the password is not right."
RESET_TEXT: Final = "If there is such an account, a message is on its way."
_MAX_BODY: Final = 4_000
_STAGES: Final = {
    "AUT07": ("conduct",),
    "AUT11": ("conduct",),
    "AUT25": ("conduct",),
    "FUN03": ("protocol",),
    "FUN04": ("protocol",),
    "FUN05": ("protocol", "origin"),
    "CFG01": ("conceal",),
    "CFG02": ("conceal",),
    "CFG03": ("harden",),
    "CFG04": ("harden",),
    "CFG08": ("harden",),
    "CFG10": ("origin",),
    "CFG13": ("harden",),
    "RES03": ("protocol",),
    "RES04": ("protocol",),
    "RES05": ("protocol",),
    "RES06": ("shape", "inspect"),
    "GQL01": ("shape",),
    "GQL03": ("shape",),
    "GQL04": ("shape",),
    "GQL05": ("shape",),
}

_AROUND: Final = frozenset({"FUN03", "FUN04", "FUN05"})


def stages(case: Case) -> Made:
    """Let the stage that does this enforce here, whatever its mode is elsewhere."""
    if case.finding.check == "CFG10" and case.finding.place == "header Host":
        return Unheld("your own hosts must be named in the settings of the guard ([guard.protocol] hosts)")
    # what gets around a refusal reaches the operation from any address
    is_everywhere = case.finding.operation == WHOLE_API or case.finding.check in _AROUND
    where = EVERYWHERE if is_everywhere else case.key
    if case.finding.check.startswith("GQL"):  # often in no description, and a rule for all of a path needs none
        where = f"* {case.key.partition(' ')[2]}"
    return (patch("stages-on", where, stages=_STAGES[case.finding.check]),)


def same_answer(case: Case) -> Made:
    """Give all who are refused the answer of one of them, with a neutral text where the two differed."""
    evidence = case.finding.evidence
    if case.operation is None or evidence.control is None:
        return Unheld("the finding does not show the two answers")
    if "the time" in case.finding.saw:
        return Unheld("the answers differ in their time, which a rule cannot hide")
    is_reset = case.finding.check == "AUT10"
    pair = (evidence.attack, evidence.control)
    model = next((one for one in pair if not is_reset or not _fails(one)), evidence.control)
    body, other = _body(model), _body(pair[1] if model is pair[0] else pair[0])
    if isinstance(body, NotJson) or isinstance(other, NotJson) or not all(one.status for one in pair):
        return Unheld("an answer is no JSON that could be made alike")
    neutral = _neutral(body, other, RESET_TEXT if is_reset else LOG_IN_TEXT)
    text = json.dumps(neutral, ensure_ascii=False)
    if len(text) > _MAX_BODY or "…" in text:
        return Unheld("an answer holds more than a short text")
    statuses = tuple(sorted({one.status for one in pair}))
    more: dict[str, object] = {"every": True} if is_reset else {}
    key = case.operation.key
    return (patch("same-answer", key, statuses=statuses, status=model.status, value=text, **more),)


def _fails(exchange: Exchange) -> bool:
    body = _body(exchange)
    return exchange.status >= 400 or (not isinstance(body, NotJson) and says_failure(body))


def _body(exchange: Exchange) -> Json | NotJson:
    return exchange.response.json() if exchange.response is not None else NotJson.NOT_JSON


def _neutral(value: Json, other: Json, text: str) -> Json:
    """Return `value` with `text` where its sentences differ from those of `other`; words of state stay."""
    if isinstance(value, dict):
        below = other if isinstance(other, dict) else {}
        return {name: _neutral(child, below.get(name), text) for name, child in value.items()}
    if isinstance(value, list):
        return [_neutral(child, None, text) for child in value[:1]]
    return text if isinstance(value, str) and value != other and " " in value.strip() else value
