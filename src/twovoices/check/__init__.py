"""All content checks, grouped as well-formed, playable, fair and humane; each message says where and how to mend."""
