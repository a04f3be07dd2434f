"""The stages of the guard, one file each; `guard.registry` lists them in their order."""
