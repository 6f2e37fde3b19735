from branches.models.activity import Activity
from branches.models.branch import Branch
from branches.models.brand import Brand
from branches.models.figure import ActivityPhoto, Figure
from branches.models.initiative import Initiative, InitiativeFigure
from branches.models.intake import IntakeFile
from branches.models.kind import ActivityKind, KindMeasure, Measure
from branches.models.partner import Partner
from branches.models.reference import ReferenceCounter
from branches.models.report import PeriodFigure, PeriodReport

__all__ = [
    "Activity",
    "ActivityKind",
    "ActivityPhoto",
    "Branch",
    "Brand",
    "Figure",
    "Initiative",
    "InitiativeFigure",
    "IntakeFile",
    "KindMeasure",
    "Measure",
    "Partner",
    "PeriodFigure",
    "PeriodReport",
    "ReferenceCounter",
]
