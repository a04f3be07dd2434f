from apiward.app.watching.sources.heads import head_of, id_prefix


def test_the_first_line_that_is_no_comment_names_a_file() -> None:
    head = head_of(b"#x\n\nfirst\nsecond\n", is_whole=False)
    assert head
    assert head_of(b"first\nother\n", is_whole=False) == head
    assert head_of(b"first", is_whole=True) == head


def test_a_line_that_is_not_whole_names_nothing() -> None:
    assert head_of(b"", is_whole=True) == ""
    assert head_of(b"fir", is_whole=False) == ""
    assert head_of(b"#x\nfir", is_whole=False) == ""
    assert head_of(b"#x\n", is_whole=True) == ""
    assert head_of(b"x" * 5_000, is_whole=False) == head_of(b"x" * 9_000 + b"\n", is_whole=False)


def test_equal_files_of_two_servers_are_two() -> None:
    assert id_prefix("web1", "a") != id_prefix("web2", "a")
