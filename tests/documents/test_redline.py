"""The redline as pure functions: words, alignment, reading order, and that nothing is lost in either direction."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.redline import (
    Change,
    Departure,
    How,
    Passage,
    RunKind,
    accepted,
    counts,
    follow,
    laid_out,
    redline,
    rejected,
)
from documents.redline.tokens import runs, tokens

A = "Members shall establish a national contact point for returns and tell the secretariat who it is."
B = "The Regional Support Office keeps a list of the contact points and sends it to all members each year."
C = "Travel documents are issued within 30 working days after the identity of the person was confirmed."
D = "Members are encouraged to offer counselling before departure and support after arrival."


def passages(*texts: str, label: str = "") -> list[Passage]:
    """Paragraphs; a text that begins with # is a heading."""
    found, number = [], 0
    for position, text in enumerate(texts, start=1):
        is_heading = text.startswith("#")
        number += not is_heading
        kind = "heading" if is_heading else "paragraph"
        found.append(Passage(position, kind, None if is_heading else number, label, text.removeprefix("#")))
    return found


def marked(old: str, new: str) -> str:
    """The words with [-deleted-] and {+inserted+}."""
    signs = {RunKind.KEPT: "{}", RunKind.DELETED: "[-{}-]", RunKind.INSERTED: "{{+{}+}}"}
    return "".join(signs[run.kind].format(run.text) for run in runs(old, new))


def hows(changes: list[Change]) -> list[tuple[How, tuple[int, ...], tuple[int, ...]]]:
    return [
        (one.how, tuple(p.position for p in one.old), tuple(p.position for p in one.new))
        for one in changes
        if one.how != How.SAME
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("The same.", "The same.", "The same."),
        ("", "New.", "{+New.+}"),
        ("Gone.", "", "[-Gone.-]"),
        ("Members shall agree.", "Members should agree.", "Members [-shall-]{+should+} agree."),
        ("within 10 000 persons", "within 10 500 persons", "within [-10 000-]{+10 500+} persons"),
        ("costs 1,250.50 dollars now", "costs 1,350.50 dollars now", "costs [-1,250.50-]{+1,350.50+} dollars now"),
        ("at 17:00 on 5 July then", "at 17:30 on 5 July then", "at [-17:00-]{+17:30+} on 5 July then"),
        ("see XY/2019/2 for it", "see XY/2019/3 for it", "see [-XY/2019/2-]{+XY/2019/3+} for it"),
        ("15% of the members", "25% of the members", "[-15%-]{+25%+} of the members"),
        ("the co-chairs met", "the chairs met", "the [-co-chairs-]{+chairs+} met"),
        ("A member’s word counts", "A State’s word counts", "A [-member’s-]{+State’s+} word counts"),
        ("All members agreed", "All members agreed.", "All members agreed{+.+}"),
        ("A, B and C agreed.", "A, D, B and C agreed.", "A, {+D, +}B and C agreed."),
        ("States share data.", "States always share new data.", "States {+always +}share{+ new+} data."),
        # No confetti: "the" and the comma between replaced words go with them.
        (
            "The office keeps the record, of all that was sent to members.",
            "The bureau destroys the archive, of all that was sent to members.",
            "The [-office keeps the record-]{+bureau destroys the archive+}, of all that was sent to members.",
        ),
        # So little is left that the words in between would only confuse.
        (
            "This sentence is about the old boats.",
            "Another matter, the wages of crews, was meant.",
            "[-This sentence is about the old boats.-]{+Another matter, the wages of crews, was meant.+}",
        ),
        ("ที่ประชุม รับรอง แล้ว วันนี้", "ที่ประชุม ไม่รับรอง แล้ว วันนี้", "ที่ประชุม [-รับรอง-]{+ไม่รับรอง+} แล้ว วันนี้"),
        ("成员国应当合作", "成员国必须合作", "成员国[-应当-]{+必须+}合作"),
    ],
)
def test_words(old: str, new: str, expected: str) -> None:
    assert marked(old, new) == expected


def test_tokens_are_whole() -> None:
    found = [one for one in tokens("co-chairs’ 10 000 (US$ 1,250.50), 15% by XY/2019/2 at 17:00") if one != " "]
    assert found == [
        *("co-chairs", "’", "10 000", "(", "US", "$", "1,250.50", ")", ",", "15%", "by", "XY/2019/2", "at", "17:00")
    ]


def test_equal_texts_have_no_change() -> None:
    assert hows(redline(passages("#Purpose", A, B, A), passages("#Purpose", A, B, A))) == []


def test_inserted_and_deleted_paragraphs_stand_where_they_are_read() -> None:
    changes = redline(passages(A, B, C), passages(A, D, C))
    assert hows(changes) == [(How.DELETED, (2,), ()), (How.INSERTED, (), (2,))]


def test_everything_is_new_or_gone() -> None:
    assert hows(redline([], passages(A))) == [(How.INSERTED, (), (1,))]
    assert hows(redline(passages(A), [])) == [(How.DELETED, (1,), ())]
    assert redline([], []) == []


def test_changed_paragraph_stays_itself_beside_a_new_one() -> None:
    new = C.replace("30 working", "20")
    assert hows(redline(passages(A, C), passages(A, D, new))) == [(How.INSERTED, (), (2,)), (How.CHANGED, (2,), (3,))]


def test_moved_paragraph_has_two_places_and_one_change() -> None:
    changes = redline(passages(A, B, C, D), passages(B, C, D, A))
    assert hows(changes) == [(How.MOVED, (1,), (4,))]
    first, *rest = laid_out(changes)
    assert isinstance(first, Departure)
    assert first.change is rest[-1]
    assert not first.change.has_new_words


def test_the_smaller_part_moved() -> None:
    """Three paragraphs change places with one: the one moved, not the three."""
    assert hows(redline(passages(D, A, B, C), passages(A, B, C, D))) == [(How.MOVED, (1,), (4,))]


def test_moved_and_changed() -> None:
    (change,) = (
        one for one in redline(passages(A, B, C), passages(B, C, A.replace("shall", "should"))) if one.how != How.SAME
    )
    assert change.how == How.MOVED
    assert change.has_new_words


def test_split_paragraph() -> None:
    changes = redline(passages(f"{A} {B}", C), passages(A, B, C))
    assert hows(changes) == [(How.SPLIT, (1,), (1, 2))]
    assert [run for run in changes[0].runs if run.kind != RunKind.KEPT] == [
        (RunKind.DELETED, " "),
        (RunKind.INSERTED, "\n"),
    ]


def test_split_in_three_with_a_change() -> None:
    changes = redline(passages(D, f"{A} {B} {C}"), passages(D, A, B.replace("each year", "each month"), C))
    assert hows(changes) == [(How.SPLIT, (2,), (2, 3, 4))]


def test_merged_paragraphs() -> None:
    assert hows(redline(passages(A, B, C), passages(f"{A} {B}", C))) == [(How.MERGED, (1, 2), (1,))]


def test_new_neighbour_of_a_changed_paragraph_is_no_split() -> None:
    changed = A.replace("national", "permanent national")
    assert hows(redline(passages(A, C), passages(changed, D, C))) == [
        (How.CHANGED, (1,), (1,)),
        (How.INSERTED, (), (2,)),
    ]


def test_heading_that_became_a_paragraph_is_a_change() -> None:
    changes = redline(passages("#Scope of this guide", A), passages("Scope of this guide", A))
    assert hows(changes) == [(How.CHANGED, (1,), (1,))]
    assert changes[0].has_new_kind
    assert not changes[0].has_new_words


def test_other_label_alone_is_no_change_of_the_text() -> None:
    changes = redline(passages(A, label="1."), passages(A, label="2."))
    assert hows(changes) == []
    assert changes[0].has_new_label


def test_rewritten_paragraph_is_gone_and_new() -> None:
    assert hows(redline(passages(A, B), passages(A, D))) == [(How.DELETED, (2,), ()), (How.INSERTED, (), (2,))]


def test_words_of_form_do_not_move_a_paragraph() -> None:
    """Two paragraphs of which every second word is alike, far from each other, stay two."""
    old = passages("The members agreed to report on ships to the chairs in May.", A, B, C)
    new = passages(A, B, C, "The members agreed to report on wages and crews to nobody at all by June of the year.")
    assert hows(redline(old, new)) == [(How.DELETED, (1,), ()), (How.INSERTED, (), (4,))]


def test_follow_says_where_each_old_paragraph_is() -> None:
    changes = redline(passages(A, f"{B} {C}", D), passages(D, B, C))
    assert follow(changes) == {1: (), 2: (2, 3), 3: (1,)}


def test_counts_by_kind() -> None:
    found = counts(redline(passages(A, B, C), passages(A, B.replace("year", "month"), D)))
    assert {how: count for how, count in found.items() if count} == {
        How.SAME: 1,
        How.CHANGED: 1,
        How.INSERTED: 1,
        How.DELETED: 1,
    }


# ---- nothing is lost -----------------------------------------------------------------------------------------------

SENTENCES = st.lists(
    st.sampled_from(["members", "shall", "the", "return", "10 000", "co-chair", "of", "(a)", "30", "States", "ที่ประชุม"]),
    max_size=14,
).map(" ".join)
ANY = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=40)
TEXTS = st.lists(
    st.builds(
        lambda kind, label, text: (kind, label, text),
        st.sampled_from(["heading", "paragraph", "paragraph", "paragraph"]),
        st.sampled_from(["", "1.", "(a)"]),
        SENTENCES | ANY,
    ),
    max_size=12,
)


def numbered(rows: list[tuple[str, str, str]]) -> list[Passage]:
    return [Passage(at, kind, at, label, text) for at, (kind, label, text) in enumerate(rows, start=1)]


def check_whole(old: list[Passage], new: list[Passage]) -> None:
    changes = redline(old, new)
    assert accepted(changes) == [one.text for one in new]
    assert rejected(changes) == [one.text for one in old]
    assert [one for change in changes for one in change.new] == new, "the reading order is that of the new text"
    assert sorted(one for change in changes for one in change.old) == old, "each old paragraph once"
    assert sorted(follow(changes)) == [one.position for one in old]
    left = [
        item.change if isinstance(item, Departure) else item
        for item in laid_out(changes)
        if isinstance(item, Departure) or not item.is_moved
    ]
    assert [one for change in left for one in change.old] == old, "without what came, the old text in its order"
    assert all(change.how == How.SAME for change in redline(new, new))


@given(TEXTS, TEXTS)
@settings(max_examples=300, deadline=None)
def test_redline_of_any_two_texts_gives_both(
    one: list[tuple[str, str, str]], other: list[tuple[str, str, str]]
) -> None:
    check_whole(numbered(one), numbered(other))


@given(st.lists(SENTENCES, min_size=1, max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_redline_of_an_edited_text_gives_both(texts: list[str], chance: random.Random) -> None:
    rows = [("paragraph", "", text) for text in texts]
    check_whole(numbered(rows), numbered(edited(rows, chance)))


@given(SENTENCES | ANY, SENTENCES | ANY)
@settings(max_examples=300, deadline=None)
def test_runs_cut_no_word_and_no_number(old: str, new: str) -> None:
    """Each border between two runs is a border between tokens, in the text that it belongs to."""
    found = runs(old, new)
    for text, without in ((old, RunKind.INSERTED), (new, RunKind.DELETED)):
        pieces = [run.text for run in found if run.kind != without]
        assert "".join(pieces) == text
        borders, at = {0}, 0
        for token in tokens(text):
            at += len(token)
            borders.add(at)
        at = 0
        for piece in pieces:
            at += len(piece)
            assert at in borders


def edited(rows: list[tuple[str, str, str]], chance: random.Random) -> list[tuple[str, str, str]]:
    """The text after some edits as people make them."""
    result = list(rows)
    for _ in range(max(1, len(rows) // 4)):
        at = chance.randrange(len(result)) if result else 0
        deed = chance.choice(["word", "move", "drop", "add", "split", "merge"])
        if not result or deed == "add":
            result.insert(at, ("paragraph", "", "A new paragraph about fisheries and harbours."))
        elif deed == "word":
            kind, label, text = result[at]
            words = text.split(" ")
            words[chance.randrange(len(words))] = chance.choice(["", "never", "12.5%"])
            result[at] = (kind, label, " ".join(words))
        elif deed == "move":
            result.insert(chance.randrange(len(result)), result.pop(at))
        elif deed == "drop":
            del result[at]
        elif deed == "split":
            kind, label, text = result[at]
            half = len(text) // 2
            result[at : at + 1] = [(kind, label, text[:half]), (kind, label, text[half:])]
        elif at + 1 < len(result):
            kind, label, text = result[at]
            result[at : at + 2] = [(kind, label, f"{text} {result[at + 1][2]}")]
    return result


# ---- how long it takes ---------------------------------------------------------------------------------------------


def long_draft(paragraphs: int, chance: random.Random) -> list[tuple[str, str, str]]:
    """Paragraphs of 40 to 120 words of a vocabulary of 900 with the usual many small words."""
    small = ["the", "of", "and", "to", "in", "for", "members", "States", "on", "shall"]
    long = [f"word{n}" for n in range(900)]
    return [
        ("paragraph", "", " ".join(chance.choice(small if chance.random() < 0.45 else long) for _ in range(size)) + ".")
        for size in (chance.randrange(40, 120) for _ in range(paragraphs))
    ]


def revised(rows: list[tuple[str, str, str]], chance: random.Random, *, share: float) -> list[tuple[str, str, str]]:
    """A tenth of the words changed in this share of the paragraphs, then edits, moves, splits and merges."""
    changed = [
        (kind, label, " ".join(word if chance.random() > 0.1 else "other" for word in text.split()))
        if chance.random() < share
        else (kind, label, text)
        for kind, label, text in rows
    ]
    return edited(changed, chance)


def test_redline_of_two_hundred_paragraphs_is_quick() -> None:
    """Measured: 0.11 s; 0.20 s with a change in every paragraph. The time of the processor is counted, not the wait."""
    chance = random.Random(7)
    rows = long_draft(200, chance)
    old, new = numbered(rows), numbered(revised(rows, chance, share=0.3))
    best = min(_seconds(old, new) for _ in range(3))
    assert best < 0.3, f"{best:.3f} s"


def _seconds(old: list[Passage], new: list[Passage]) -> float:
    start = time.process_time()
    redline(old, new)
    return time.process_time() - start
