"""JupyterLab's settings for this course: no news, no authoring tools, nothing read from or written to the user's own Jupyter.

They are laid down at each start in a git-ignored folder of the course, since JupyterLab reads settings from files alone. What a
person changes in JupyterLab's own settings is kept there too, and wins.
"""

import json
import os
from pathlib import Path
from typing import Any

from .pages import write_whole

LOG = "jupyter.log"
NBGRADER = ("formgrader", "validate_assignment", "assignment_list", "course_list")

# Plug-ins that ask, tell or offer what nobody needs for taking a course.
OFF = (
    "@jupyterlab/apputils-extension:announcements",
    "@jupyterlab/cell-toolbar-extension",
    "@jupyterlab/celltags-extension",
    "@jupyterlab/debugger-extension",
    "@jupyterlab/extensionmanager-extension",
    "@jupyterlab/fileeditor-extension:language-server",
    "@jupyterlab/hub-extension",
    "@jupyterlab/logconsole-extension",
    "@jupyterlab/lsp-extension",
    "@jupyterlab/notebook-extension:language-server",
    "@jupyterlab/terminal-extension",
    "@jupyter-notebook/lab-extension",
)

# For learners: the tools of those who write and mark exercises.
OFF_FOR_LEARNERS = (
    "@jupyter/nbgrader",
    "@jupyterlab/application-extension:property-inspector",
    "@jupyterlab/metadataform-extension",
    "@jupyterlab/notebook-extension:tools",
    "@jupyterlab/notebook-extension:update-raw-mimetype",
)
TOOLBAR = ("insert", "cut", "copy", "paste", "interrupt", "restart", "cellType", "kernelName")

CHOICES: dict[str, dict[str, Any]] = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    # The one button of the course is "Restart and run all"; answers are kept outside the kernel, so nothing needs to be asked.
    "@jupyterlab/apputils-extension:sessionDialogs": {"skipKernelRestartDialog": True},
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 30, "renameUntitledFileOnSave": False},
    "@jupyterlab/filebrowser-extension:browser": {"navigateToCurrentDirectory": True, "showLastModifiedColumn": False},
    "@jupyterlab/notebook-extension:tracker": {
        "autoRenderMarkdownCells": True,
        "autoStartDefaultKernel": True,  # there is one; a page without its name would ask
        "kernelShutdown": True,
    },
}
CONTENTS_RIGHT = {"Table of Contents": {"area": "right"}}
CHOICES_FOR_LEARNERS: dict[str, dict[str, Any]] = {
    # With nothing on the right, JupyterLab 4.6 opens an empty column there the first time.
    "@jupyterlab/application-extension:shell": {"layout": {"single": CONTENTS_RIGHT, "multiple": CONTENTS_RIGHT}},
    "@jupyterlab/notebook-extension:panel": {
        "toolbar": [
            *({"name": name, "disabled": True} for name in TOOLBAR),
            # In words, since every page says to press it.
            {
                "name": "restart-and-run",
                "command": "notebook:restart-run-all",
                "label": "Restart and run all",
                "rank": 33,
            },
        ]
    },
    "@jupyterlab/statusbar-extension:plugin": {"visible": False},
}


def server_config(folder: Path, teach: bool) -> dict[str, Any]:
    """Return the server's settings, as ``jupyter_server_config.json`` holds them."""
    log = {"class": "logging.FileHandler", "filename": str(folder / LOG), "encoding": "utf-8", "level": "WARNING"}
    loggers = {name: {"level": "WARNING", "handlers": ["file"]} for name in ("ServerApp", "LabApp")}
    extensions = {f"nbgrader.server_extensions.{name}": teach for name in NBGRADER}
    extensions.update(jupyter_lsp=False, notebook=False, jupyter_server_terminals=teach)
    return {
        # The window shows sentences for a person; what Jupyter says goes into a file.
        "Application": {"logging_config": {"handlers": {"file": log}, "loggers": loggers}},
        "ServerApp": {
            "ip": "127.0.0.1",
            "allow_remote_access": False,
            "allow_root": True,  # in a container there is often nobody else
            "answer_yes": True,
            "jpserver_extensions": extensions,
            "open_browser": False,
            "terminals_enabled": teach,
        },
        "LabApp": {
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "extension_manager": "readonly",
            "news_url": None,
        },
        "ContentsManager": {"pre_save_hook": "twovoices.launch.save_hook.drop_widget_views"},
    }


def lay_down(folder: Path, teach: bool) -> dict[str, str]:
    """Write the settings below a folder of the course's own.

    Parameters
    ----------
    folder
        Holds everything JupyterLab remembers; made if missing.
    teach
        Keep nbgrader's panels and the terminal.

    Returns
    -------
    dict of str to str
        Environment variables under which Jupyter and IPython look there and nowhere in the user's home.
    """
    off = dict.fromkeys((*OFF, *(() if teach else OFF_FOR_LEARNERS)), True)
    files = {
        "config/jupyter_server_config.json": server_config(folder, teach),
        "config/labconfig/page_config.json": {"disabledExtensions": off},
        "config/labconfig/default_setting_overrides.json": CHOICES if teach else CHOICES | CHOICES_FOR_LEARNERS,
    }
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # the log and the runtime files hold the token
    (folder / LOG).unlink(missing_ok=True)
    for name, told in files.items():
        write_whole(folder / name, json.dumps(told, indent=1).encode())
    (folder / "runtime").mkdir(parents=True, exist_ok=True)
    return {
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "IPYTHONDIR": str(folder / "ipython"),
        # What the computer's owner set for every Jupyter on it comes after what the course sets.
        "JUPYTER_PREFER_ENV_PATH": "0",
    }


def forget_the_users_own() -> None:
    """Remove the variables that would lead Jupyter to further folders of the user's."""
    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "JUPYTER_TOKEN", "JUPYTERLAB_DIR", "JUPYTER_NO_CONFIG"):
        os.environ.pop(name, None)
