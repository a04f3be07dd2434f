"""Mail over SMTP: encrypted, with later notices in the thread of the first."""

import asyncio
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from apiward.catalogue.incidents import load_incident_words
from apiward.core.notice import Notice, NotToldError

TIMEOUT_S: Final = 20.0
ENCLOSED: Final = "audit.checkpoint"
"""The name of what is enclosed. It goes as bytes: no mail server may change an end of a line that was signed."""
_LONGEST_SUBJECT: Final = 200


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Which server takes the mail, and from whom to whom it goes. `tls`: starttls, tls, or none."""

    host: str
    port: int
    sender: str
    to: Sequence[str]
    tls: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None


class Mail:
    """Implements `core.notice.NoticeSender`. Without encryption where that was agreed, no mail is sent at all."""

    can_follow = True

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    async def send(self, notice: Notice) -> str:
        """Hand the mail to the server, in a thread."""
        message = letter(notice, self._settings.sender, self._settings.to)
        try:
            await asyncio.to_thread(self._deliver, message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = sorted({code for code, _ in error.recipients.values()})
            is_final = all(code >= 500 for code in codes)
            raise NotToldError(f"The mail server takes no recipient ({codes[0]}).", is_final=is_final) from None
        except smtplib.SMTPResponseException as error:
            final = error.smtp_code >= 500
            raise NotToldError(f"The mail server answered with {error.smtp_code}.", is_final=final) from None
        except smtplib.SMTPNotSupportedError:
            raise NotToldError("The mail server offers no encryption, or no log-in.", is_final=True) from None
        except ssl.SSLCertVerificationError as error:
            raise NotToldError(f"The mail server's certificate is not trusted: {error.verify_message}.") from None
        except (OSError, smtplib.SMTPException) as error:
            raise NotToldError(f"The mail server cannot be reached: {type(error).__name__}.") from None
        return notice.thread or message_id(notice, self._settings.sender)

    def _deliver(self, message: EmailMessage) -> None:
        settings = self._settings
        if settings.tls == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=TIMEOUT_S, context=self._context()
            )
        else:
            connection = smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_S)
        with connection:
            if settings.tls == "starttls":
                connection.starttls(context=self._context())
            if settings.user:
                connection.login(settings.user, settings.password)
            refused = connection.send_message(message, settings.sender, list(settings.to))
        if refused:
            raise smtplib.SMTPRecipientsRefused(refused)

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self._settings.ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


def letter(notice: Notice, sender: str, to: Sequence[str]) -> EmailMessage:
    """Return the mail: plain text, with headers by which readers put it into the right thread."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = ", ".join(to)
    message["Subject"] = " ".join(notice.title.split())[:_LONGEST_SUBJECT]
    message["Date"] = format_datetime(datetime.fromtimestamp(notice.at_s, UTC))
    message["Message-ID"] = message_id(notice, sender)
    message["Auto-Submitted"] = "auto-generated"
    if notice.thread:
        message["In-Reply-To"] = message["References"] = notice.thread
    enclosed = load_incident_words().said("message.enclosed") if notice.enclosed else ""
    message.set_content("\n\n".join(filter(None, (*notice.lines, notice.link, enclosed))) + "\n")
    if notice.enclosed:
        message.add_attachment(
            notice.enclosed.encode(), maintype="application", subtype="octet-stream", filename=ENCLOSED
        )
    return message


def message_id(notice: Notice, sender: str) -> str:
    """Return the id of the mail: the same notice has the same one, so that a repeated mail is seen as one."""
    return f"<{sha256(notice.id.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"
