from branches.models.activity import Activity
from branches.models.branch import Branch
from branches.models.brand import Brand
from branches.models.figure import ActivityPhoto, Figure
from branches.models.frozen_ledger import FrozenLedger
from branches.models.initiative import Initiative, InitiativeFigure
from branches.models.intake import IntakeFile
from branches.models.kind import ActivityKind, KindMeasure, Measure
from branches.models.ledger_profile import LedgerProfile
from branches.models.obligation import Exemption, Obligation
from branches.models.partner import Partner
from branches.models.reference import ReferenceCounter
from branches.models.report import PeriodFigure, PeriodReport
from branches.models.tally import GroupTally, HospitalChange, Tally, UnpublishedTally

__all__ = [
    "Activity",
    "ActivityKind",
    "ActivityPhoto",
    "Branch",
    "Brand",
    "Exemption",
    "Figure",
    "FrozenLedger",
    "GroupTally",
    "HospitalChange",
    "Initiative",
    "InitiativeFigure",
    "IntakeFile",
    "KindMeasure",
    "LedgerProfile",
    "Measure",
    "Obligation",
    "Partner",
    "PeriodFigure",
    "PeriodReport",
    "ReferenceCounter",
    "Tally",
    "UnpublishedTally",
]
