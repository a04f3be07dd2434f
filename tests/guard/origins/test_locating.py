import os
import sys
from ipaddress import ip_address
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.guard.origins import locating
from apiward.guard.origins.locating import load_locating

TABLE = """1.0.0.0\t1.0.0.255\t13335\tUS\tCLOUDFLARENET
1.0.1.0\t1.0.3.255\t0\tNone\tNot routed
198.51.100.0\t198.51.100.127\tAS64500\tDE\tA, name with "quotes"
2001:db8::\t2001:db8:0:ffff:ffff:ffff:ffff:ffff\t64501\tFR\tX
"""


def written(folder: Path, text: str, name: str = "ip2asn.tsv") -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("address", "marks"),
    [
        ("1.0.0.7", {"asn": "13335", "country": "US"}),
        ("1.0.2.7", {}),
        ("198.51.100.0", {"asn": "64500", "country": "DE"}),
        ("198.51.100.127", {"asn": "64500", "country": "DE"}),
        ("198.51.100.128", {}),
        ("0.0.0.0", {}),
        ("2001:db8:0:7::1", {"asn": "64501", "country": "FR"}),
        ("2001:db9::1", {}),
        ("", {}),
        ("nowhere", {}),
    ],
)
def test_where_an_address_is_stands_in_the_table(tmp_path: Path, address: str, marks: dict[str, str]) -> None:
    found = load_locating(written(tmp_path, TABLE))
    assert found is not None
    for _ in range(2):
        assert dict(found.marks(address)) == marks


def test_two_files_say_more_than_one_and_none_says_nothing(tmp_path: Path) -> None:
    assert load_locating("", "") is None
    networks = written(tmp_path, "198.51.100.0,198.51.100.255,64500\n", "asn.csv")
    countries = written(tmp_path, "# of today\n\n198.51.0.0,198.51.255.255,de\n", "country.csv")
    both = load_locating(networks, countries)
    assert both is not None
    assert both.marks("198.51.100.7") == (("asn", "64500"), ("country", "DE"))
    assert both.marks("198.51.7.7") == (("country", "DE"),)


def test_the_names_of_columns_are_passed_over(tmp_path: Path) -> None:
    for names in ("range_start\trange_end\tAS_number\tcountry_code\tname\n", '"start","end","cc"\n'):
        found = load_locating(written(tmp_path, names + TABLE))
        assert found is not None
        assert dict(found.marks("1.0.0.7")) == {"asn": "13335", "country": "US"}


def test_of_ranges_in_ranges_the_inner_one_counts(tmp_path: Path) -> None:
    table = "192.0.0.0,192.0.255.255,1\n192.0.2.0,192.0.2.255,2\n192.0.2.0,192.0.2.7,3\n"
    found = load_locating(written(tmp_path, table))
    assert found is not None
    for address, number in (("192.0.1.1", "1"), ("192.0.2.7", "3"), ("192.0.2.8", "2"), ("192.0.3.1", "1")):
        assert found.marks(address) == (("asn", number),)


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    name = written(tmp_path, "198.51.100.0,198.51.100.255,64500,DE\n")
    first = load_locating(name)
    written(tmp_path, "198.51.100.0,198.51.100.255,64501,FR\n")
    os.utime(name, (1, 1))
    second = load_locating(name)
    assert first is not None
    assert second is not None
    assert [dict(one.marks("198.51.100.7"))["country"] for one in (first, second)] == ["DE", "FR"]


def test_a_file_that_cannot_be_used_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"provider_file: no\.tsv cannot be read"):
        load_locating(str(tmp_path / "no.tsv"))
    with pytest.raises(ValueError, match=r"country_file: no\.tsv cannot be read"):
        load_locating("", str(tmp_path / "no.tsv"))
    with pytest.raises(ValueError, match=r"ip2asn\.tsv cannot be read: line 2 does not begin with two addresses"):
        load_locating(written(tmp_path, "1.0.0.0,1.0.0.255,1,US\n1.0.0.0,2001:db8::,1,US\n"))
    for text in ("a,b,1\n", "1.0.0.0,b,country\n", "# names\nstart,end,number\n"):
        with pytest.raises(ValueError, match="does not begin with two addresses"):
            load_locating(written(tmp_path, text))
    monkeypatch.setitem(sys.modules, "maxminddb", None)
    with pytest.raises(ValueError, match=r"GeoLite2-ASN\.mmdb cannot be read"):
        load_locating(written(tmp_path, "x", "GeoLite2-ASN.mmdb"))
    monkeypatch.setattr(locating, "MOST_LINES", 1)
    with pytest.raises(ValueError, match="more than 1 lines"):
        load_locating(written(tmp_path, TABLE, "long.tsv"))
    monkeypatch.setattr(locating, "MOST_BYTES", 10)
    with pytest.raises(ValueError, match="is larger than"):
        load_locating(written(tmp_path, TABLE, "large.tsv"))


def test_files_of_maxmind_are_read_where_the_package_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: dict[str, dict[str, object]] = {
        "198.51.100.7": {"autonomous_system_number": 64500, "country": {"iso_code": "DE"}},
        "198.51.100.8": {"country": {"iso_code": 7}},
    }
    reader = SimpleNamespace(get=answers.get)
    monkeypatch.setitem(sys.modules, "maxminddb", SimpleNamespace(open_database=lambda _: reader))
    found = load_locating(written(tmp_path, "x", "GeoLite2.mmdb"))
    assert found is not None
    assert found.marks("198.51.100.7") == (("asn", "64500"), ("country", "DE"))
    assert (found.marks("198.51.100.8"), found.marks("198.51.100.9")) == ((), ())


def test_memory_stays_bounded_by_the_most_recent_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locating, "_MOST_KEPT", 8)
    found = load_locating(written(tmp_path, TABLE))
    assert found is not None
    for number in range(100):
        found.marks(f"1.0.0.{number}")
    assert len(found._known) <= 8


@given(
    st.lists(
        st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**16)),
        min_size=1,
        max_size=8,
        unique_by=lambda one: one[0],
    )
)
def test_ranges_are_found_as_one_finds_them_by_looking_at_each(
    tmp_path_factory: pytest.TempPathFactory, ranges: list[tuple[int, int]]
) -> None:
    starts = sorted(start for start, _ in ranges)
    ends = dict(zip(starts, [*(one - 1 for one in starts[1:]), 2**32 - 1], strict=True))
    spans = [(start, min(start + size, ends[start])) for start, size in ranges]
    rows = [f"{ip_address(a)},{ip_address(b)},{i + 1}" for i, (a, b) in enumerate(spans)]
    found = load_locating(written(tmp_path_factory.mktemp("t"), "\n".join(rows)))
    assert found is not None
    for start, end in spans:
        for number in (start, end, min(end + 1, 2**32 - 1)):
            expected = [str(i + 1) for i, (a, b) in enumerate(spans) if a <= number <= b]
            assert [value for _, value in found.marks(str(ip_address(number)))] == expected


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), min_size=1, max_size=8, unique=True))
def test_ranges_that_overlap_are_found_as_one_finds_them_by_looking_at_each(
    tmp_path_factory: pytest.TempPathFactory, ranges: list[tuple[int, int]]
) -> None:
    rows = [f"{ip_address(start)},{ip_address(start + size)},{i + 1}" for i, (start, size) in enumerate(ranges)]
    found = load_locating(written(tmp_path_factory.mktemp("t"), "\n".join(rows)))
    assert found is not None
    for number in range(45):
        around = [(-start, size, i + 1) for i, (start, size) in enumerate(ranges) if start <= number <= start + size]
        assert found.marks(str(ip_address(number))) == tuple(("asn", str(one[2])) for one in sorted(around)[:1])
