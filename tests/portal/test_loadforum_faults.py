"""A broken forum is refused whole: every fault is told as file, line and sentence, and nothing is changed."""

from pathlib import Path

import pytest

from tests.portal.forum_copy import ForumCopy, rows_in_database


@pytest.fixture
def copy(tmp_path: Path) -> ForumCopy:
    return ForumCopy(tmp_path)


# --- a broken forum: file, what stood there, what stands there now, lines further down, the sentence

FAULTS = {
    "unknown key": (
        "participants.yaml",
        "  city: Kabul",
        "  citty: Kabul",
        0,
        "The key “citty” is not known here; perhaps “city” is meant.",
    ),
    "key twice": (
        "participants.yaml",
        "  city: Kabul",
        "  city: Kabul\n  city: Herat",
        1,
        "The key “city” stands twice in this row.",
    ),
    "missing key": (
        "series.yaml",
        "name: Ministerial Conference, ",
        "",
        0,
        "The key “name” is missing in this row.",
    ),
    "empty value": ("forum.yaml", "short_name: Bali Process", "short_name:", 0, "“short_name” is empty."),
    "code twice": (
        "participants.yaml",
        "- code: AU",
        "- code: BD",
        0,
        None,
    ),
    "alias twice": (
        "participants.yaml",
        "aliases: [Vietnam,",
        "aliases: [Vietnam, TURKEY,",
        0,
        "The name “TURKEY” belongs to TR already",
    ),
    "unknown host": (
        "places.yaml",
        "host: LK",
        "host: QQ",
        0,
        "There is no participant with the code “QQ”.",
    ),
    "unknown tag": (
        "bodies.yaml",
        "source: S17, S18",
        "source: S17, S99",
        0,
        "There is no source with the tag “S99” in sources.yaml.",
    ),
    "unknown body": (
        "series.yaml",
        "body: ad-hoc-group",
        "body: ad-hoc-groop",
        0,
        "There is no body “ad-hoc-groop”.",
    ),
    "unknown participant": (
        "bodies.yaml",
        "who: [AU, ID, NZ, TH,",
        "who: [AU, ID, NZ, TT,",
        0,
        "There is no participant with the code “TT”.",
    ),
    "unknown place": (
        "meetings/ahg-som-14.yaml",
        "place: Da Nang",
        "place: Danang",
        0,
        "There is no place “Danang”.",
    ),
    "unknown verb": (
        "meetings/ahg-som-14.yaml",
        "verb: highlighted",
        "verb: shouted",
        0,
        "There is no verb “shouted”.",
    ),
    "standing overlaps": (
        "participants.yaml",
        "to: 2013-03-31, mark: A, source: S17}",
        "to: 2013-05-31, mark: A, source: S17}",
        1,
        "The standing of AE overlaps with another one in this list.",
    ),
    "end before start": (
        "bodies.yaml",
        "{who: [LK], from: 2020, to: 2021",
        "{who: [LK], from: 2020, to: 2019",
        0,
        "The chair of LK ends on 2019-12-31, before it starts on 2020-01-01.",
    ),
    "meeting ends before it starts": (
        "meetings/ahg-som-14.yaml",
        "to: 2019-07-24",
        "to: 2019-07-22",
        0,
        "The meeting ends on 2019-07-22, before it starts on 2019-07-23.",
    ),
    "bad date": (
        "meetings/ahg-som-14.yaml",
        "to: 2019-07-24",
        "to: 2019-07-32",
        0,
        "“2019-07-32” is not a day of the calendar; write it as 2019-07-23.",
    ),
    "meeting without days": (
        "meetings/ahg-som.yaml",
        "  words: May 2015\n",
        "",
        -5,
        "A meeting needs “from”, or else “words”, “earliest” and “latest”.",
    ),
    "bad zone": (
        "forum.yaml",
        "time_zone: Asia/Bangkok",
        "time_zone: Asia/Krungthep",
        0,
        "“Asia/Krungthep” is not a time zone; write its IANA name, as Asia/Colombo.",
    ),
    "bad kind": (
        "participants.yaml",
        "kind: state",
        "kind: country",
        0,
        "“country” is not one of: organisation, state.",
    ),
    "bad number": (
        "procedures.yaml",
        "min_working_days: 10",
        "min_working_days: ten",
        0,
        "“ten” is not a whole number from 0 to 365.",
    ),
    "bad flag": (
        "procedures.yaml",
        "stops_at_once: yes",
        "stops_at_once: perhaps",
        0,
        "“perhaps” is neither yes nor no.",
    ),
    "explicit threshold": (
        "procedures.yaml",
        'mode: explicit\n  min_working_days: 10\n  usual_hour: "17:00"\n  objections_that_stop: 1',
        'mode: explicit\n  min_working_days: 10\n  usual_hour: "17:00"\n  objections_that_stop: 2',
        3,
        "In an explicit endorsement one objection stops the draft: 1.",
    ),
    "quorum of silence": (
        "procedures.yaml",
        "objections_that_stop: 1\n  stops_at_once: yes",
        "objections_that_stop: 1\n  quorum: 3\n  stops_at_once: yes",
        1,
        "Only an explicit endorsement has a number of answers needed.",
    ),
    "bad hour": (
        "procedures.yaml",
        'usual_hour: "17:00"',
        'usual_hour: "25:00"',
        0,
        "“25:00” is not a time; write it as 17:00.",
    ),
    "bad degrees": (
        "places.yaml",
        "latitude: -8.6500",
        "latitude: 98.65",
        0,
        "“98.65” is not a number of degrees from -90 to 90.",
    ),
    "bad slug": (
        "series.yaml",
        "slug: ahg-som,",
        "slug: AHG SOM,",
        0,
        "“AHG SOM” is not a slug; use small letters, digits and single hyphens, at most 60.",
    ),
    "too long": (
        "series.yaml",
        "abbreviation: AHG SOM",
        f"abbreviation: {'A' * 31}",
        0,
        "This text has 31 characters; at most 30 fit.",
    ),
    "parent below": (
        "bodies.yaml",
        "parent: ministerial-conference",
        "parent: wg-tip",
        0,
        "The body “wg-tip” must stand above the bodies under it.",
    ),
    "outcome twice": (
        "meetings/ahg-som-14.yaml",
        "ref: ahg-som-14-9a",
        "ref: ahg-som-14-9",
        0,
        "The reference “ahg-som-14-9” is used twice, first in",
    ),
    "attends twice": (
        "meetings/ahg-som-14.yaml",
        "who: [CA, GB]",
        "who: [CA, AF]",
        0,
        "AF stands twice in the attendance of this meeting.",
    ),
    "not a list": (
        "meetings/ahg-som-14.yaml",
        "co_chairs: [AU, ID]",
        "co_chairs: AU",
        0,
        "“co_chairs” takes a list, as in [one, two].",
    ),
    "list for one value": (
        "forum.yaml",
        "short_name: Bali Process",
        "short_name: [Bali, Process]",
        0,
        "“short_name” takes one value, not a list or keys of its own.",
    ),
    "not well-formed": (
        "series.yaml",
        "- {slug: wg-disruption",
        "- {slug: [wg-disruption",
        0,
        "This is not well-formed YAML",
    ),
    "anchor": (
        "forum.yaml",
        "short_name: Bali Process\n",
        "short_name: &x Bali Process\nsummary: *x\n",
        1,
        "This is not well-formed YAML: anchors and aliases are not used here.",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("fault", FAULTS)
def test_load_broken_forum_names_file_and_line_and_changes_nothing(fault: str, copy: ForumCopy) -> None:
    file, old, new, further, sentence = FAULTS[fault]
    line = copy.change(file, old, new) + further
    problems = copy.problems()
    if sentence is None:
        where = f"{copy.folder}/participants.yaml, line {line}"
        assert any(f"The code “BD” is used twice, first in {where}." in one for one in problems)
    else:
        assert any(one.startswith(f"{file}:{line}: {sentence}") for one in problems), problems
    assert all(one.endswith(".") for one in problems)
    assert rows_in_database() == 0


@pytest.mark.django_db
def test_load_lists_all_problems_in_order(copy: ForumCopy) -> None:
    copy.change("participants.yaml", "time_zone: Asia/Kabul", "time_zone: Kabul")
    copy.change("meetings/ahg-som-14.yaml", "place: Da Nang", "place: Danang")
    copy.change("bodies.yaml", "kind: conference", "kind: congress")
    files = [one.split(":")[0] for one in copy.problems()]
    assert files == ["bodies.yaml", "meetings/ahg-som-14.yaml", "participants.yaml"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "verbs.yaml:1: The file is missing."),
        (b"", "verbs.yaml:1: The file is empty."),
        (b"word: endorsed\n", "verbs.yaml:1: A list of rows is expected here, each begun with a hyphen."),
        (b"# one\n- endorsed\n", "verbs.yaml:2: A row with keys and values is expected here."),
        (b"# one\n- {word: \xff}\n", "verbs.yaml:2: This is not text in UTF-8."),
        (b"# one\n- {word: \x07}\n", "verbs.yaml:2: This is not well-formed YAML: a character is not allowed."),
    ],
)
def test_load_unreadable_file_is_told_once(content: bytes | None, problem: str, copy: ForumCopy) -> None:
    path = copy.folder / "verbs.yaml"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert problem in copy.problems()
    assert rows_in_database() == 0


@pytest.mark.django_db
def test_load_file_with_misspelt_name_is_told(copy: ForumCopy) -> None:
    (copy.folder / "verb.yaml").write_text("- {word: sung, heading: Sung, weight: notes}\n")
    assert copy.problems()[0].startswith("verb.yaml:1: No file of this name is read here")
