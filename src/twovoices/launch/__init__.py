"""Starting and keeping the course: what ``course.py`` hands over to once the environment exists."""
