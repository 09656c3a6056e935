"""Flat lists may be CSV files; admissions, mergers, addresses; and every fault in them, by file and line."""

import datetime as dt
from pathlib import Path

import pytest

from decisions.models import Verb
from members.enums import AdmissionState
from members.models import Admission, FormerName, Merger, OfficialAddress, Participant
from tests.portal.forum_copy import ForumCopy, load, rows_in_database

pytestmark = pytest.mark.django_db

STAGES = "slug,word,sentence,body\nasked,Asked,It asks.,\ndecided,Decided,They decide.,steering-group\n"
ADMISSION = """\
- who: [US]
  as: member
  steps:
    - {stage: asked, source: S17}
    - {stage: decided, on: 2013-04-01, source: S17}
"""


@pytest.fixture
def copy(tmp_path: Path) -> ForumCopy:
    copy = ForumCopy(tmp_path)
    for name in ("admission_stages", "admissions", "mergers", "addresses"):
        for path in copy.folder.glob(f"{name}.*"):
            path.unlink()
    return copy


def write(copy: ForumCopy, name: str, text: str | bytes) -> None:
    raw = text.encode() if isinstance(text, str) else text
    (copy.folder / name).write_bytes(raw)


def test_load_reads_a_flat_list_from_a_table(copy: ForumCopy) -> None:
    (copy.folder / "verbs.yaml").unlink()
    words = [line.split("word: ")[1].split(",")[0] for line in (load_verbs()).splitlines() if "word: " in line]
    rows = "".join(f'{word},"{word.capitalize()}, as said",notes\r\n' for word in words)
    write(copy, "verbs.csv", "\ufeffword,heading,weight\r\n" + rows)
    copy.load()
    assert Verb.objects.count() == len(words)
    assert Verb.objects.get(word="endorsed").heading == "Endorsed, as said"
    assert "0 new, 0 changed" in copy.load()


def load_verbs() -> str:
    from tests.portal.forum_copy import REAL

    return (REAL / "verbs.yaml").read_text()


ADDRESSES = "participant,email,label\n"
TABLE_FAULTS: dict[str, tuple[str | bytes, int, str]] = {
    "Latin-1": (
        f"{ADDRESSES}TH,post@mfa.example,Ministry\nFR,poste@mfa.example,Ministère\n".encode("latin-1"),
        3,
        "This is not text in UTF-8. Save it as CSV UTF-8.",
    ),
    "semicolons": (
        "participant;email;label\nTH;post@mfa.example;Ministry\n",
        1,
        "The columns are separated by semicolons; save the file with commas.",
    ),
    "tabs": (
        "participant\temail\tlabel\nTH\tpost@mfa.example\tMinistry\n",
        1,
        "The columns are separated by tabs; save the file with commas.",
    ),
    "unknown key": ("participant,mail,label\n", 1, "The key “mail” is not known here; perhaps “email” is meant."),
    "key twice": ("participant,email,email\n", 1, "The key “email” stands twice on the first line."),
    "key missing": ("participant,label\nTH,Ministry\n", 2, "The key “email” is missing in this row."),
    "no keys": ("\nTH,post@mfa.example\n", 1, "The first line must hold the keys; it is empty."),
    "cell too many": (f"{ADDRESSES}TH,post@mfa.example,a,b\n", 2, "This line has 4 cells, the first line 3."),
    "cell missing": (f"{ADDRESSES}TH,post@mfa.example\n", 2, "This line has 2 cells, the first line 3."),
    "empty value": (f"{ADDRESSES}TH,,Ministry\n", 2, "“email” is empty."),
    "bad value": (f"{ADDRESSES}TH,post.mfa.example,Ministry\n", 2, "“post.mfa.example” is not an e-mail address."),
    "unknown reference": (f"{ADDRESSES}QQ,post@mfa.example,\n", 2, "There is no participant with the code “QQ”."),
    "after a quoted line break": (f'{ADDRESSES}TH,a@mfa.example,"two\nlines"\nQQ,b@mfa.example,\n', 4, "There is no"),
    "open quote": (f'{ADDRESSES}TH,post@mfa.example,"Ministry\n', 2, "This is not well-formed CSV"),
}


@pytest.mark.parametrize("fault", TABLE_FAULTS)
def test_load_faulty_table_is_told_by_line_and_changes_nothing(fault: str, copy: ForumCopy) -> None:
    content, line, sentence = TABLE_FAULTS[fault]
    write(copy, "addresses.csv", content)
    problems = copy.problems()
    assert any(one.startswith(f"addresses.csv:{line}: {sentence}") for one in problems), problems
    assert rows_in_database() == 0


def test_load_refuses_a_list_in_two_files_and_rows_within_a_table(copy: ForumCopy) -> None:
    write(copy, "verbs.csv", "word,heading,weight\n")
    (copy.folder / "participants.yaml").unlink()
    write(copy, "participants.csv", "code,kind,name,standing\nTH,state,Thailand,member\n")
    problems = copy.problems()
    assert "verbs.csv:1: verbs.yaml and verbs.csv hold the same list; keep one of them." in problems
    assert "participants.csv:1: “standing” takes rows of its own, which a CSV file cannot hold; use a YAML file." in (
        problems
    )


def test_load_addresses_mergers_names_and_admissions(copy: ForumCopy) -> None:
    write(copy, "addresses.csv", f"{ADDRESSES}TH,Post@MFA.example,Ministry\n")
    write(copy, "mergers.yaml", "- {participant: FSC, into: ADFM, on: 2025-01-01, source: S17}\n")
    write(copy, "admission_stages.csv", STAGES)
    write(copy, "admissions.yaml", ADMISSION)
    copy.change(
        "participants.yaml", "  city: Thimphu", "  city: Thimphu\n  former_names: [{name: Druk, to: 2007-12-31}]"
    )
    copy.change("participants.yaml", "  city: Kabul", "  city: Kabul\n  languages: [Dari, English]")
    copy.load()
    assert OfficialAddress.objects.get(participant__code="TH").email == "post@mfa.example"
    assert Merger.objects.get().into.code == "ADFM"
    assert FormerName.objects.get(participant__code="BT").short_name == "Druk"
    assert Participant.objects.get(aliases__folded="druk").code == "BT"
    assert Participant.objects.get(code="AF").languages == ["Dari", "English"]
    admission = Admission.objects.get()
    assert (admission.participant.code, admission.state) == ("US", AdmissionState.COMPLETED.value)
    days = list(admission.steps.values_list("stage__word", "on", "source"))
    text = "www.baliprocess.net/event/senior-officials-meeting-2/"
    assert days == [("Asked", None, text), ("Decided", dt.date(2013, 4, 1), text)]
    assert "0 new, 0 changed" in copy.load()


def test_load_admission_without_its_last_stage_is_under_way(copy: ForumCopy) -> None:
    write(copy, "admission_stages.csv", STAGES)
    write(copy, "admissions.yaml", "- {who: [ADFM], as: observer, steps: [{stage: asked, source: S17}]}\n")
    copy.load()
    assert Admission.objects.get().state == AdmissionState.OPEN.value


ADMISSION_FAULTS = {
    "neither": ("  as: member\n", "", 1, "An admission has either “as” (into the forum) or “body”."),
    "both": ("  as: member", "  as: member\n  body: ad-hoc-group", 2, "An admission has either “as” (into the forum)"),
    "unknown stage": ("stage: asked", "stage: wished", 4, "There is no stage of an admission “wished”."),
    "stage twice": ("stage: asked", "stage: decided", 5, "The steps of an admission stand in the order of their"),
    "not the first day": (
        "on: 2013-04-01",
        "on: 2013-04-02",
        5,
        "The admission of US ends on 2013-04-02, but no standing as member starts on that day.",
    ),
    "backwards": (
        "stage: asked,",
        "stage: asked, on: 2014-01-01,",
        5,
        "This step is dated 2013-04-01, before the one above it, 2014-01-01.",
    ),
    "no source": ("on: 2013-04-01, source: S17", "on: 2013-04-01", 5, "The key “source” is missing in this row."),
    "unknown participant": ("[US]", "[QQ]", 1, "There is no participant with the code “QQ”."),
}


@pytest.mark.parametrize("fault", ADMISSION_FAULTS)
def test_load_faulty_admission_is_told_by_line(fault: str, copy: ForumCopy) -> None:
    old, new, line, sentence = ADMISSION_FAULTS[fault]
    assert old in ADMISSION
    write(copy, "admission_stages.csv", STAGES)
    write(copy, "admissions.yaml", ADMISSION.replace(old, new, 1))
    problems = copy.problems()
    assert any(one.startswith(f"admissions.yaml:{line}: {sentence}") for one in problems), problems
    assert rows_in_database() == 0


def test_load_refuses_one_state_co_chairing_twice_and_a_merger_into_what_is_gone(copy: ForumCopy) -> None:
    line = copy.change("bodies.yaml", "- {who: [AU, ID], mark: A, source: S35b}", "- {who: [AU, ID, AU], source: S35b}")
    write(
        copy,
        "mergers.yaml",
        "- {participant: FSC, into: ADFM, on: 2025-01-01}\n- {participant: ADFM, into: FSC, on: 2025-01-01}\n",
    )
    problems = copy.problems()
    assert (
        f"bodies.yaml:{line}: AU co-chairs this body already at that time; co-chairs are different participants."
        in (problems)
    )
    assert "mergers.yaml:1: ADFM became part of another participant itself; name that one." in problems
    assert rows_in_database() == 0


def test_load_again_of_the_whole_copy_changes_nothing(copy: ForumCopy) -> None:
    copy.load()
    assert "0 new, 0 changed" in load(copy.folder)
