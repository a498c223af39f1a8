"""A real JupyterLab on a folder, and a notebook in it, for tests of what a person sees."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

START = 60  # s; a cold file cache makes the first start slow


class Lab:
    """A JupyterLab server with its own settings, on 127.0.0.1 with a token.

    Parameters
    ----------
    folder
        What it opens.
    home
        An empty folder for its settings and run time files.
    dark
        Whether its theme is dark.
    env
        More environment variables for the server and its kernels.
    """

    def __init__(
        self, browser: Browser, folder: Path, home: Path, *, dark: bool = False, env: dict[str, str] | None = None
    ) -> None:
        self.browser = browser
        self.pages: list[Page] = []
        self.token = secrets.token_hex(16)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        settings = home / "settings" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True)
        calm = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
        (settings / "notification.jupyterlab-settings").write_text(json.dumps(calm), "utf-8")
        theme = {"theme": "JupyterLab Dark" if dark else "JupyterLab Light"}
        (settings / "themes.jupyterlab-settings").write_text(json.dumps(theme), "utf-8")
        self.log = home / "server.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
                    f"--ServerApp.port={self.url.rpartition(':')[2]}",
                    f"--IdentityProvider.token={self.token}",
                    f"--ServerApp.root_dir={folder}",
                    "--LabApp.expose_app_in_browser=True",
                    "--LabApp.news_url=None",
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that its kernels end with it
                env={
                    **os.environ,
                    "JUPYTER_CONFIG_DIR": str(home / "config"),
                    "JUPYTER_DATA_DIR": str(home / "data"),
                    "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
                    "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
                    "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
                    "IPYTHONDIR": str(home / "ipython"),
                    **(env or {}),
                },
            )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + START
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/api/status?token={self.token}", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.stop()
        pytest.fail(f"JupyterLab did not start; it said:\n{self.log.read_text('utf-8', 'replace')[-4000:]}")

    def open(self, name: str, *, width: int = 1400, height: int = 900, run: bool = True) -> Page:
        """Open a notebook of the folder in a page of its own; run all cells and wait for the first panel."""
        page = self.browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
        self.pages.append(page)
        page.goto(f"{self.url}/lab/tree/{name}?reset&token={self.token}")
        page.wait_for_function(
            "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
            timeout=START * 1000,
        )
        if run:
            self.run_all(page)
        return page

    def run_all(self, page: Page) -> None:
        """Do what the double arrow at the top does, without its question; then wait for the first panel."""
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
        page.locator(".tv").first.wait_for(timeout=START * 1000)

    def restart_kernel(self, page: Page) -> None:
        """Restart the kernel of a page's notebook, as a person might, without the question."""
        page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")

    def stop(self) -> None:
        """Close the pages; end the server and its kernels."""
        for page in self.pages:
            page.close(run_before_unload=False)
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@pytest.fixture
def start_lab(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Lab]]:
    """``start_lab(folder, dark=False, env=None)`` gives a running :class:`Lab`; it ends with the test."""
    labs: list[Lab] = []

    def start(folder: Path, *, dark: bool = False, env: dict[str, str] | None = None) -> Lab:
        labs.append(Lab(chromium, folder, tmp_path_factory.mktemp("lab"), dark=dark, env=env))
        return labs[-1]

    yield start
    for lab in labs:
        lab.stop()
