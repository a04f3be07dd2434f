"""What keeps the store in order: removing what is old, erasing a person, signing, copying, moving."""
