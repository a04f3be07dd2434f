"""The cookies of a log-in: which of them opens the account, and which of them browsers send for other sites."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from apiward.core.account import Credential
from apiward.core.api import Place
from apiward.core.exchange import Exchange
from apiward.scan.calling.cookies import morsels_in
from apiward.scan.proofs.trials.trial import Trial

MAX_COOKIES: Final = 4


async def session_cookie(trial: Trial) -> Credential | None:
    """Return the one cookie of the credential that opens the account by itself, or None where none does."""
    cookies = list(parts(trial.credential))[:MAX_COOKIES]
    if len(cookies) == 1:
        return cookies[0]
    for cookie in cookies:
        if (await trial.accepts(cookie))[0]:
            return cookie
    return None


def parts(credential: Credential) -> Iterator[Credential]:
    """Yield each cookie of a credential by itself, with what goes along with it."""
    first, *rest = credential.value.split("; ")
    pairs = [(credential.name, first), *(text.partition("=")[::2] for text in rest)]
    for name, value in pairs:
        yield replace(credential, name=name, value=value)


def sent_for_others(credential: Credential, answer: Exchange) -> Credential | None:
    """Return the credential as browsers send it with requests of other sites: without cookies that are kept for one.

    None where no cookie is left. What goes along in headers stays behind: other sites cannot set them.
    """
    kept = _kept(answer)
    left = [cookie for cookie in parts(credential) if cookie.name not in kept]
    if credential.place is not Place.COOKIE or not left:
        return None
    more = "".join(f"; {cookie.name}={cookie.value}" for cookie in left[1:])
    return replace(credential, name=left[0].name, value=left[0].value + more, also=())


def _kept(answer: Exchange) -> set[str]:
    """Return the cookies that the answer sets for requests of its own site alone (SameSite)."""
    return {name for name, morsel in morsels_in(answer) if morsel["samesite"].lower() in ("lax", "strict")}
