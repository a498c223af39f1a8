"""Reading the course's content: strict YAML for authors, compiled JSON for running."""
