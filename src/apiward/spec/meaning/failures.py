"""Whether the body of an answer says "no": status codes are hints, as weak APIs may refuse with 200."""

from typing import Final

from apiward.core.jsonvalue import Json

_FAIL_WORDS: Final = frozenset(
    "fail failed failure error errors ko nok denied unauthorized unauthorised forbidden invalid rejected false".split()
)
_STATE_KEYS: Final = frozenset("status result state outcome type success ok succeeded is_success issuccess".split())
_ERROR_KEYS: Final = frozenset("error errors err exception fault error_message errormessage error_code".split())
_CODE_KEYS: Final = frozenset("code statuscode status_code status".split())
_HOLDERS: Final = ("meta", "response")


def says_failure(value: Json) -> bool:
    """Whether a body says that what was asked was not done: at its top, or in its `meta` or `response`."""
    if not isinstance(value, dict):
        return False
    below = [child for key, child in value.items() if key in _HOLDERS and isinstance(child, dict)]
    return any(_is_failure(body) for body in (value, *below))


def _is_failure(body: dict[str, Json]) -> bool:
    for key, value in body.items():
        name = key.lower()
        if name in _STATE_KEYS and _means_no(value):
            return True
        if name in _ERROR_KEYS and value not in (None, False, "", 0, [], {}):
            return True
        if name in _CODE_KEYS and _is_error_code(value):
            return True
    return False


def _means_no(value: Json) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in _FAIL_WORDS
    return value is False


def _is_error_code(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 400 <= value < 600
