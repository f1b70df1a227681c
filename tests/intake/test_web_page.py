"""A saved page: its text with its address, and what stood around it told."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.intake.document import Document
from index.intake.web_page import read_web_page

PAGE = """<!DOCTYPE html>
<!-- saved from url=(0040)https://www.example.org/servizi/isee -->
<html lang="it"><head><title>ISEE</title><meta charset="utf-8"></head><body>
<header><a href="/">Comune di Prova</a></header><nav><ul><li>Notizie</li></ul></nav>
<main><h1>ISEE</h1><p>Serve per <a href="/servizi/bonus">i bonus</a>; costa <s>10</s> 0 euro.</p>
<p style="display: none">nascosto</p><h2>Dove</h2>
<table><tr><th>Sede<th>Ora</tr><tr><td>CAF<td>9</tr></table>
<iframe src="https://maps.example/x"></iframe><script>alert(1)</script></main>
<footer>Partita IVA 123</footer></body></html>"""


def read(text: str | bytes, tmp_path: Path, name: str = "pagina.html") -> Document:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_web_page(path)


def check_page(page: Document) -> None:
    text = "\n".join(block.markdown for block in page.blocks)
    assert (page.title, page.address) == ("ISEE", "https://www.example.org/servizi/isee")
    assert "[i bonus](https://www.example.org/servizi/bonus)" in text
    assert "| CAF | 9 |" in text
    for gone in ("Notizie", "Partita IVA", "nascosto", "alert", "10"):
        assert gone not in text
    told = {str(loss) for loss in page.losses}
    assert {
        "intorno al testo della pagina: intorno al testo: «Notizie»",
        "intorno al testo della pagina: intorno al testo: «Partita IVA 123»",
        "sotto «ISEE»: testo nascosto nella pagina: «nascosto»",
        "sotto «ISEE»: testo barrato, tolto: «10»",
        "sotto «Dove»: contenuto di un'altra pagina: «https://maps.example/x»",
    } <= told


def test_a_saved_page_has_its_text_and_its_address(tmp_path: Path) -> None:
    check_page(read(PAGE, tmp_path))


def test_a_page_in_one_file_is_the_same(tmp_path: Path) -> None:
    """As browsers save it, with what it needs: MIME parts, the page in quoted-printable."""
    import quopri

    page = PAGE.replace("<!-- saved from url=(0040)https://www.example.org/servizi/isee -->", "")
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://www.example.org/servizi/isee"
        '\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n--B\r\n'
        "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    data = head.encode() + quopri.encodestring(page.encode()) + b"\r\n--B--\r\n"
    check_page(read(data, tmp_path, "pagina.mhtml"))


def test_a_page_that_marks_nothing_has_its_text_found(tmp_path: Path) -> None:
    """Boxes without names: the smallest that holds the text is taken, the menu is told."""
    words = "Chi cerca lavoro si iscrive al centro per l'impiego con un documento valido. "
    items = "".join(f"<p>{words * 3}Punto {n}.</p>" for n in range(6))
    menu = "".join(f'<a href="/{n}">Voce {n}</a> ' for n in range(20))
    page = read(
        f"<html><body><div id=top>{menu}</div><div id=x><h1>Iscriversi</h1>{items}</div>"
        f"<div id=bottom>{menu}</div></body></html>",
        tmp_path,
    )
    text = "\n".join(block.markdown for block in page.blocks)
    assert all(f"Punto {n}." in text for n in range(6))
    assert "Voce 3" not in text
    assert any("Voce 0" in loss.words for loss in page.losses)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_letters_with_accents_are_read_in_any_encoding(encoding: str, tmp_path: Path) -> None:
    words = "L'attività è gratuita perché così vuole la città. " * 5
    page = read(f"<html><body><p>{words}</p></body></html>".encode(encoding), tmp_path)
    assert page.blocks[0].words == words.strip()
