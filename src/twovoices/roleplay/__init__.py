"""The client: a conversation whose replies follow a small, finite state. Pure: no files, no widgets."""
