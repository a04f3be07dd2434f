"""Forms in which events come in and go out. One file each."""
