"""Local help: one file the adopter keeps, with a sentence that stands when it is empty or old."""

from __future__ import annotations

from datetime import date

import msgspec

from . import store
from .texts import text

MONTHS_FRESH = 6


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A service in the adopter's region."""

    what: str
    name: str
    contact: str
    languages: str = ""


class Support(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The adopter's file; ``last_checked`` is a date such as 2026-11-01."""

    region: str = ""
    last_checked: str = ""
    checked_by: str = ""
    services: tuple[Service, ...] = ()


def lines(today: date | None = None) -> tuple[str, ...]:
    """What a page of local help says: the adopter's services, or the fallback when the file is empty or too old."""
    kept = store.load(Support, "", "support")
    try:
        checked = date.fromisoformat(kept.last_checked)
    except ValueError:
        return (text("support.fallback"),)
    now = today or date.today()
    months = (now.year - checked.year) * 12 + now.month - checked.month - (now.day < checked.day)
    if not kept.services or months >= MONTHS_FRESH:
        return (text("support.fallback"),)
    services = (f"{item.what}: {item.name}, {item.contact}" for item in kept.services)
    return (text("support.fallback"), *services)
