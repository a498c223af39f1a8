#!/usr/bin/env python3
"""Two Voices in one command: ``python course.py`` sets the course up and opens it; ``--help`` says what else there is.

It needs Python 3.11-3.13 and nothing else, and does what must happen before the course's own environment (.venv)
exists: make it from requirements.lock, notice when it no longer fits, and hand over. Everything after that is in
src/twovoices. The syntax is one that old Pythons can read, since they must get as far as the sentence which says that
they are too old.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(os.path.abspath(__file__)).parent
VENV = ROOT / ".venv"
ASIDE = ROOT / ".venv-before"
STAMP = VENV / "course.json"  # what this file knows about the environment it made
STATE = ROOT / ".course"  # git-ignored: the set-up log; JupyterLab's settings for this course
LOCK, TEST_LOCK = "requirements.lock", "requirements-test.lock"  # the second holds the first

OLDEST, NEWEST = (3, 11), (3, 13)  # as in pyproject.toml
SPACE = 1.5e9  # bytes: the test environment takes 0.9e9, its downloads 0.2e9 for a while, pip's cache 0.2e9
WINDOWS_PATH = 259 - 165  # characters left for this folder's own path by the longest file name below .venv

# Who answers each command: "here", twovoices.launch, or the package (python -m twovoices COMMAND ...). At most fourteen.
COMMANDS = (
    ("learn", "start", "launch", "open the course; the same as no command at all"),
    ("learn", "try", "twovoices", "play a conversation here, as plain text: try priya-party"),
    ("learn", "print", "twovoices", "a case as a chart, an outline to read aloud, or an actor's brief"),
    ("learn", "hand-in", "twovoices", "pack an exercise to hand in: hand-in 02"),
    ("teach", "intake", "twovoices", "take hand-ins into nbgrader's submitted/ (grade does it too)"),
    ("teach", "grade", "twovoices", "mark what was handed in"),
    ("teach", "export", "twovoices", "write the gradebook as a table"),
    ("teach", "bundle", "here", "pack everything the set-up downloads, for a room with poor wifi: bundle FOLDER"),
    ("write", "check", "twovoices", "check the content under data/ and say what to mend"),
    ("write", "new", "twovoices", "begin a new piece of content from a pattern"),
    ("write", "test", "launch", "run every test (with arguments: only pytest, with them)"),
    ("keep", "update", "launch", "bring your answers and changed pages from an older copy: update --from OLD_FOLDER"),
    ("keep", "clear", "launch", "remove what your pages show (outputs), for passing the folder on; answers stay"),
)

HELP = """Two Voices: a course for clinicians, in Jupyter.

  python course.py                 set up (the first time) and open your copy of the course
     --no-browser                  print the address and open nothing
     --port NUMBER                 use this port
     --shared                      on a shared computer: everything you do is erased when the course is closed
     --teach                       open the instructor's view: grading on, gates open
     --from FOLDER                 set up from a folder that `bundle` made, without internet

  python course.py COMMAND ...
"""


class Stop(Exception):
    """What was wrong, where, and what to do, in words for a person."""


def say(text="", end="\n"):
    print(text, end=end, flush=True)


# ---------------------------------------------------------------- which Python


def check_python(version):
    """Refuse a Python the lock was not made for, naming one on this computer that would do."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return
    this = ".".join(str(part) for part in version[:3])
    todo = "Install Python 3.13, then start again with it (on Windows:  py -3.13 course.py)."
    for name in ("python3.13", "python3.12", "python3.11"):
        if shutil.which(name) and not subprocess.call([name, "-c", ""], stderr=subprocess.DEVNULL):
            todo = f"This computer has one that fits. Type:  {name} course.py"
            break
    raise Stop(f"Two Voices needs Python 3.11, 3.12 or 3.13. This is Python {this} ({sys.executable}).\n{todo}")


def check_folder():
    """Refuse to start from a lone course.py, as when it is opened inside a zip file."""
    missing = [name for name in (LOCK, TEST_LOCK, "pyproject.toml", "src") if not (ROOT / name).exists()]
    if missing:
        raise Stop(
            f"course.py stands in {ROOT} without the rest of the course ({missing[0]} is not there).\n"
            "If you opened it inside a zip file: unpack the whole file first, then start course.py in the unpacked folder."
        )


def conda_python(tests):
    """Return the active conda environment's Python if it holds this course, else None."""
    prefix = os.environ.get("CONDA_PREFIX")
    if not prefix or not same_place(prefix, sys.prefix):
        return None
    needed = ["jupyterlab", "twovoices"] + (["pytest", "mypy", "ruff", "importlinter", "xdist"] if tests else [])
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        say(f"(This conda environment has no {missing[0]}, so the course uses an environment of its own, .venv.)")
        return None
    found = importlib.util.find_spec("twovoices").origin or ""
    if not same_place(Path(found).parent, ROOT / "src" / "twovoices"):
        say("(This conda environment belongs to another copy of the course, so this one uses its own, .venv.)")
        return None
    return sys.executable


def same_place(one, other):
    try:
        return os.path.samefile(str(one), str(other))
    except OSError:
        return False


# ---------------------------------------------------------------- the environment


def venv_python():
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fingerprint(name):
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def read_json(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def write_stamp(**facts):
    # In one step, so that a stamp is never half written itself.
    new = STAMP.with_suffix(".new")
    new.write_text(json.dumps(facts, indent=1), encoding="utf-8")
    os.replace(str(new), str(STAMP))


def base_python_is_there():
    try:
        text = (VENV / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return False
    home = re.search(r"^home\s*=\s*(.+?)\s*$", text, re.MULTILINE)
    return bool(home) and os.path.isdir(home.group(1)) and venv_python().exists()


def diagnose(tests):
    """Say what the environment needs: "make", "remake", "add", "connect" or nothing; and why, for a person."""
    if not VENV.exists() or (VENV.is_dir() and not any(VENV.iterdir())):
        return "make", "Setting up. This happens once and takes one to three minutes."
    again = "The environment is made again; this takes one to three minutes."
    stamp = read_json(STAMP)
    if not isinstance(stamp, dict) or stamp.get("made_by") != "course.py":
        raise Stop(
            f"The folder {VENV} was not made by this course, so it is left as it is.\n"
            "Rename or remove it, then start again; the course makes its own."
        )
    if stamp.get("state") != "ready":
        return "remake", f"The last set-up did not finish. {again}"
    if not same_place(stamp.get("place", ""), ROOT):
        return "remake", f"This folder was moved or copied from {stamp.get('place')}. {again}"
    if not base_python_is_there():
        return "remake", f"The Python that this course was set up with has gone. {again}"
    if any(stamp.get(lock) not in (None, fingerprint(lock)) for lock in ((LOCK, TEST_LOCK) if tests else (LOCK,))):
        # Not renewed in place: what the new lock leaves out would stay, and a failure would leave neither old nor new.
        return "remake", f"The course's list of packages changed. {again}"
    if tests and TEST_LOCK not in stamp:
        return "add", "Adding what the tests need."
    if stamp.get("project") != fingerprint("pyproject.toml"):
        return "connect", "The course changed. Connecting it anew."
    return None, ""


def prepare(tests, bundle):
    """Return a Python that has everything, making, mending or leaving .venv as needed."""
    if not diagnose(tests)[0]:
        return venv_python()
    with one_at_a_time():
        todo, why = diagnose(tests)  # another window may have finished it meanwhile
        if not todo:
            return venv_python()
        say(why + ("" if bundle or todo == "connect" else " The internet is needed."))
        check_room()
        if bundle:
            check_bundle(bundle)
        shutil.rmtree(str(ASIDE), ignore_errors=True)  # of a set-up that was cut off
        if todo == "remake":
            # Set aside, not removed: if the new one cannot be made, the old one is no worse than before.
            if same_place(sys.prefix, VENV):
                raise Stop("This window uses that environment itself. Open a new window and start again there.")
            try:
                os.replace(str(VENV), str(ASIDE))
            except OSError:
                raise Stop(f"{VENV} is in use. Close the other windows of this course, then start again.") from None
        old, locks = read_json(STAMP) or {}, [LOCK] + ([TEST_LOCK] if tests else [])
        facts = dict(old, made_by="course.py", place=str(ROOT))
        try:
            if todo in ("make", "remake"):
                make_venv()
                facts["python"] = "%d.%d.%d" % sys.version_info[:3]
            else:
                write_stamp(**dict(old, state="unfinished"))
            if todo != "connect":
                # The test lock holds every package of the other at the same version.
                install(locks[-1], bundle)
                facts.update((lock, fingerprint(lock)) for lock in locks)
            offline = ["--no-index", "--no-deps", "--no-build-isolation"]
            pip("connecting the course", ["install", *offline, "--editable", str(ROOT)])
            write_stamp(**dict(facts, state="ready", project=fingerprint("pyproject.toml")))
        except BaseException as error:
            if todo in ("make", "remake"):
                shutil.rmtree(str(VENV), ignore_errors=True)
                if ASIDE.exists():
                    os.replace(str(ASIDE), str(VENV))
            elif isinstance(error, Stop):
                write_stamp(**old)  # pip refused before it changed anything
            raise
        shutil.rmtree(str(ASIDE), ignore_errors=True)
        say("Ready.")
        return venv_python()


def check_room():
    """Stop before a disk that is too full, and warn of a folder too deep for Windows."""
    free = shutil.disk_usage(str(ROOT)).free
    if free < SPACE:
        raise Stop(
            f"There is too little room on the disk that holds {ROOT}: {free / 1e9:.1f} GB free, "
            f"{SPACE / 1e9:.1f} GB needed.\nFree some, or move the course's folder to a larger disk. Nothing was changed."
        )
    if too_deep(str(ROOT), os.name):
        say(
            f"Note: this folder's path has {len(str(ROOT))} characters, and Windows may refuse paths longer than 260.\n"
            "If the set-up fails, move the folder somewhere shorter, such as C:\\two-voices."
        )


def too_deep(path, system):
    return system == "nt" and len(path) > WINDOWS_PATH


@contextmanager
def one_at_a_time():
    """Keep a second window from setting up at the same time; the system lets go of the lock when a process dies."""
    STATE.mkdir(exist_ok=True)
    with open(str(STATE / "setup.lock"), "w") as handle:
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Stop(
                "Another window is setting this course up. Wait until it says Ready, then start again."
            ) from None
        yield


def make_venv():
    if importlib.util.find_spec("ensurepip") is None:
        raise Stop(
            f"This Python ({sys.executable}) lacks the part that makes environments.\n"
            "On Debian and Ubuntu:  sudo apt install python3-venv   Then start again."
        )
    VENV.mkdir(exist_ok=True)
    # Written first and overwritten last, so that whatever stops the set-up leaves an environment known to be unfinished.
    write_stamp(made_by="course.py", state="unfinished")
    run("making a place for it", [sys.executable, "-m", "venv", str(VENV)])


def install(lock, bundle):
    source = ["--no-index", "--find-links", str(bundle)] if bundle else ["--retries", "3"]
    wanted = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement", str(ROOT / lock)]
    # Not compiled beforehand: Python compiles what is used when it is first used, a sixth of it, and the set-up is shorter.
    pip("fetching packages", ["install", "--no-compile", *source, *wanted], count_wanted(lock))


def count_wanted(lock):
    """Count the lock's lines that are meant for every system; a few more or fewer do not matter to a progress line."""
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return sum(1 for line in lines if re.match(r"[A-Za-z0-9]\S*==\S+ \\$", line))


# ---------------------------------------------------------------- a bundle for rooms with poor wifi


def this_system():
    return "%d.%d" % sys.version_info[:2], sysconfig.get_platform()


def bundle_folder(words):
    if len(words) > 1 or (words and words[0].startswith("-")):
        raise Stop("bundle takes one folder:  python course.py bundle FOLDER")
    return Path(os.path.abspath(words[0] if words else str(ROOT / "bundle")))


def make_bundle(words):
    """Download this system's wheels into a folder from which ``--from`` installs."""
    folder = bundle_folder(words)
    if folder.exists() and any(folder.iterdir()) and not (folder / "bundle.json").exists():
        raise Stop(f"The folder {folder} holds something else. Name an empty or a new one.")
    python = prepare(False, None)
    folder.mkdir(parents=True, exist_ok=True)
    for wheel in folder.glob("*.whl"):  # of an older lock
        wheel.unlink()
    wanted = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement", str(ROOT / LOCK)]
    pip("fetching packages", ["download", "--dest", str(folder), *wanted], count_wanted(LOCK))
    # The environment's Python, perhaps another than the one that runs this file, decided which wheels were fetched.
    code = "import json, sys, sysconfig; print(json.dumps([sys.version_info[:2], sysconfig.get_platform()]))"
    version, system = json.loads(subprocess.check_output([str(python), "-c", code]).decode("utf-8"))
    facts = {"python": "%d.%d" % tuple(version), "system": system, "lock": fingerprint(LOCK)}
    (folder / "bundle.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    say(f"The bundle is in {folder} ({size:.0f} MB). It fits Python {facts['python']} on {system}.")
    say("On the other computer, with the course's folder and this one:  python course.py --from FOLDER")
    return 0


def check_bundle(folder):
    facts = read_json(Path(folder) / "bundle.json")
    if facts is None:
        raise Stop(f"{folder} is no bundle (it has no bundle.json). Make one with:  python course.py bundle FOLDER")
    made_for, this = (facts.get("python"), facts.get("system")), this_system()
    if made_for != this:
        raise Stop(
            f"The bundle in {folder} was made for Python {made_for[0]} on {made_for[1]}; this is Python {this[0]} on {this[1]}.\n"
            "Make one on a computer like this one, or start with a Python like that one."
        )
    if facts.get("lock") != fingerprint(LOCK):
        raise Stop(f"The bundle in {folder} belongs to another version of the course. Make it again from this one.")


# ---------------------------------------------------------------- running pip, with progress for people


def pip(what, arguments, total=0):
    run(what, [str(venv_python()), "-m", "pip", "--no-input", "--disable-pip-version-check", *arguments], total)


def run(what, command, total=0):
    """Run one step of the set-up: a line of progress for people, everything else into the log."""
    STATE.mkdir(exist_ok=True)
    log = STATE / "setup.log"
    begun, lines = time.time(), []
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    process = subprocess.Popen(command, env=child_environment(), cwd=str(ROOT), **pipes)
    reader = threading.Thread(target=lambda: lines.extend(iter(process.stdout.readline, b"")), daemon=True)
    reader.start()
    line = Line()
    try:
        while reader.is_alive():
            reader.join(0.3)
            text = b"".join(lines)
            fetched = len(re.findall(rb"(?:Downloading|Using cached|Processing|Saved) \S+\.whl(?:\s|$)", text))
            if total and b"Installing collected packages" in text:
                total, what = 0, "installing them"
            line.show(what, f"{min(fetched, total)} of {total}" if total else "", time.time() - begun)
        code = process.wait()
    except BaseException:
        process.kill()
        line.end()
        raise
    finally:
        reader.join()
        process.stdout.close()
    line.show(what, "done", time.time() - begun)
    line.end()
    with open(str(log), "ab") as handle:
        handle.write(("\n$ " + " ".join(command) + "\n").encode("utf-8", "replace") + b"".join(lines))
    if code:
        raise Stop(explain(b"".join(lines).decode("utf-8", "replace")) + f"\nThe whole report is in {log}.")


class Line:
    """One line that renews itself on a terminal; elsewhere a new line when the words change."""

    def __init__(self):
        self.live, self.last, self.width = sys.stdout.isatty(), "", 0

    def show(self, what, how_far, seconds):
        if self.live:
            text = f"  {what:22} {how_far:11} {seconds:3.0f} s"
            say("\r" + text.ljust(self.width), end="")
            self.width = len(text)
        elif what != self.last:
            say(f"  {what}")
            self.last = what

    def end(self):
        if self.live:
            say()


REASONS = (
    (r"No space left|Errno 28|not enough space", "The disk is full. Free about 1.5 GB, then start again."),
    (
        r"do not match the hashes|DO NOT MATCH",
        "A downloaded file is not the one this course was tested with, so it was not installed.\n"
        "Try again on another network. If it stays so, please report it.",
    ),
    (
        r"Permission denied|Errno 13|Access is denied",
        "A file could not be written. Close other windows of this course and look whether this folder\n"
        "may be written to (not inside a zip file, not on a read-only disk), then start again.",
    ),
    (
        r"path is too long|File name too long|WinError 206",
        "The path of this folder is too long. Move the folder somewhere shorter, then start again.",
    ),
    (
        r"Connection|Temporary failure|timed out|getaddrinfo|ProxyError|SSLError|No matching distribution",
        "The packages could not be fetched. Is this computer connected to the internet? When it is, start again.\n"
        "Without internet: ask for a bundle and type  python course.py --from FOLDER\n"
        "Behind a hospital's proxy: ask its IT department for the proxy's address and set HTTPS_PROXY to it.",
    ),
)


def explain(report):
    for pattern, reason in REASONS:
        if re.search(pattern, report):
            return reason
    tail = [line for line in report.splitlines() if line.strip()][-3:]
    return "The set-up could not be finished:\n  " + "\n  ".join(tail)


# ---------------------------------------------------------------- handing over


def child_environment():
    """Return this process's environment without what leads a child astray or makes it slow."""
    astray = ["PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "__PYVENV_LAUNCHER__"]
    astray += ["PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"]
    environment = {name: value for name, value in os.environ.items() if name not in astray}
    environment.update(PYTHONUTF8="1", PIP_USER="0")
    return environment


def hand_over(python, module, words):
    """Run the package in a child process and pass on its exit code; Ctrl-C is the child's to answer."""
    environment = child_environment()
    environment["PATH"] = str(Path(str(python)).parent) + os.pathsep + environment.get("PATH", "")
    process = subprocess.Popen([str(python), "-m", module, *words], env=environment)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: process.terminate())
    patience = None
    while True:
        try:
            code = process.wait(patience)
            return 128 - code if code < 0 else code
        except KeyboardInterrupt:
            patience = 10
        except subprocess.TimeoutExpired:  # it did not hear the Ctrl-C, as when an editor's stop button was pressed
            process.terminate()
            patience = None


def help_text():
    groups = []
    for group in ("learn", "teach", "write", "keep"):
        rows = [f"     {name:10} {what}" for kind, name, _, what in COMMANDS if kind == group]
        groups.append("\n".join([f"  {group}", *rows]))
    return HELP + "\n" + "\n".join(groups)


def take_from(words):
    """Split ``--from FOLDER`` (or ``--from=FOLDER``) off the words of a start."""
    rest, folder = [], None
    words = list(words)
    while words:
        word = words.pop(0)
        if word.startswith("--from="):
            folder = word[len("--from=") :]
        elif word == "--from":
            if not words:
                raise Stop("--from needs a folder:  python course.py --from FOLDER")
            folder = words.pop(0)
        else:
            rest.append(word)
    return rest, folder and Path(os.path.abspath(folder))


def main(words):
    if words[:1] in (["-h"], ["--help"], ["help"]) or (words[-1:] == ["--help"] and not VENV.exists()):
        say(help_text())
        return 0
    command, words = ("start", words) if not words or words[0].startswith("-") else (words[0], words[1:])
    where = {name: place for _, name, place, _ in COMMANDS}.get(command)
    if where is None:
        raise Stop(f"There is no command {command!r}. To see all commands:  python course.py --help")
    check_python(sys.version_info)
    check_folder()
    if command == "bundle":
        return make_bundle(words)
    words, bundle = take_from(words) if command == "start" else (words, None)
    tests = command == "test"
    python = conda_python(tests) or prepare(tests, bundle)
    if where == "launch":
        return hand_over(python, "twovoices.launch", [command, *words])
    return hand_over(python, "twovoices", [command, *words])


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):  # a console that cannot show a letter of a path shows ? instead of failing
        sys.stdout.reconfigure(errors="replace")
        sys.stderr.reconfigure(errors="replace")
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        sys.exit(f"\n{stop}")
    except KeyboardInterrupt:
        say("\nStopped. Nothing is lost; start again whenever you like.")
        sys.exit(130)
    except OSError as error:
        sys.exit(f"\nThe course could not go on: {error}\nMay this folder be written to, and is the disk not full?")
