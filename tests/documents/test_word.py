"""What comes out of a Word document: text, numbers that Word generates, and what is told to be left out."""

import io
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from documents.left_out import Event, Place, Thing, sentences
from documents.numbering import Lists, letters, roman, written
from documents.paragraphs import Draft
from documents.refusal import Refused
from documents.word import from_word
from tests.documents import word_files as w

W = nsdecls("w")
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def read(data: bytes, folder: Path) -> Draft:
    path = folder / "draft.docx"
    path.write_bytes(data)
    return from_word(path)


def rows(draft: Draft) -> list[tuple[int | None, str, str]]:
    return [(one.number, one.label, one.text) for one in draft.blocks]


def body_of(tmp_path: Path, xml: str) -> Draft:
    return read(w.with_body(xml), tmp_path)


def par(inner: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inner}</w:p>"


def run(text: str, properties: str = "") -> str:
    marks = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{marks}<w:t xml:space="preserve">{text}</w:t></w:r>'


def first(draft: Draft) -> tuple[int | None, str, str]:
    return rows(draft)[0]


def test_from_word_headings_and_paragraphs(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Policy Guide on Return", 0)
    document.add_heading("A. Purpose", 1)
    document.add_paragraph("1. This guide\u00a0helps  members.")
    document.add_heading("Scope", 2)
    document.add_paragraph("It covers returns.")
    assert rows(read(w.saved(document), tmp_path)) == [
        (None, "", "Policy Guide on Return"),
        (None, "A.", "Purpose"),
        (1, "1.", "This guide helps members."),
        (None, "", "Scope"),
        (2, "", "It covers returns."),
    ]


def test_from_word_takes_a_bold_short_line_for_a_heading(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph().add_run("Background").bold = True
    document.add_paragraph().add_run("The members agree.").bold = True
    document.add_paragraph("SCOPE")
    document.add_paragraph("Text.")
    kinds = [one.kind for one in read(w.saved(document), tmp_path).blocks]
    assert kinds == ["heading", "paragraph", "heading", "paragraph"]


NUMBERING = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="7"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%1.%2.%3"/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="thaiLetters"/><w:lvlText w:val="%4)"/></w:lvl>
<w:lvl w:ilvl="4"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/>
<w:lvlText w:val="\uf0b7"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="7"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
</w:numbering>"""


def lists_of(*places: tuple[str, int]) -> list[str | None]:
    lists = Lists.read(parse_xml(NUMBERING))
    return [lists.next_label(num, level) for num, level in places]


def test_generated_numbers_go_on_after_other_text_and_restart_below() -> None:
    found = lists_of(("1", 0), ("1", 1), ("1", 1), ("1", 0), ("1", 1), ("1", 2), ("2", 0), ("1", 0))
    assert found == ["1.", "(a)", "(b)", "2.", "(a)", "2.a.i", "•", "3."]


def test_generated_numbers_restart_where_the_list_says_so() -> None:
    assert lists_of(("1", 0), ("1", 0), ("3", 0), ("3", 0)) == ["1.", "2.", "5.", "6."]


def test_generated_number_in_an_unknown_form_is_told() -> None:
    assert lists_of(("1", 3)) == [None]


def test_generated_number_in_legal_form_is_decimal() -> None:
    assert lists_of(("1", 0), ("1", 1), ("1", 4)) == ["1.", "(a)", "1.1"]


def test_unknown_list_gives_no_label() -> None:
    assert lists_of(("99", 0), ("1", 8)) == ["", ""]


@pytest.mark.parametrize(("number", "text"), [(1, "a"), (26, "z"), (27, "aa"), (28, "bb"), (53, "aaa")])
def test_letters(number: int, text: str) -> None:
    assert letters(number) == text


@pytest.mark.parametrize(("number", "text"), [(1, "i"), (4, "iv"), (9, "ix"), (44, "xliv"), (2019, "mmxix")])
def test_roman(number: int, text: str) -> None:
    assert roman(number) == text


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [(3, "decimal", "3"), (3, "decimalZero", "03"), (3, "upperRoman", "III"), (3, "upperLetter", "C"), (0, "none", ""),
     (0, "lowerRoman", None), (3, "ordinalText", None), (99_999, "decimal", None)],
)  # fmt: skip
def test_written(number: int, form: str, text: str | None) -> None:
    assert written(number, form) == text


def test_generated_numbers_in_a_document(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("One", 1)
    document.add_paragraph("first", style="List Number")
    table = document.add_table(1, 1)
    table.cell(0, 0).paragraphs[0].style = "List Number"
    document.add_heading("Two", 1)
    document.add_paragraph("third", style="List Number")
    document.add_paragraph("dot", style="List Bullet")
    found = read(w.saved(document), tmp_path)
    assert rows(found) == [
        (None, "", "One"),
        (1, "1.", "first"),
        (None, "", "Two"),
        (2, "3.", "third"),
        (3, "•", "dot"),
    ]
    assert found.left_out == ("1 table after paragraph 1 is not shown.",)


def test_tracked_changes_are_accepted_and_told(tmp_path: Path) -> None:
    draft = body_of(
        tmp_path,
        par(
            run("The members ")
            + f'<w:ins w:id="1" w:author="x">{run("all ")}</w:ins>'
            + '<w:del w:id="2" w:author="x"><w:r><w:delText>never </w:delText></w:r></w:del>'
            + run("agree.")
        ),
    )
    assert first(draft) == (1, "", "The members all agree.")
    assert draft.left_out == (
        "1 insertion in paragraph 1 is a tracked change and is shown as accepted.",
        "1 deletion in paragraph 1 is a tracked change and is left out.",
    )


def test_deleted_paragraph_mark_joins_two_paragraphs(tmp_path: Path) -> None:
    mark = '<w:rPr><w:del w:id="1" w:author="x"/></w:rPr>'
    draft = body_of(tmp_path, par(run("The members "), mark) + par(run("agree.")))
    assert first(draft) == (1, "", "The members agree.")
    assert len(draft.left_out) == 1


def test_hidden_text_never_shows(tmp_path: Path) -> None:
    draft = body_of(tmp_path, par(run("Seen") + run(" SECRET", "<w:vanish/>") + run(" too.", '<w:vanish w:val="0"/>')))
    assert first(draft) == (1, "", "Seen too.")
    assert draft.left_out == ("1 passage of hidden text in paragraph 1 is left out.",)


def test_notes_comments_and_formulas_are_counted(tmp_path: Path) -> None:
    marks = (
        '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:footnoteReference w:id="3"/></w:r>'
        '<w:r><w:endnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="0"/></w:r>'
    )
    draft = body_of(
        tmp_path, par(run("One.") + marks) + par(run("Two.") + '<w:r><w:footnoteReference w:id="4"/></w:r>')
    )
    assert draft.left_out == (
        "3 footnotes in paragraphs 1 and 2 are not shown.",
        "1 endnote in paragraph 1 is not shown.",
        "1 comment in paragraph 1 is not shown.",
    )
    assert rows(draft)[:2] == [(1, "", "One."), (2, "", "Two.")]


def test_text_boxes_and_pictures_stay_out_of_the_text(tmp_path: Path) -> None:
    alternatives = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:drawing><w:txbxContent>{par(run("BOXED"))}</w:txbxContent></w:drawing>'
        "</mc:Choice>"
        f"<mc:Fallback><w:pict><w:txbxContent>{par(run('BOXED'))}</w:txbxContent></w:pict></mc:Fallback>"
        "</mc:AlternateContent>"
    )
    draft = body_of(tmp_path, par(run("One.") + f"<w:r>{alternatives}</w:r>") + par("<w:r><w:drawing/></w:r>"))
    assert "BOXED" not in str(draft.blocks)
    assert draft.left_out == (
        "1 picture after paragraph 1 is not shown.",
        "1 text box in paragraph 1 is not shown.",
    )


def test_struck_text_is_told(tmp_path: Path) -> None:
    draft = body_of(tmp_path, par(run("Shall ") + run("may", "<w:strike/>") + run(" agree.")))
    assert first(draft)[2] == "Shall may agree."
    assert draft.left_out == ("1 struck-through passage in paragraph 1 is shown as plain text.",)


def test_table_of_contents_is_left_out(tmp_path: Path) -> None:
    contents = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{par(run('Purpose 3'))}</w:sdtContent></w:sdt>"
    )
    draft = body_of(tmp_path, contents)
    assert "Purpose" not in str(draft.blocks)
    assert draft.left_out == ("1 table of contents before paragraph 1 is not shown.",)


def test_content_controls_fields_links_and_breaks_keep_their_text(tmp_path: Path) -> None:
    inner = (
        run("See ")
        + f'<w:hyperlink w:anchor="x">{run("here")}</w:hyperlink>'
        + "<w:r><w:br/></w:r><w:r><w:tab/></w:r>"
        + f"<w:sdt><w:sdtPr/><w:sdtContent>{run('page ')}</w:sdtContent></w:sdt>"
        + f'<w:fldSimple w:instr=" PAGE ">{run("7")}</w:fldSimple>'
        + "<w:r><w:noBreakHyphen/></w:r>"
        + run("a &lt;b&gt;.")
    )
    block = f"<w:sdt><w:sdtPr/><w:sdtContent>{par(inner)}</w:sdtContent></w:sdt>"
    assert first(body_of(tmp_path, block)) == (1, "", "See here page 7‑a <b>.")


def test_typed_html_stays_text(tmp_path: Path) -> None:
    draft = body_of(tmp_path, par(run("&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &lt;p&gt;x")))
    assert first(draft) == (1, "", "<script>alert(1)</script> &amp; <p>x")


def test_headers_are_told(tmp_path: Path) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "AHG/2019/2"
    document.add_paragraph("Text.")
    assert read(w.saved(document), tmp_path).left_out == ("1 header or footer is not shown.",)


def test_unknown_symbol_is_told(tmp_path: Path) -> None:
    draft = body_of(tmp_path, par(run("A ") + '<w:r><w:sym w:font="Nobody" w:char="0041"/></w:r>' + run(" B.")))
    assert draft.left_out == ("1 symbol after paragraph 3 is not shown.",)


def test_a_paragraph_named_like_our_mark_does_no_harm(tmp_path: Path) -> None:
    draft = body_of(tmp_path, par('<w:bookmarkStart w:id="9" w:name="portal-1"/>' + run("One.")))
    assert first(draft) == (1, "", "One.")


def test_strict_or_odd_main_part_name(tmp_path: Path) -> None:
    def rename(parts: w.Parts) -> None:
        parts["word/document2.xml"] = parts.pop(w.MAIN)
        parts["word/_rels/document2.xml.rels"] = parts.pop(w.RELS)
        parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"word/document.xml", b"word/document2.xml")
        parts[w.TYPES] = parts[w.TYPES].replace(b"/word/document.xml", b"/word/document2.xml")

    assert len(read(w.changed(rename), tmp_path).blocks) == 2


def test_strict_form_of_the_format_is_read_alike(tmp_path: Path) -> None:
    usual = w.with_body(par(run("One") + run(" SECRET", "<w:vanish/>")))
    parts = w.parts_of(usual)
    old = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    parts[w.MAIN] = parts[w.MAIN].replace(old, b"http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert read(w.packed(parts.items()), tmp_path) == read(usual, tmp_path)


def test_unknown_form_of_the_format_is_refused(tmp_path: Path) -> None:
    old = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with pytest.raises(Refused, match="not known"):
        read(w.replaced(w.MAIN, old, b"http://example.org/words"), tmp_path)


def test_block_that_is_not_known_is_told(tmp_path: Path) -> None:
    block = f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Fallback>{par(run("ODD"))}</mc:Fallback></mc:AlternateContent>'
    draft = body_of(tmp_path, block)
    assert "ODD" not in str(draft.blocks)
    assert draft.left_out == ("1 part of another kind before paragraph 1 is not shown.",)


def test_right_to_left_runs_keep_their_text(tmp_path: Path) -> None:
    draft = body_of(tmp_path, par(f'<w:bdo w:val="rtl">{run("one ")}<w:dir w:val="rtl">{run("two.")}</w:dir></w:bdo>'))
    assert first(draft) == (1, "", "one two.")


def test_sentences_name_at_most_eight_places() -> None:
    events = [Event(n, Thing.FOOTNOTE) for n in range(1, 21)]
    assert sentences(events, lambda at, _: Place(True, at)) == [
        "20 footnotes in paragraphs 1, 2, 3, 4, 5, 6, 7 and 8 and in 12 more places are not shown."
    ]


def test_sentences_join_places() -> None:
    events = [Event(0, Thing.TABLE), Event(3, Thing.TABLE), Event(4, Thing.TABLE)]
    assert sentences(events, lambda at, _: Place(False, at)) == [
        "3 tables before paragraph 1 and after paragraphs 3 and 4 are not shown."
    ]


def test_from_word_reads_any_stream_of_paragraphs(tmp_path: Path) -> None:
    stream = io.BytesIO(w.plain_word(*[f"Paragraph {n}." for n in range(300)]))
    assert read(stream.getvalue(), tmp_path).paragraphs == 300
