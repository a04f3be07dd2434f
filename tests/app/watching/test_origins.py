import pytest

from apiward.app.watching.origins import origin_of

_OWN = ("10.0.0.0/8",)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),  # who is no proxy of ours may say what he likes
        ("10.0.0.2", "198.51.100.1, 10.0.0.9", "198.51.100.1"),
        ("10.0.0.2", "6.6.6.6, 198.51.100.1, 10.0.0.9", "198.51.100.1"),
        ("10.0.0.2", "for=198.51.100.1;proto=https", "198.51.100.1"),
        ("10.0.0.2", "nonsense", "10.0.0.2"),
        ("10.0.0.2:5000", "", "10.0.0.2"),
        ("[2001:db8:0::7]:443", "", "2001:db8::7"),
        ("2001:DB8::7", "", "2001:db8::7"),
        ("::ffff:192.0.2.7", "", "192.0.2.7"),
        ("host.example", "198.51.100.1", "host.example"),
        ("192.0.2.007", "", "192.0.2.007"),
    ],
)
def test_the_true_address(peer: str, forwarded: str, client: str) -> None:
    assert origin_of(_OWN)(peer, forwarded) == client


def test_without_proxies_of_our_own_nobody_is_believed() -> None:
    assert origin_of(())("10.0.0.2", "198.51.100.1") == "10.0.0.2"
    with pytest.raises(ValueError, match="trusted_proxies"):
        origin_of(("x",))
