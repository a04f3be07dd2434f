"""Check digits: cards (ISO/IEC 7812 annex B), Aadhaar (Verhoeff 1969) and IBAN (ISO 13616, mod 97-10)."""

from typing import Final

_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
# Multiplication in the dihedral group D5, and the permutation of each position, by Verhoeff.
_D5: Final = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
_PERMUTED: Final = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 5, 7, 6, 2, 8, 3, 0, 9, 4),
    (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
    (9, 4, 5, 3, 1, 2, 6, 8, 7, 0),
    (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5),
    (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)


def luhn_holds(digits: str) -> bool:
    """Return whether the last of `digits` (0-9 only) is the Luhn check digit of the others."""
    backwards = [int(digit) for digit in reversed(digits)]
    return (sum(backwards[0::2]) + sum(_DOUBLED[digit] for digit in backwards[1::2])) % 10 == 0


def verhoeff_holds(digits: str) -> bool:
    """Return whether the last of `digits` (0-9 only) is the Verhoeff check digit of the others."""
    state = 0
    for place, digit in enumerate(reversed(digits)):
        state = _D5[state][_PERMUTED[place % 8][int(digit)]]
    return state == 0


def mod97_holds(iban: str) -> bool:
    """Return whether `iban` (A-Z and 0-9, no spaces) has the right two check digits."""
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1
