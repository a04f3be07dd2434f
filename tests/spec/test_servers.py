"""Where the API stands."""

import json

from apiward.spec.reading import read_description


def test_an_empty_server_address_means_the_root_not_the_document_itself() -> None:
    document = {"openapi": "3.0.1", "servers": [{"url": ""}], "paths": {"/me": {"get": {"responses": {}}}}}
    api = read_description(json.dumps(document).encode(), source="http://127.0.0.1:5000/openapi.json")
    assert [operation.key for operation in api.operations] == ["GET /me"]
