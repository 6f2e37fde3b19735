"""Staff and the hospitals they report for."""

from hospitals.models.hospital import Hospital, HospitalFigure, HospitalName, Leader, Region
from hospitals.models.people import Membership, User
from hospitals.models.upload import Upload

__all__ = ["Hospital", "HospitalFigure", "HospitalName", "Leader", "Membership", "Region", "Upload", "User"]
