"""Opening the course in JupyterLab, on this computer only, and closing it without a trace where asked."""

import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from ..answers import NAME
from . import calm
from .copies import renew
from .pages import write_whole
from .place import START_PAGE, Problem

SHARED = "twovoices-shared-"
FIRST_PORT = 8888
HOW_TO_END = "Leave this window open while you work. To end: Ctrl-C here. Answers are kept as you give them."


@dataclass(frozen=True)
class Wishes:
    """How the course should be opened."""

    teach: bool = False
    shared: bool = False
    browser: bool = True
    port: int | None = None


def start(course: Path, wishes: Wishes) -> int:
    """Open the course and stay until it is closed.

    Parameters
    ----------
    course
        The folder that holds ``course.py``.
    wishes
        What was asked for.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    Problem
        If the port asked for is in use.
    """
    sweep()
    mode = "teach" if wishes.teach else "learn"
    folder = Path(tempfile.mkdtemp(prefix=f"{SHARED}{os.getpid()}-")) if wishes.shared else course / ".course"
    work = (folder if wishes.shared else course) / "work"
    try:
        if not wishes.shared and wishes.port is None:
            address = running(folder / mode / "runtime")
            if address:
                print(f"The course is already open. Its address:\n  {address}", flush=True)
                if wishes.browser:
                    _open(address, folder / mode)
                return 0
        port = _port(wishes.port)
        for sentence in renew(course, work).sentences():
            print(sentence, flush=True)
        calm.forget_the_users_own()
        os.environ.update(calm.lay_down(folder / mode, wishes.teach))
        if wishes.teach:
            os.environ["TWOVOICES_TEACH"] = "1"
        if wishes.shared:
            os.environ["TWOVOICES_ANSWERS"] = str(folder / NAME)
            print("On a shared computer: everything you do here is erased when the course is closed.", flush=True)
        return _serve(course if wishes.teach else work, folder / mode, port, wishes)
    finally:
        if wishes.shared:
            shutil.rmtree(folder, ignore_errors=True)
            print("Everything from this session was erased.", flush=True)


def running(runtime: Path) -> str | None:
    """Return the address of a course that is open already, or None."""
    for told in sorted(runtime.glob("jpserver-*.json")):
        address = _answering(told)
        if address:
            return address
    return None


def sweep() -> None:
    """Erase shared sessions whose process died before it could erase them itself, as when the computer was switched off."""
    for left in Path(tempfile.gettempdir()).glob(f"{SHARED}*"):
        with suppress(OSError):
            starting = time.time() - left.stat().st_mtime < 60  # has no address yet
            open_still = any(running(left / mode / "runtime") for mode in ("learn", "teach"))
            if not (left.is_symlink() or starting or open_still):
                shutil.rmtree(left)


def _answering(told: Path) -> str | None:
    try:
        facts = json.loads(told.read_bytes())
        url, token, root = facts["url"], facts["token"], Path(facts["root_dir"])
        # Past any proxy: a hospital's would be asked for an address that only this computer knows.
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"{url}api/status?token={token}", timeout=2):
            page = f"lab/tree/{START_PAGE}" if (root / START_PAGE).exists() else "lab"
            return f"{url}{page}?token={token}"
    except (OSError, ValueError, KeyError):
        return None


def _port(wished: int | None) -> int:
    for port in [wished] if wished else range(FIRST_PORT, FIRST_PORT + 100):
        with socket.socket() as probe:
            if os.name != "nt":
                # A port just left is free again on these systems; on Windows the option would also share one in use.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except (OSError, OverflowError):
                continue
    raise Problem(
        f"Port {wished} is in use by another program. Leave --port out, or name another number."
        if wished
        else f"No free port was found from {FIRST_PORT} on. Name one with --port."
    )


def _serve(root: Path, folder: Path, port: int, wishes: Wishes) -> int:
    # Imported late: it takes a second, and a refusal should not wait for it.
    from jupyterlab.labapp import LabApp

    if os.name != "nt":
        # The window was closed, or Ctrl-C came before Jupyter listens for it: end as if asked to, so that kernels stop
        # and a shared session is erased.
        for number in (signal.SIGHUP, signal.SIGINT):
            signal.signal(number, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    retries = 0 if wishes.port else 50
    with _quiet(folder / calm.LOG) as window:
        threading.Thread(target=_tell_when_ready, args=(folder, wishes.browser, window), daemon=True).start()
        try:
            LabApp.launch_instance(
                [f"--ServerApp.root_dir={root}", f"--ServerApp.port={port}", f"--ServerApp.port_retries={retries}"]
            )
        except SystemExit as end:
            if end.code:
                raise Problem(f"JupyterLab could not go on; what it said is in {folder / calm.LOG}.") from end
    return 0


@contextmanager
def _quiet(log: Path) -> Iterator[TextIO]:
    """Send what the server and the kernels print into the log; yield the window, for sentences to a person."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(1), os.dup(2)]
    with log.open("ab") as file, os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace") as window:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            yield window
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for number, copy in enumerate(kept, start=1):
                os.dup2(copy, number)
                os.close(copy)


def _tell_when_ready(folder: Path, browser: bool, window: TextIO) -> None:
    told = folder / "runtime" / f"jpserver-{os.getpid()}.json"
    for _ in range(1200):
        address = _answering(told)
        if address:
            print(f"Two Voices is ready at\n  {address}\n{HOW_TO_END}", file=window, flush=True)
            if browser:
                _open(address, folder)
            return
        time.sleep(0.1)


def _open(address: str, folder: Path) -> None:
    # Through a file in a folder that only this user can read: anybody on the computer can read a browser's command line.
    page = folder / "open.html"
    write_whole(page, f'<!doctype html><meta http-equiv="refresh" content="0; url={address}">'.encode())
    webbrowser.open(page.as_uri())
