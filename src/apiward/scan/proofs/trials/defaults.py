"""Names and passwords that frameworks, templates and panels come with, and that nobody changed."""

from typing import Final

# A few passwords for each name: who counts wrong ones begins to lock at four or more.
BY_NAME: Final = {
    "admin": ("admin", "password", "admin123"),
    "root": ("root", "password"),
    "administrator": ("administrator", "password"),
    "user": ("user", "password"),
    "test": ("test", "password"),
}
BY_ADDRESS: Final = {
    "admin@example.com": ("admin", "changethis", "password"),
    "admin@admin.com": ("password", "admin"),
    "admin@localhost": ("admin", "password"),
    "user@example.com": ("password",),
    "test@example.com": ("password", "test"),
    "test@test.com": ("password", "test"),
}
MOST_FOR_ONE: Final = 3


def pairs(*, by_address: bool | None) -> list[tuple[str, str]]:
    """Return the pairs to try: each name's first password before any second, so that few follow one another.

    People log in by their address, or by another name, or by one of both (None: nobody knows).
    """
    known = {True: BY_ADDRESS, False: BY_NAME, None: {**BY_NAME, **BY_ADDRESS}}[by_address]
    return [
        (name, passwords[turn])
        for turn in range(MOST_FOR_ONE)
        for name, passwords in known.items()
        if turn < len(passwords)
    ]
