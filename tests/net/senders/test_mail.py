import asyncio
import email.policy
import ssl
from dataclasses import replace
from email import message_from_string
from email.message import EmailMessage
from typing import Any

import pytest

from apiward.core.notice import Notice, NoticeKind, NotToldError
from apiward.net.senders.mail import ENCLOSED, Mail, MailSettings, letter
from tests.net.proxy.certificates import Authority
from tests.net.senders.servers import MailPlace, mail_place, notice

Sent = tuple[list[str], MailPlace]


def _send(authority: Authority, *notices: Notice, place: dict[str, Any] | None = None, **settings: Any) -> Sent:  # noqa: ANN401
    async def run() -> Sent:
        async with mail_place(**(place or {})) as server:
            values: dict[str, Any] = {"ca_file": authority.file, "user": "guard", "password": "pw", **settings}
            mail = Mail(MailSettings("127.0.0.1", server.port, "guard@shop.example", ("ada@shop.example",), **values))
            return [await mail.send(one) for one in notices], server

    return asyncio.run(run())


def read_mail(text: str) -> EmailMessage:
    found = message_from_string(text, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def server_context(authority: Authority) -> ssl.SSLContext:
    pair = authority.sign("mail")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    return context


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.mark.parametrize("is_tls_first", [False, True])
def test_mail_goes_out_encrypted_and_later_ones_stand_in_the_thread(authority: Authority, is_tls_first: bool) -> None:  # noqa: FBT001
    place = {"tls": server_context(authority), "is_tls_first": is_tls_first}
    tls = "tls" if is_tls_first else "starttls"
    first = notice(title="Somebody\r\nBcc: eve@evil.example", link="https://shop.example/")
    (thread,), server = _send(authority, first, place=place, tls=tls)
    assert server.was_encrypted
    read = read_mail(server.letters[0])
    assert (read["Subject"], read["Bcc"], read["Message-ID"]) == ("Somebody Bcc: eve@evil.example", None, thread)
    assert read["To"] == "ada@shop.example"
    assert "57 accounts were tried." in read.get_content()
    assert any(line.startswith("AUTH") for line in server.said)
    (same,), server = _send(authority, notice(NoticeKind.MORE, thread=thread), place=place, tls=tls)
    read = read_mail(server.letters[0])
    assert (same, read["References"], read["In-Reply-To"]) == (thread, thread, thread)
    assert read["Message-ID"] != thread


def test_the_same_notice_is_the_same_mail() -> None:
    one, again = (letter(notice(), "guard@shop.example", ("ada@shop.example",)) for _ in range(2))
    assert one.as_bytes() == again.as_bytes()


def test_without_encryption_nothing_is_sent(authority: Authority) -> None:
    with pytest.raises(NotToldError, match="no encryption") as told:
        _send(authority, notice())
    assert told.value.is_final
    with pytest.raises(NotToldError, match="not trusted"):
        _send(authority, notice(), place={"tls": server_context(authority)}, ca_file=None)


def test_a_server_on_this_machine_may_do_without(authority: Authority) -> None:
    (_,), server = _send(authority, notice(), tls="none", user="")
    assert (len(server.letters), server.was_encrypted) == (1, False)


@pytest.mark.parametrize(("refuses", "is_final"), [(b"550 nobody", True), (b"451 later", False)])
def test_a_refusal_is_told(authority: Authority, refuses: bytes, is_final: bool) -> None:  # noqa: FBT001
    with pytest.raises(NotToldError, match=refuses[:3].decode()) as told:
        _send(authority, notice(), tls="none", user="", place={"refuses": refuses})
    assert told.value.is_final is is_final


def test_a_server_that_is_away_is_told() -> None:
    mail = Mail(MailSettings("127.0.0.1", 1, "guard@shop.example", ("ada@shop.example",), tls="none"))
    with pytest.raises(NotToldError, match="cannot be reached") as told:
        asyncio.run(mail.send(notice()))
    assert not told.value.is_final


def test_a_password_is_shown_nowhere() -> None:
    settings = MailSettings("h", 1, "a@b.example", (), password="s3cret")
    assert "s3cret" not in repr(settings)


def test_what_is_enclosed_arrives_byte_for_byte() -> None:
    sealed = replace(notice(NoticeKind.DIGEST), enclosed="apiward/4f2a\n7\nhash=\n\n— apiward/4f2a signed\n")
    made = letter(sealed, "guard@shop.example", ["ada@shop.example"])
    (part,) = read_mail(made.as_string()).iter_attachments()
    assert (part.get_filename(), part.get_content()) == (ENCLOSED, sealed.enclosed.encode())
    body = made.get_body()
    assert body is not None
    assert "Keep this mail" in body.get_content()
    assert list(letter(notice(), "a@shop.example", ["b@shop.example"]).iter_attachments()) == []
