"""Any bytes as a request and its answer, through the whole engine, with every stage and the demo's description."""

import json
import tempfile
import time
from pathlib import Path
from typing import Final

import atheris

with atheris.instrument_imports(include=["apiward"]):
    from apiward.core.call import Answer, Call
    from apiward.demo.description import document
    from apiward.spec.reading import read_description
    from apiward.stores.events.rows import packed
    from tests.guarded.engines import judged, whole_engine

from fuzz.running import run

_API: Final = read_description(json.dumps(document()).encode(), source="demo")
_HOME: Final = Path(tempfile.mkdtemp())
_ENGINES: Final = (whole_engine(_HOME, _API), whole_engine(_HOME, None))
_METHODS: Final = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "QUERY", ""]
_PATHS: Final = [(operation.base_path + operation.path).encode() for operation in _API.operations]
_NAMES: Final = b"""host content-type content-length transfer-encoding content-encoding authorization cookie
x-api-key x-forwarded-for forwarded connection expect range origin access-control-request-method accept
signature signature-input content-digest dpop x-user-id x_user_id upgrade te""".split()
_KINDS: Final = b"""application/json application/x-www-form-urlencoded multipart/form-data;boundary=b text/plain
application/xml application/graphql application/x-ndjson application/octet-stream""".split()


def call_of(data: atheris.FuzzedDataProvider) -> Call:
    """Return a request that is made of the bytes."""
    path: bytes = data.PickValueInList(_PATHS) if data.ConsumeBool() else b"/"
    path += data.ConsumeBytes(data.ConsumeIntInRange(0, 40))
    headers = [(b"host", b"shop.test"), (b"content-type", data.PickValueInList(_KINDS))]
    for _ in range(data.ConsumeIntInRange(0, 5)):
        name = data.PickValueInList(_NAMES) if data.ConsumeBool() else data.ConsumeBytes(12).lower()
        headers.append((name, data.ConsumeBytes(data.ConsumeIntInRange(0, 80))))
    return Call(
        data.PickValueInList(_METHODS),
        path,
        data.ConsumeBytes(data.ConsumeIntInRange(0, 60)),
        headers,
        data.PickValueInList(["192.0.2.7", "::1", "", "odd"]),
        http_version=data.PickValueInList(["1.1", "1", "2"]),
        started_s=time.time(),
    )


def target(raw: bytes) -> None:
    """Judge one request: nothing is raised, no stage fails, and what was said can be told and kept."""
    data = atheris.FuzzedDataProvider(raw)
    engine, sink = _ENGINES[data.ConsumeIntInRange(0, 1)]
    call = call_of(data)
    kind: bytes = data.PickValueInList(_KINDS)
    answer = Answer(data.PickValueInList([200, 201, 401, 404, 500]), [(b"content-type", kind)])
    answer.body = data.ConsumeBytes(data.ConsumeIntInRange(0, 400))
    said = judged(engine, call, data.ConsumeBytes(4_096), answer)
    if said is not None:
        json.loads(engine.refusal(call, said).body or b"{}")
    assert all(ruling.decision.rule != "guard.stage-failed" for ruling in call.rulings), call.rulings
    assert sink.last is not None
    packed(sink.last)


if __name__ == "__main__":
    run(target, "engine")
