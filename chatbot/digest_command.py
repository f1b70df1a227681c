"""`bussola chatbot digest`: the summary of what is to be reviewed, sent now or shown."""

from __future__ import annotations

from typing import Annotated

import typer

from chatbot.commands import told
from chatbot.desk.digest import Digest, subject, text_of
from chatbot.desk.links import LinkRounds
from chatbot.desk.mailing import Post
from chatbot.mail import NotSentError
from chatbot.settings import Settings
from chatbot.shared.cabinet import Cabinet
from index.publish.publish import load_usable


def digest(
    show: Annotated[bool, typer.Option("--show", help="Scrivi qui che cosa direbbe.")] = False,
) -> None:
    """Manda adesso per e-mail il riepilogo di che cosa è scaduto o scade entro trenta giorni."""
    settings = Settings()
    with told():
        post = Post.of(settings)
        snapshot, _ = load_usable(settings.var)
        made = Digest.of(snapshot, LinkRounds(Cabinet.of(settings)).looked())
        if show:
            typer.echo(f"{subject(made)}\n\n{text_of(made, post.base, post.often)}")
            return
        try:
            went = post.send(made)
        except NotSentError as error:
            typer.echo(f"Il server di posta non l'ha preso ({error}): riprova.", err=True)
            raise typer.Exit(1) from None
    typer.echo(f"Mandato a {len(went)} di {len(post.to)}: {', '.join(went)}")
