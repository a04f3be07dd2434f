"""Where lines come from: files that grow and are exchanged, archives, standard input, the journal."""
