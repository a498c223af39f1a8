"""When a notebook is saved, say in it which button starts the activities.

A saved widget is only a reference to a kernel that is gone by the time the page is opened again; JupyterLab then shows "Error
displaying widget". What the learner needs there is the one thing to press. Wired up in `twovoices.launch.calm`.
"""

from typing import Any

WIDGET = "application/vnd.jupyter.widget-view+json"
WHAT_TO_PRESS = "Press the ▶▶ button (Restart and run all) at the top of this page to go on where you stopped. Your answers are kept."


def drop_widget_views(model: dict[str, Any], **_: Any) -> None:
    """Replace saved widgets by a sentence, in the model that Jupyter is about to write.

    Parameters
    ----------
    model
        A contents model; anything but a notebook in the fourth format is left alone.
    """
    notebook = model.get("content")
    if model.get("type") != "notebook" or not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
        return
    notebook.get("metadata", {}).pop("widgets", None)
    for cell in notebook.get("cells", []):
        for output in cell.get("outputs", []):
            if WIDGET in output.get("data", {}):
                output["data"] = {"text/plain": WHAT_TO_PRESS, "text/html": f"<p>{WHAT_TO_PRESS}</p>"}
                output["metadata"] = {}
