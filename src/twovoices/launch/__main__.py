"""The commands of ``course.py`` that concern the course's folder itself."""

import argparse
import sys
from pathlib import Path

from . import copies, lab, locks, place, testing


def main(words: list[str]) -> int:
    """Do one command; return its exit code."""
    if words[:1] == ["test"]:
        return testing.run(place.course(), words[1:])
    asked = _parser().parse_args(words)
    course = place.course()
    work = course / "work"
    if asked.command == "start":
        return lab.start(course, lab.Wishes(asked.teach, asked.shared, asked.browser, asked.port))
    if asked.command == "lock":
        return locks.make(course, asked.upgrade)
    if lab.running(course / ".course" / "learn" / "runtime"):
        raise place.Problem("The course is open in another window. Close it there (Ctrl-C), then do this again.")
    if asked.command == "update":
        changes = copies.bring_over(asked.old, course, work)
        print("\n".join(changes.sentences()) or "There was nothing to bring over that is not here already.")
    else:
        pages, cleared = copies.clear_outputs(work)
        print(
            f"{cleared} of {pages} pages showed something; none does now. Your answers and your own words are as they were."
        )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python course.py", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    start = commands.add_parser("start", help="open the course")
    start.add_argument("--no-browser", dest="browser", action="store_false", help="print the address and open nothing")
    start.add_argument("--port", type=_port, help="use this port")
    start.add_argument("--shared", action="store_true", help="erase everything when the course is closed")
    start.add_argument("--teach", action="store_true", help="the instructor's view")
    update = commands.add_parser("update", help="bring over the work of an older download")
    update.add_argument("--from", dest="old", type=Path, required=True, metavar="OLD_FOLDER")
    commands.add_parser("clear", help="remove what your pages show; answers stay")
    lock = commands.add_parser("lock", help="for developers: resolve the locks again")
    lock.add_argument("--upgrade", action="store_true", help="to the newest versions that fit")
    return parser


def _port(word: str) -> int:
    if not word.isdecimal() or not 1024 <= int(word) <= 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 1024 to 65535, not {word!r}")
    return int(word)


if __name__ == "__main__":
    try:
        code = main(sys.argv[1:])
    except place.Problem as problem:
        code = str(problem)  # type: ignore[assignment]
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
