"""The table of last days: which line a version belongs to, and slips in the data are named."""

from datetime import date

import pytest

from apiward.catalogue.end_of_life import load_end_of_life, read_end_of_life
from apiward.catalogue.loading import CatalogueError

HEAD = 'checked_on = 2026-11-30\nsource = "s"\n'


@pytest.mark.parametrize(
    ("product", "version", "line"),
    [
        ("php", "7.4.33", "7.4"),
        ("php", "7.40.1", None),
        ("php", "4.4.9", "5.2"),
        ("php", "8.5.1", None),
        ("python", "3.1.5", None),
        ("python", "3.10.2", "3.10"),
        ("openssl", "1.1.1k", "1.1.1"),
        ("openssl", "1.1.12", None),
        ("openssl", "1.0.0k", "1.0.0"),
        ("openssl", "0.9.7m", "0.9.8"),
        ("apache", "2.4.62", None),
    ],
)
def test_a_version_belongs_to_its_line(product: str, version: str, line: str | None) -> None:
    found = load_end_of_life().products[product].end_of(version)
    assert (found[0] if found else None) == line


def test_the_table_says_its_age_and_source() -> None:
    table = load_end_of_life()
    assert table.checked_on >= date(2026, 11, 30)
    assert table.source
    for product in table.products.values():
        assert list(product.ends) == sorted(product.ends, key=lambda one: tuple(map(int, one.split("."))))


@pytest.mark.parametrize(
    "text",
    [
        "a = ",
        'source = "s"\n[products]\n',
        f'{HEAD}[products.PHP]\ntitle = "P"\n"1.0" = 2020-01-01\n',
        f'{HEAD}[products.php]\ntitle = "P"\n',
        f'{HEAD}[products.php]\n"1.0" = 2020-01-01\n',
        f'{HEAD}[products.php]\ntitle = "P"\n"1.x" = 2020-01-01\n',
        f'{HEAD}[products.php]\ntitle = "P"\n"1.0" = "soon"\n',
    ],
)
def test_a_slip_is_named(text: str) -> None:
    with pytest.raises(CatalogueError):
        read_end_of_life(text)
