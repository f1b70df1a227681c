"""What an OpenDocument text says is in the draft, or told."""

from __future__ import annotations

from pathlib import Path

from intake_files import STYLES, open_text

from index.intake.office_file import read_office_file

BODY = (
    "<text:tracked-changes><text:changed-region text:id='c1'><text:deletion>"
    "<text:p>trenta</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    "<text:h text:outline-level='1'>Termini</text:h>"
    "<text:p>Entro <text:change text:change-id='c1'/>sessanta giorni"
    "<text:note text:note-class='footnote'><text:note-citation>1</text:note-citation>"
    "<text:note-body><text:p>Dal ricevimento.</text:p></text:note-body></text:note>.</text:p>"
    "<text:p>Prima.<draw:frame><draw:text-box><text:p>Nel riquadro</text:p></draw:text-box>"
    "</draw:frame></text:p>"
    "<text:list><text:list-item><text:p>uno</text:p></text:list-item></text:list>"
)
FOOTER = (
    "<style:master-page style:name='S'><style:footer><text:p>Uso interno</text:p></style:footer>"
    "</style:master-page>"
)
META = (
    "<office:document-meta SPACES><office:meta><dc:title>Il ricorso</dc:title></office:meta>"
    "</office:document-meta>"
)


def test_an_open_document_is_read_like_a_word_file(tmp_path: Path) -> None:
    path = open_text(
        tmp_path / "a.odt", BODY, {"styles.xml": STYLES.replace("FOOTER", FOOTER), "meta.xml": META}
    )
    read = read_office_file(path)
    text = "\n".join(block.markdown for block in read.blocks)
    told = [str(loss) for loss in read.losses]
    assert (read.title, read.blocks[0].words) == ("Il ricorso", "Termini")
    assert "Entro sessanta giorni (nota 1)." in text
    assert "Nota 1: Dal ricevimento." in text
    assert "1. uno" in text
    assert "trenta" not in text
    assert (
        "in tutto il documento: modifica da accettare: testo cancellato, non riportato: «trenta»"
        in told
    )
    assert "in tutto il documento: piè di pagina: «Uso interno»" in told
    assert "Nel riquadro" in text or "sotto «Termini»: casella di testo: «Nel riquadro»" in told
    assert not [line for line in told if "testo non riportato" in line]
