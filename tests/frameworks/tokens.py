"""A log-in service for tests: one shared secret."""

from pathlib import Path
from typing import Final

from joserfc import jwt
from joserfc.jwk import OctKey

SECRET: Final = "only-for-tests-" + "k" * 40


def settings_in(folder: Path) -> dict[str, object]:
    """Return the table [guard] with the log-in service; writes its secret into `folder`."""
    (folder / "secret").write_text(SECRET)
    return {"issuers": [{"issuer": "https://id.test", "secret_file": str(folder / "secret")}]}


def token(user: str = "ada", roles: tuple[str, ...] = ("staff",), *, now_s: float) -> str:
    """Return a token that is good for an hour from now."""
    claims = {"iss": "https://id.test", "sub": user, "roles": list(roles), "exp": int(now_s) + 3600}
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
