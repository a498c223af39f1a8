"""Every kind of practice, one line each. A kind lives in its own module beside this; everything else reads this list."""

from __future__ import annotations

from . import drill, explain, lab, pacing, rater, sort, swap, triage
from .practice import Kind

SHELF: tuple[Kind, ...] = (
    sort.KIND,
    drill.KIND,
    rater.KIND,
    swap.KIND,
    triage.KIND,
    lab.KIND,
    pacing.KIND,
    explain.KIND,
)
BY_NAME = {kind.name: kind for kind in SHELF}
