import os

from apiward.app.watching.sources.streams import StreamSource


def test_lines_of_a_pipe_as_they_come() -> None:
    reads, writes = os.pipe()
    source = StreamSource(reads, "standard input", wait_s=0.0)
    assert source.read() is None
    os.write(writes, b"1\n2\n3")
    chunk = source.read()
    assert chunk is not None
    assert (chunk.lines, chunk.number) == (["1", "2"], 0)
    os.close(writes)
    last = source.read()
    assert last is not None
    assert (last.lines, last.number, last.name) == (["3"], 2, chunk.name)
    assert source.read() is None
    assert source.is_over
    assert source.done_bytes == 5
    source.close()
    os.close(reads)
