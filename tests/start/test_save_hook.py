"""A saved page says what to press where an activity was."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from twovoices.launch.save_hook import WHAT_TO_PRESS, WIDGET, drop_widget_views


def page(*outputs: dict[str, Any]) -> dict[str, Any]:
    cells = [
        {"cell_type": "markdown", "source": "text"},
        {"cell_type": "code", "source": "x", "outputs": list(outputs)},
    ]
    content = {"nbformat": 4, "metadata": {"widgets": {"state": {}}, "kernelspec": {"name": "python3"}}, "cells": cells}
    return {"type": "notebook", "content": content}


def shown(kind: str) -> dict[str, Any]:
    return {"output_type": kind, "data": {WIDGET: {"model_id": "x"}, "text/plain": "Panel()"}, "metadata": {"odd": 1}}


@pytest.mark.parametrize("kind", ["display_data", "execute_result"])
def test_a_widget_becomes_the_sentence_that_says_what_to_press(kind: str) -> None:
    model = page(shown(kind))
    drop_widget_views(model, path="02.ipynb", contents_manager=None)
    output = model["content"]["cells"][1]["outputs"][0]
    assert output["output_type"] == kind
    assert set(output["data"]) == {"text/plain", "text/html"}
    assert output["data"]["text/plain"] == WHAT_TO_PRESS
    assert WHAT_TO_PRESS in output["data"]["text/html"]
    assert "widgets" not in model["content"]["metadata"]


def test_any_other_output_is_saved_as_it_is() -> None:
    others = [
        {"output_type": "stream", "name": "stdout", "text": "seen"},
        {"output_type": "display_data", "data": {"image/png": "…"}, "metadata": {"alt": "a"}},
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": []},
    ]
    model = page(*copy.deepcopy(others))
    drop_widget_views(model)
    assert model["content"]["cells"][1]["outputs"] == others


@pytest.mark.parametrize(
    "model",
    [
        {"type": "file", "content": "text"},
        {"type": "directory", "content": None},
        {"type": "notebook", "content": {"nbformat": 3}},
    ],
)
def test_what_is_no_notebook_of_this_form_is_left_alone(model: dict[str, Any]) -> None:
    before = copy.deepcopy(model)
    drop_widget_views(model)
    assert model == before
