"""The admin of this application, a module for each sort of record."""

from branches.admin import (
    activities,
    brands,
    frozen_ledgers,
    kinds,
    ledger_profiles,
    obligations,
    organisation,
    reporters,
    reports,
)

__all__ = [
    "activities",
    "brands",
    "frozen_ledgers",
    "kinds",
    "ledger_profiles",
    "obligations",
    "organisation",
    "reporters",
    "reports",
]
