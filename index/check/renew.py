"""«Ancora valida»: a guide looked at again and found right gets a new review date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import unified_diff
from pathlib import Path

from index.errors import BussolaError
from index.files import replace_file
from index.guide import Guide
from index.parse.guide_file import source_digest


@dataclass(frozen=True, slots=True)
class Renewal:
    """The new text of a guide, the patch that makes it, and whether it was written."""

    text: str
    patch: str
    written: bool


def renew(guide: Guide, guides_dir: Path, today: date) -> Renewal:
    """Verified today, to be reviewed after as many days as before; written to the file where the
    folder is writable. Raises BussolaError when the file is not the one the guide came from."""
    if guide.verified_on is None or guide.review_by is None:
        raise BussolaError(f"{guide.path} non ha «verificato_il» e «rivedere_entro»: aggiungili")
    path = guides_dir / guide.path
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BussolaError(f"{guide.path} non si legge: {error.strerror}") from None
    if guide.digest != source_digest(data):
        raise BussolaError(f"{guide.path} è cambiata dopo la pubblicazione: prima ripubblicala")
    before = data.decode("utf-8-sig")
    after = renewed(before, today, today + (guide.review_by - guide.verified_on))
    lines = unified_diff(
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        f"a/{guide.path}",
        f"b/{guide.path}",
    )
    try:
        replace_file(path, after.encode())
    except OSError:
        return Renewal(after, "".join(lines), written=False)
    return Renewal(after, "".join(lines), written=True)


def renewed(text: str, verified_on: date, review_by: date) -> str:
    """`text` with the two dates of its front matter replaced, every other byte as it was."""
    assert review_by - verified_on > timedelta(0)
    for key, day in (("verificato_il", verified_on), ("rivedere_entro", review_by)):
        text = re.sub(rf"(?m)^({key}:[ \t]*)[^\r\n#]*", rf"\g<1>{day.isoformat()}", text, count=1)
    return text
