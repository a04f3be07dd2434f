import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.watch.logs.agents import family_of


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        ("", ""),
        ("-", ""),
        ("curl/8.5.0", "curl"),
        ("python-requests/2.32", "python-requests"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "firefox"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36", "chrome"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "edge"),
        ("Mozilla/5.0 (Macintosh) AppleWebKit/605.1 (KHTML, like Gecko) Version/17.4 Safari/605.1.15", "safari"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "googlebot"),
        ("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "ahrefsbot"),
        ("sqlmap/1.8#stable (https://sqlmap.org)", "sqlmap"),
        ("Mozilla/5.0 (compatible; Nmap Scripting Engine)", "nmap"),
        ("\u4f60\u597d", "other"),
    ],
)
def test_families(agent: str, family: str) -> None:
    assert family_of(agent) == family


@given(agent=st.text(max_size=2_000))
def test_a_family_is_short_and_in_small_letters(agent: str) -> None:
    found = family_of(agent)
    assert len(found) <= 40
    assert found == found.lower()
