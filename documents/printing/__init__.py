"""PDF for the file: a template of ours, set by Typst, with data that is never read as markup.

Only `pdf` is for others. The fonts come with the portal (folder `fonts`, SIL Open Font License), so that a page
looks the same on every machine; what the machine has is left out.
"""

import json
from pathlib import Path
from typing import Any, Final

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
STANDARD: Final = "ua-1"
"""PDF/UA-1: tagged, with title and language, so that a screen reader can read it."""


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of a template (documents/printing/templates/<template>.typ) for this data.

    The data goes in as JSON, and a template prints strings as text: a `#` or `$` in a name is a character like others.
    Raises typst.TypstError for a template that does not fit its data. Typst is loaded with the first file, since most
    processes (those that send mail, above all) never make one.
    """
    import typst

    return typst.compile(
        HERE / "templates" / f"{template}.typ",
        root=HERE,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="pdf",
        pdf_standards=STANDARD,
    )
