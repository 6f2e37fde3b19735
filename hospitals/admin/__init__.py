"""Hospitals, people and the log in the admin, and what the admin of any hospital's records shares."""

from hospitals.admin import grey, hospitals, log, people, words
from hospitals.admin.records import HospitalRecordAdmin, OfHospital

__all__ = ["HospitalRecordAdmin", "OfHospital", "grey", "hospitals", "log", "people", "words"]
