"""Whether a text is an attack, in any layer of decoding. Pure, bounded, linear; never raises.

A field of which nothing is known is judged by `bodies.inspect_field`, which also picks the profile. What this cannot
do: see what the application makes of a text. So a lone `../picture.png`, `1 or 2`, `http://localhost:3000` and
`{{name}}` pass, and a bare word such as `id` is no command.
"""

from collections.abc import Iterator
from typing import Final

from apiward.inspection.decoding import MARKS, hidden_text, layers, sound
from apiward.inspection.detectors import DETECTORS
from apiward.inspection.model import NEEDED, NO_CLASSES, Classes, Hit, Profile, View
from apiward.inspection.profiles import profile_of
from apiward.inspection.signs import Signs

CHUNK: Final = 8_192
"""Characters judged at once; longer texts are judged in chunks that overlap."""
OVERLAP: Final = 512
MAX_TEXT: Final = 1_048_576
"""Characters judged of one text. Of a longer one, the first and the last half of this are."""
BARE: Final = 16
"""Letters and digits alone are no attack where they are fewer."""
HIDDEN_NEEDS: Final = 0.6
"""The score that a text inside base64 or hex needs: nobody has typed it, and tokens look like it."""

_SIGNS: Final = Signs(DETECTORS, MARKS)
_ANY_DETECTOR: Final = (1 << len(DETECTORS)) - 1
_MARKED: Final = 1 << len(DETECTORS)


def inspect_text(text: str, profile: Profile = Profile.VALUE, passed: Classes = NO_CLASSES) -> Hit | None:
    """Return the first attack that `text` shows, in any layer of decoding, or None; none of the classes `passed`."""
    if len(text) < BARE and text.isalnum():
        return None
    if len(text) <= CHUNK:
        return _inspect(text, profile, passed)
    return next((hit for chunk in chunks_of(text) if (hit := _inspect(chunk, profile, passed)) is not None), None)


def chunks_of(text: str) -> Iterator[str]:
    """Yield the overlapping pieces in which a long text is judged; more of them for more text, up to a bound."""
    if len(text) > MAX_TEXT:
        text = text[: MAX_TEXT // 2] + "\n" + text[-MAX_TEXT // 2 :]
    for start in range(0, len(text), CHUNK - OVERLAP):
        yield text[start : start + CHUNK]


def _inspect(text: str, profile: Profile, passed: Classes) -> Hit | None:
    if not text.isascii():
        text = sound(text)
    low = text.lower()
    bits = _SIGNS.of(low)
    hit = _judge(View(text, low, profile), bits, NEEDED[profile], passed) if bits & _ANY_DETECTOR else None
    if hit is not None:
        return hit
    if bits & _MARKED or not text.isascii() or (len(text) >= 16 and hidden_text(text) is not None):
        return _inspect_layers(text, profile, passed)
    return None


def _inspect_layers(text: str, profile: Profile, passed: Classes) -> Hit | None:
    path: tuple[str, ...] = ()
    needed = NEEDED[profile]
    for name, decoded in layers(text):
        path = (*path, name)
        if name in {"base64", "hex"}:
            needed = max(needed, HIDDEN_NEEDS, NEEDED[profile_of("", decoded)])
        low = decoded.lower()
        hit = _judge(View(decoded, low, profile, path), _SIGNS.of(low), needed, passed)
        if hit is not None:
            return hit
    return None


def _judge(view: View, bits: int, needed: float, passed: Classes) -> Hit | None:
    for place, detector in enumerate(DETECTORS):
        if bits >> place & 1:
            seen = detector.look(view)
            if seen is not None and seen.score >= needed and detector.attack not in passed:
                return Hit(detector.attack, seen.rule, seen.score, view.layer, seen.why)
    return None
