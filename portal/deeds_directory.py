"""What people do with the directory and with admissions, for the table of who may."""

from members import access as members
from members.access import Reader
from members.enums import AdmissionState
from portal.accesstable import Deed, Section


def everyone(reader: Reader, state: str) -> bool:
    return True


def changes_directory(reader: Reader, state: str) -> bool:
    return members.user_who_changes(reader) is not None


def steps(reader: Reader, state: str) -> bool:
    return state == AdmissionState.OPEN and changes_directory(reader, state)


DIRECTORY = Section(
    "Members, observers and bodies",
    (
        Deed("Read the public directory", ("directory:participant-list", "directory:participant-detail"), everyone),
        Deed("Read about bodies", ("directory:body-list", "directory:body-detail"), everyone),
        Deed("Record a new name", ("members:participant-rename",), changes_directory),
        Deed("Record a merger", ("members:participant-merge",), changes_directory),
    ),
)
ADMISSIONS = Section(
    "Admissions",
    (
        Deed(
            "Read about admissions",
            ("members:admission-list", "members:admission-detail"),
            lambda reader, state: members.admissions_visible_to(reader) is not None,
        ),
        Deed("Record a proposal", ("members:admission-propose",), changes_directory),
        Deed("Record a step", ("members:admission-step",), steps),
        Deed("Close one that goes no further", ("members:admission-drop",), steps),
    ),
    tuple((state.value, {"open": "under way"}.get(state.value, state.value)) for state in AdmissionState),
)
