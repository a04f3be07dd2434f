"""FUN07 against small APIs: a version that lacks the refusal."""

from starlette.types import Scope

from apiward.scan.checks.functions.old_version_open import CHECK
from tests.scan.checks.functions.door import behind, moved, plain, twins
from tests.scan.small_api import Case

AT = "GET /v2/admin/users"


def version_one(scope: Scope) -> Scope | None:
    path = scope["path"]
    return moved(scope, path.replace("/v1/", "/v2/")) if path.startswith("/v1/") else None


TRIGGERS: tuple[Case, ...] = (("version 1 lets in", behind(version_one, path="/v2/admin")),)
SILENT: tuple[Case, ...] = (("sound", behind(plain, path="/v2/admin")),)


test_finds_a_way_around, test_is_silent_where_every_way_is_refused = twins(CHECK, TRIGGERS, SILENT, AT)
