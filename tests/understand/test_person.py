"""What a conversation says of the person is read, and nothing else is taken for it."""

from __future__ import annotations

from datetime import date

import pytest
from networks import NETWORK, REFORM

from chatbot.period import Period
from chatbot.question import Profile, Question, Turn
from chatbot.understand.application_date import application_date
from chatbot.understand.person import unsaid_title, with_circumstances
from chatbot.understand.titles import title_of_stay, titles_of_stay

TODAY = date(2026, 11, 25)
BEFORE, SINCE = Period.before(REFORM.day), Period.since(REFORM.day)

DATES = [
    ("domanda di maggio", "2026-05", "before"),
    ("ha chiesto asilo il 3 giugno 2026, può lavorare?", "2026-06-03", "before"),
    ("Ha chiesto asilo a luglio di quest'anno, quando lavora?", "2026-07", "since"),
    ("conto: basta la ricevuta? domanda di aprile 26", "2026-04", "before"),
    ("domanda asilo 2025: gli assegnano il luogo?", "2025", "before"),
    ("domanda di dicembre", "2025-12", "before"),
    ("domanda di giugno", "2026-06", None),
    ("per le domande dal 12 giugno 2026 quanti giorni?", "2026-06-12/..", "since"),
    ("domanda presentata prima del 12 giugno", "../2026-06-11", "before"),
    ("ha chiesto asilo dopo la riforma", "2026-06-12/..", "since"),
    ("A maggio ha chiesto asilo", "2026-05", "before"),
    ("il 20/06/2026 ha fatto domanda di protezione internazionale", "2026-06-20", "since"),
    ("domanda d'asilo presentata l'11 giugno 2026", "2026-06-11", "before"),
    ("ha chiesto asilo due mesi fa", "2026-09", "since"),
    ("ha il documento nominativo, basta?", "2026-06-12/..", "since"),
    ("he applied for asylum in May 2026, can he work?", "2026-05", "before"),
    ("asylum application made before 12 June 2026", "../2026-06-11", "before"),
    ("il a demandé l’asile en mai 2026, quand peut-il travailler ?", "2026-05", "before"),
    ("solicitante de asilo que pidió en julio de 2026", "2026-07", "since"),
    ("قدم طلب اللجوء في شهر مايو 2026", "2026-05", "before"),
    ("подала заяву про притулок 3 липня 2026 року", "2026-07-03", "since"),
]
NO_DATES = [
    "permesso scaduto il 3 giugno 2026",
    "ha fatto domanda di casa popolare a maggio",
    "ho una domanda: a maggio 2026 è arrivato",
    "ha chiesto la residenza a maggio",
    "che cosa cambia con la riforma del 12 giugno 2026?",
    "prima del 12 giugno o dal 12 giugno?",
    "domanda di asilo del 31 giugno 2026",
    "domanda di asilo del 3 febbraio 2027",
    "voleva asilo il 28 maggio ma lo hanno registrato il 3 luglio",
    "domanda di maggio o domanda di luglio?",
]
NAMED = [
    ("ha la sussidiaria, può lavorare?", "titolare-protezione"),
    ("un rifugiato", "titolare-protezione"),
    ("un titolare di protezione", "titolare-protezione"),
    ("con la protezione internazionale può lavorare", "titolare-protezione"),
    ("ha chiesto la protezione internazionale", None),
    ("titolare di protezione speciale", "protezione-speciale"),
    ("ha la protezione internazionale o speciale", None),
    ("Richiedente asilo senza residenza", "richiedente"),
    ("ha chiesto asilo", "richiedente"),
    ("può convertire la protezione speciale in permesso per lavoro?", "protezione-speciale"),
    ("ha un permesso per lavoro", "altri-permessi"),
    ("arriva dall'Ucraina", "protezione-temporanea"),
    ("casi speciali", "casi-speciali"),
    ("è un MSNA", "minore-solo"),
    ("neomaggiorenne", "neomaggiorenne"),
    ("è senza permesso di soggiorno", "senza-permesso"),
    ("demandeur d’asile", "richiedente"),
    ("لاجئ", "titolare-protezione"),
    ("біженка з дитиною", "titolare-protezione"),
    ("che differenza c'è fra rifugiato e richiedente?", None),
    ("quanto dura il tirocinio?", None),
    ("principio di sussidiarietà", None),
]


@pytest.mark.parametrize(("text", "written", "side"), DATES)
def test_date_of_the_application(text: str, written: str, side: str | None) -> None:
    """A day, month, year or side of the reform beside the words of an application."""
    found = application_date(text, TODAY, NETWORK)
    assert found is not None
    assert (str(found), found.side(REFORM.day)) == (written, side)


@pytest.mark.parametrize("text", NO_DATES)
def test_other_dates_are_left_alone(text: str) -> None:
    """Expiry dates, other applications, days that do not exist or are to come, two dates."""
    assert application_date(text, TODAY, NETWORK) is None


@pytest.mark.parametrize(("text", "title"), NAMED)
def test_title_of_stay(text: str, title: str | None) -> None:
    """One title named; none where there are two or none."""
    assert title_of_stay(text, NETWORK) == title


@pytest.mark.parametrize(
    "written",
    ["2026-05-03", "2026-05", "2025", "../2026-06-11", "2026-06-12/..", "0320-02-12", "0001-01-01"],
)
def test_periods_are_read_as_they_are_written(written: str) -> None:
    """A client may send back what an answer says."""
    assert str(Period.parse(written)) == written


@pytest.mark.parametrize("written", ["", "maggio", "2026-13", "2026-6-1", "2026-06-31", "../2026"])
def test_what_is_no_period_is_refused(written: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="month|day|^" + written[:4]):
        Period.parse(written)


def ask(*turns: str, profile: Profile | None = None) -> Profile:
    history = tuple(Turn("user", text) for text in turns[:-1])
    return with_circumstances(
        Question(turns[-1], history=history, profile=profile or Profile()), TODAY, NETWORK
    )


def test_a_follow_up_keeps_what_was_said() -> None:
    """«Quanto deve aspettare?» is about the person of the turn before."""
    found = ask("Ha chiesto asilo a maggio 2026, può lavorare?", "e quanto dura?")
    assert (found.title, str(found.application_date)) == ("richiedente", "2026-05")


def test_the_last_word_counts() -> None:
    """«E a luglio?» takes the place of May, «e per i sussidiari?» of the asylum seeker."""
    assert str(ask("domanda di asilo di maggio: lavora?", "e a luglio?").application_date) == (
        "2026-07"
    )
    assert ask("un richiedente può affittare?", "e i sussidiari?").title == "titolare-protezione"


def test_a_question_that_stands_alone_is_about_somebody_else() -> None:
    """The next person's question does not inherit the date of the one before."""
    found = ask(
        "Ha chiesto asilo a maggio 2026, può lavorare?",
        "Come si iscrive il bambino alla scuola dell'infanzia del quartiere?",
    )
    assert found == Profile()


def test_the_profile_given_is_not_overruled() -> None:
    """What the operator set counts more than what is read."""
    given = Profile(title="minore-solo", application_date=SINCE)
    assert ask("un richiedente con domanda di maggio", profile=given) == given
    assert BEFORE.side(REFORM.day) == "before"


@pytest.mark.parametrize(
    ("title", "text", "unsaid"),
    [
        ("richiedente", "può lavorare?", "richiedente"),
        ("richiedente", "un rifugiato può lavorare?", ""),
        ("richiedente", "rifugiato o richiedente, che cosa cambia?", ""),
        (None, "può lavorare?", ""),
        ("qualcosa che non c'è", "può lavorare?", ""),
    ],
)
def test_only_what_the_question_does_not_say_is_added(
    title: str | None, text: str, unsaid: str
) -> None:
    assert unsaid_title(Profile(title=title), text, NETWORK) == unsaid


def test_every_title_has_words_that_name_it_alone() -> None:
    """What is added to a question names the title it is added for."""
    assert all(titles_of_stay(title.person, NETWORK) == {title.id} for title in NETWORK.titles)
