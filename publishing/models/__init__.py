from publishing.models.change import Change
from publishing.models.digest import PictureDigest
from publishing.models.edited import Edited
from publishing.models.forms import OpenForm, SentForm
from publishing.models.grey import GreyPeriod
from publishing.models.log import LogEntry
from publishing.models.picture import Picture
from publishing.models.publishable import Publishable, PublishableQuerySet, Stage, publishable_constraints
from publishing.models.trail import WRITING, ReviewEntry, Step, Version, VersionPicture
from publishing.models.unfinished import Unfinished
from publishing.models.words import WatchedWord

__all__ = [
    "Change",
    "Edited",
    "GreyPeriod",
    "LogEntry",
    "OpenForm",
    "Picture",
    "PictureDigest",
    "Publishable",
    "PublishableQuerySet",
    "ReviewEntry",
    "SentForm",
    "Stage",
    "Step",
    "Unfinished",
    "WRITING",
    "Version",
    "VersionPicture",
    "WatchedWord",
    "publishable_constraints",
]
