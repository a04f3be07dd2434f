"""Fields of forms in which a picture belongs, and a small picture for them."""

import base64
from typing import Final

from apiward.core.api import Body, Operation
from apiward.core.schema import Schema
from apiward.scan.calling import multipart
from apiward.scan.calling.multipart import Upload
from apiward.spec.meaning import naming

_PICTURES: Final = frozenset(
    "image images img photo photos picture pictures pic pics avatar logo icon favicon thumbnail thumb banner portrait "
    "screenshot selfie headshot".split()
)
_MEANT: Final = ("image", "photo", "picture", "png", "jpeg", "avatar", "logo")
PICTURE: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
"""One grey point, as PNG."""


def form_of(operation: Operation) -> Body | None:
    """Return the form with files that the operation takes."""
    return next((body for body in operation.bodies if body.media_type == multipart.MEDIA_TYPE), None)


def picture_field(operation: Operation) -> str:
    """Return the field of the operation's form in which a picture belongs; empty where there is none."""
    form = form_of(operation)
    files = [(name, one) for name, one in (form.schema.properties.items() if form else ()) if _is_file(one)]
    fixed = [part for part in naming.segments(operation.path) if not naming.is_template(part)]
    for name, schema in files:
        if _PICTURES & set(naming.words(name)) or any(word in schema.description.lower() for word in _MEANT):
            return name
    # `PUT /me/avatar` with a field `file`
    is_about_one = len(files) == 1 and bool(_PICTURES & set(naming.words(fixed[-1] if fixed else "")))
    return files[0][0] if is_about_one else ""


def _is_file(schema: Schema) -> bool:
    return schema.format == "binary" or (schema.items is not None and schema.items.format == "binary")


def picture(field: str, name: str) -> Upload:
    """Return a small picture of that name."""
    return Upload(field, f"{name}.png", "image/png", PICTURE)
