"""Staff and the hospitals they report for."""

from hospitals.models.hospital import Hospital, HospitalFigure, HospitalName, Leader, Region
from hospitals.models.people import Membership, User

__all__ = ["Hospital", "HospitalFigure", "HospitalName", "Leader", "Membership", "Region", "User"]
