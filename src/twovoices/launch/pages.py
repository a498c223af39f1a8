"""A notebook as its author wrote it, apart from what running and saving it leave behind."""

import hashlib
import json
from pathlib import Path
from typing import Any


def fingerprint(raw: bytes) -> str:
    """Return a hash of a file's bytes."""
    return hashlib.sha256(raw).hexdigest()


def wording(raw: bytes) -> str:
    """Return a hash that changes only when a person edits the file.

    JupyterLab rewrites a notebook whenever it saves one: outputs, execution counts, the kernel's name, which inputs are
    folded. None of that is an edit, so of a notebook only each cell's kind, text and attachments count. Any other file,
    and a notebook that does not parse, counts byte for byte.
    """
    cells = _cells(raw)
    if cells is None:
        return fingerprint(raw)
    told = [[cell.get("cell_type"), _text(cell.get("source")), cell.get("attachments") or {}] for cell in cells]
    return fingerprint(json.dumps(told, sort_keys=True).encode())


def shows_nothing(raw: bytes) -> bool:
    """Tell whether no code cell of a notebook carries an output, an execution count or widget state."""
    notebook = json.loads(raw)
    return not notebook.get("metadata", {}).get("widgets") and not any(
        cell.get("outputs") or cell.get("execution_count") for cell in _cells(raw) or []
    )


def clear(path: Path) -> bool:
    """Remove what running a notebook left in it; return whether there was anything.

    Raises
    ------
    ValueError
        If the file is not a notebook.
    """
    raw = path.read_bytes()
    notebook = json.loads(raw)
    cells = _cells(raw)
    if cells is None:
        raise ValueError(f"{path.name} is not a notebook")
    for cell in notebook["cells"]:
        if cell.get("cell_type") == "code":
            cell["outputs"], cell["execution_count"] = [], None
            cell.get("metadata", {}).pop("execution", None)
    notebook.get("metadata", {}).pop("widgets", None)
    if shows_nothing(raw):
        return False
    write_whole(path, (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode())
    return True


def write_whole(path: Path, raw: bytes) -> None:
    """Write a file so that it is either the old one or the new one, never half of each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".part")
    new.write_bytes(raw)
    new.replace(path)


def _cells(raw: bytes) -> list[dict[str, Any]] | None:
    try:
        notebook = json.loads(raw)
    except ValueError:
        return None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    return cells if isinstance(cells, list) and all(isinstance(cell, dict) for cell in cells) else None


def _text(source: Any) -> str:
    return "".join(source) if isinstance(source, list) else str(source or "")
