"""The admin of this application, a module for each sort of record."""

from branches.admin import activities, brands, kinds, ledger_profiles, organisation, reporters, reports

__all__ = ["activities", "brands", "kinds", "ledger_profiles", "organisation", "reporters", "reports"]
