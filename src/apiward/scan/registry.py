"""Every check, in the order in which they run within a phase. A test holds it against the folder."""

from typing import Final

from apiward.scan.api import Check
from apiward.scan.checks.authentication import (
    jwt_confusion,
    jwt_expiry,
    jwt_none,
    jwt_unverified,
    jwt_weak_key,
    login_enumeration,
    login_throttle,
    logout_ignored,
    missing,
    password_change_ignored,
    reset_enumeration,
    signup_enumeration,
    weak_password,
)
from apiward.scan.checks.configuration import (
    cors_trust,
    error_details,
    security_headers,
    technology_disclosure,
    unneeded_methods,
)
from apiward.scan.checks.functions import anonymous as function_anonymous
from apiward.scan.checks.functions import role
from apiward.scan.checks.graphql import aliases, batches, depth, get_mutations, introspection, suggestions
from apiward.scan.checks.injection import sql
from apiward.scan.checks.inventory import answer_drift, hidden_route, old_version
from apiward.scan.checks.objects import anonymous as object_anonymous
from apiward.scan.checks.objects import change, change_body, delete, read
from apiward.scan.checks.properties import assignment_create, assignment_update, personal, secrets
from apiward.scan.checks.resources import input_slowness, page_size

CHECKS: Final[tuple[Check, ...]] = (
    read.CHECK,
    object_anonymous.CHECK,
    change.CHECK,
    change_body.CHECK,
    delete.CHECK,
    function_anonymous.CHECK,
    role.CHECK,
    assignment_create.CHECK,
    assignment_update.CHECK,
    secrets.CHECK,
    personal.CHECK,
    missing.CHECK,
    jwt_none.CHECK,
    jwt_unverified.CHECK,
    jwt_weak_key.CHECK,
    jwt_confusion.CHECK,
    jwt_expiry.CHECK,
    weak_password.CHECK,
    signup_enumeration.CHECK,
    reset_enumeration.CHECK,
    login_enumeration.CHECK,
    logout_ignored.CHECK,
    password_change_ignored.CHECK,
    login_throttle.CHECK,
    sql.CHECK,
    input_slowness.CHECK,
    page_size.CHECK,
    technology_disclosure.CHECK,
    error_details.CHECK,
    security_headers.CHECK,
    cors_trust.CHECK,
    unneeded_methods.CHECK,
    hidden_route.CHECK,
    old_version.CHECK,
    answer_drift.CHECK,
    introspection.CHECK,
    suggestions.CHECK,
    depth.CHECK,
    aliases.CHECK,
    batches.CHECK,
    get_mutations.CHECK,
)
