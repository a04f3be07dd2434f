from email.parser import BytesParser
from email.policy import HTTP

from apiward.scan.calling.multipart import Upload, encoded


def test_a_reader_of_mail_finds_fields_and_files_and_no_name_breaks_out() -> None:
    raw = bytes(range(256))
    kind, body = encoded([("title", "Kim & Ähre")], [Upload("photo", 'a"b\r\nX: y.png', "image/png", raw)])
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    title, photo = message.iter_parts()
    assert title.get_payload(decode=True) == "Kim & Ähre".encode()
    assert (photo.get_content_type(), photo.get_filename(), photo["X"]) == ("image/png", "a%22b%0D%0AX: y.png", None)
    assert photo.get_param("name", header="content-disposition") == "photo"
    assert body.endswith(raw + b"\r\n--apiward-part-7f3c1b--\r\n")
