"""What names, operations and bodies of an API mean, judged by what is described: one place for all engines."""
