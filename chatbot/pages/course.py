"""How answers go week by week, as SVG: shares with their intervals, and where guides changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from markupsafe import Markup

from chatbot.journal.estimate import Estimate
from chatbot.journal.sample import Week

WIDTH, HEIGHT = 720, 300  # user units
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 34, 46  # room around the plot
LABELS = 12  # weeks named below, at most
# told apart by people who do not see red and green, and by their marks
RIGHT_COLOUR, WRONG_COLOUR = "#2a7ab9", "#c4560a"
Changes = Sequence[tuple[datetime, str]]  # the moment, and what was published


def course_chart(title: str, weeks: Sequence[Week], changes: Changes) -> Markup:
    """Right answers of all (circles), and wrong ones of those from the guides (squares), each with
    its interval; a dashed line where something was published. Weeks follow one another by date."""
    if not weeks:
        return Markup("")
    first, last = monday(weeks[0].name), monday(weeks[-1].name) + timedelta(days=7)
    shown = [(at, name) for at, name in changes if first <= at.astimezone(UTC).date() < last]
    parts = [
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" class="course" '
            'font-family="system-ui, sans-serif" font-size="13" fill="currentColor">'
            "<title>{}</title>"
        ).format(WIDTH, HEIGHT, title),
        *_axes(weeks, first, last),
        *(_change(_place(at, first, last), name) for at, name in shown),
        *_series(weeks, "right", RIGHT_COLOUR, -4, first, last),
        *_series(weeks, "wrong", WRONG_COLOUR, 4, first, last),
        *_legend(),
        Markup("</svg>"),
    ]
    return Markup("").join(parts)


def monday(week: str) -> date:
    """The first day of a week such as `2031-W07`."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def _place(at: datetime, first: date, last: date) -> float:
    """Where a moment stands, from left to right."""
    begin = datetime.combine(first, time(), UTC)
    part = (at - begin) / timedelta(days=(last - first).days)
    return LEFT + part * (WIDTH - LEFT - RIGHT)


def _middle(week: str, first: date, last: date) -> float:
    return _place(datetime.combine(monday(week), time(12), UTC) + timedelta(days=3), first, last)


def _height(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _axes(weeks: Sequence[Week], first: date, last: date) -> Iterator[Markup]:
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _height(share)
        yield Markup(
            '<line x1="{}" y1="{:.1f}" x2="{}" y2="{:.1f}" stroke="currentColor" opacity="0.2"/>'
            '<text x="{}" y="{:.1f}" text-anchor="end">{:.0f} %</text>'
        ).format(LEFT, y, WIDTH - RIGHT, y, LEFT - 6, y + 4, 100 * share)
    every = -(-len(weeks) // LABELS)
    for week in weeks[::every]:
        day = monday(week.name)
        yield Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}/{}</text>').format(
            _middle(week.name, first, last), HEIGHT - BOTTOM + 20, day.day, day.month
        )


def _change(x: float, name: str) -> Markup:
    return Markup(
        '<line x1="{:.1f}" y1="{}" x2="{:.1f}" y2="{}" stroke="currentColor" '
        'stroke-dasharray="4 3" class="change"><title>{}</title></line>'
    ).format(x, TOP, x, HEIGHT - BOTTOM, name)


def _series(
    weeks: Sequence[Week], name: str, colour: str, aside: float, first: date, last: date
) -> Iterator[Markup]:
    """Marks with their intervals, `aside` of the middle so that two series do not cover each other,
    joined by a line."""
    told: list[tuple[float, Estimate]] = [
        (_middle(week.name, first, last) + aside, found)
        for week in weeks
        if (found := getattr(week, name)) is not None
    ]
    points = " ".join(f"{x:.1f},{_height(found.value):.1f}" for x, found in told)
    yield Markup('<polyline points="{}" fill="none" stroke="{}"/>').format(points, colour)
    for x, found in told:
        yield Markup(
            '<line x1="{0:.1f}" y1="{1:.1f}" x2="{0:.1f}" y2="{2:.1f}" stroke="{3}" '
            'stroke-width="2" opacity="0.6"/>'
        ).format(x, _height(found.low), _height(found.high), colour)
        yield _mark(x, _height(found.value), colour, name == "wrong")


def _mark(x: float, y: float, colour: str, square: bool) -> Markup:
    if square:
        text = '<rect x="{:.1f}" y="{:.1f}" width="9" height="9" fill="{}"/>'
        return Markup(text).format(x - 4.5, y - 4.5, colour)
    return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="5" fill="{}"/>').format(x, y, colour)


def _legend() -> Iterator[Markup]:
    for x, words, colour, square in (
        (LEFT + 6, "giuste, di tutte", RIGHT_COLOUR, False),
        (LEFT + 160, "sbagliate, di quelle dalle guide", WRONG_COLOUR, True),
    ):
        yield _mark(x, 14, colour, square)
        yield Markup('<text x="{}" y="18">{}</text>').format(x + 10, words)
    yield Markup(
        '<line x1="{0}" y1="6" x2="{0}" y2="22" stroke="currentColor" stroke-dasharray="4 3"/>'
        '<text x="{1}" y="18">guide pubblicate</text>'
    ).format(LEFT + 400, LEFT + 408)
