"""Reads a phrase as one of a few shapes of points: from P to P, since P, P and P, before P.

What one point leaves out it takes from its neighbour (8-21 October 2022), and only then from the
publication. A shape that is not in the table is refused. Called by `dates.py`.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import groupby, pairwise

from incidents.date_edtf import Span, Unreadable, hull
from incidents.date_points import Point, gather
from incidents.date_reckoning import DAY, Anchor, long_day, reckon
from incidents.date_words import Token

JOINTS = {
    "to": "to", "start": "start", "and": "and", "or": "or", "from": "from", "since": "since",
    "since_before": "since", "since_after": "since", "sofar": "sofar", "now": "now",
    "onwards": "onwards", "until": "until", "until_after": "until", "before": "before",
    "after": "after", "between": "between", "between_after": "between",
}  # fmt: skip
SILENT_RUN = {"link", "prep", "place", "open", "close"}

Reading = Callable[[list[Point], Anchor], Span]


def read_phrase(tokens: Sequence[Token], anchor: Anchor) -> Span:
    """Return the days of a phrase. Raises Unreadable when its shape is not known."""
    check_brackets(tokens)
    shape, points = shape_of(tokens)
    reading = SHAPES.get(shape)
    if reading is None and set(shape) <= {"P", "and", "or"}:
        reading = listing(shape)
    if reading is None and shape.count("P") == 1 and {"from", "between"} & set(shape):
        raise Unreadable("it says only one end of a stretch; write both, or “since” or “until”")
    if reading is None:
        raise Unreadable("how its parts hang together is not understood")
    return reading(points, anchor)


def check_brackets(tokens: Sequence[Token]) -> None:
    """Refuse brackets that are not opened and closed in turn."""
    brackets = [token.kind for token in tokens if token.kind in ("open", "close")]
    if brackets != ["open", "close"] * (len(brackets) // 2):
        raise Unreadable("its brackets do not match")


def shape_of(tokens: Sequence[Token]) -> tuple[tuple[str, ...], list[Point]]:
    """Return the phrase as joints and points, such as (from, P, to, P), and the points."""
    shape: list[str] = []
    points = []
    for joint, run in groupby(tokens, key=lambda token: JOINTS.get(token.kind, "")):
        pieces = list(run)
        if joint:
            shape += [joint] * len(pieces)
        elif not all(token.kind in SILENT_RUN for token in pieces):
            shape.append("P")
            points.append(gather(pieces))
    return tuple(shape), points


def listing(shape: tuple[str, ...]) -> Reading | None:
    """Return the reading of P and P, P or P, P and P and P."""
    joints = set(shape[1::2])
    if set(shape[::2]) != {"P"} or len(joints) != 1 or len(shape) % 2 == 0:
        return None
    return each_of if joints == {"and"} else one_of


def alone(points: list[Point], anchor: Anchor) -> Span:
    """Read one point."""
    return reckon(points[0], anchor)


def stretch(points: list[Point], anchor: Anchor) -> Span:
    """Read from P to P, both ends included."""
    first, last = complete(points, anchor)
    return joined(first, last)


def joined(first: Span, last: Span) -> Span:
    """Return the stretch between two points; refuse a reversed one."""
    if not (first.earliest and last.latest and last.earliest) or first.earliest > last.earliest:
        raise Unreadable("it ends before it begins")
    start, end = edge(first, 0), edge(last, -1)
    return Span(start if start == end else f"{start}/{end}", first.earliest, last.latest)


def edge(span: Span, side: int) -> str:
    """Return the first (0) or last (-1) end of a point's own expression."""
    return span.edtf.split("/")[side]


def since(points: list[Point], anchor: Anchor) -> Span:
    """Read since P: up to the publication where it is known, else open."""
    first = reckon(points[0], anchor)
    published = anchor.published
    if published is None:
        return Span(f"{edge(first, 0)}/..", first.earliest, None)
    if first.earliest and first.earliest > published:
        raise Unreadable(f"it begins after the publication on {long_day(published)}")
    anchor.because(f"it is taken to run up to the publication on {long_day(published)}")
    return joined(first, Span(published.isoformat(), published, published))


def until(points: list[Point], anchor: Anchor) -> Span:
    """Read until P, with P itself."""
    last = reckon(points[0], anchor)
    check_deadline(points[0], last, anchor)
    return Span(f"../{edge(last, -1)}", None, last.latest)


def before(points: list[Point], anchor: Anchor) -> Span:
    """Read before P, without P."""
    first = whole(points[0], anchor).earliest
    if first is None or first == dt.date.min:
        raise Unreadable("nothing lies before it")
    return Span(f"../{(first - DAY).isoformat()}", None, first - DAY)


def after(points: list[Point], anchor: Anchor) -> Span:
    """Read after P, without P; the end stays open."""
    last = whole(points[0], anchor).latest
    if last is None or last == dt.date.max:
        raise Unreadable("nothing lies after it")
    return Span(f"{(last + DAY).isoformat()}/..", last + DAY, None)


def whole(point: Point, anchor: Anchor) -> Span:
    """Return the days of a point with sharp edges; before mid-October has none."""
    if point.partial or point.about or point.unsure:
        raise Unreadable("before or after only part of a day, month or year is not clear")
    if point.names == {"week"}:
        raise Unreadable("weeks begin on Monday or Sunday, so the day before or after is not clear")
    span = reckon(point, anchor)
    check_deadline(point, span, anchor)
    return span


def check_deadline(point: Point, found: Span, anchor: Anchor) -> None:
    """Refuse by Monday, until October: they may lie ahead, unless they are just past."""
    published, latest = anchor.published, found.latest
    yearless = point.names & {"weekday", "day", "month"} and not has_year(point)
    if not yearless or point.last or published is None or latest is None:
        return
    just_past = 90 if point.month is not None else 7 if point.day is not None else 0
    if (published - latest).days >= just_past:
        raise Unreadable(
            f"it may mean {long_day(latest)} or a day after the publication; add the whole date"
        )


def each_of(points: list[Point], anchor: Anchor) -> Span:
    """Read 20 and 22 March: a set of days that all hold."""
    return collected("{}", points, anchor)


def one_of(points: list[Point], anchor: Anchor) -> Span:
    """Read 26 or 27 April: a set of which one holds."""
    return collected("[]", points, anchor)


def collected(brackets: str, points: list[Point], anchor: Anchor) -> Span:
    """Return a set of points in their order, and the days that hold them all."""
    spans = complete(points, anchor)
    if any("/" in span.edtf for span in spans):
        raise Unreadable("a list of longer stretches is not read")
    for one, next_one in pairwise(spans):
        if not (one.latest and next_one.earliest) or one.latest >= next_one.earliest:
            raise Unreadable("its parts do not follow one another")
    members = ",".join(span.edtf for span in spans)
    return Span(brackets[0] + members + brackets[1], *hull(spans))


def complete(points: list[Point], anchor: Anchor) -> list[Span]:
    """Return the days of points that complete one another, the last one first."""
    for point, later in pairwise(points[::-1]):
        lend_unit(point, later)
    for earlier, point in pairwise(points):
        lend_back(point, earlier)
        check_kin(earlier, point)
    spans = [last_span(points, anchor)]
    for point in points[-2::-1]:
        spans.insert(0, earlier_span(point, spans[0], anchor))
    return spans


def lend_unit(lender: Point, point: Point) -> None:
    """Give 8 in “8-21 October” its unit, month and year from the point behind it."""
    if point.bare is not None and point.day is None:
        if lender.lends == "day" and lender.day is not None:
            point.day, point.bare = point.bare, None
        elif lender.lends == "month" and lender.day is None and point.month is None:
            point.month, point.bare = point.bare, None
    if point.day is not None and lender.day is not None and is_monthless(point):
        if lender.months is not None and lender.month is None and point.day > lender.day:
            return
        point.month, point.months = lender.month, lender.months
        point.year = point.year if point.year is not None else lender.year
        point.years = point.years if point.years is not None else lender.years
        point.said += lender.said


def is_monthless(point: Point) -> bool:
    """Tell a day whose month is not said in any way."""
    relative = (point.month, point.months, point.days, point.week)
    return all(fact is None for fact in relative) and not point.last


def lend_back(point: Point, earlier: Point) -> None:
    """Give 21 in “October 8-21” and “지난달 8일부터 21일” its month and year."""
    if point.bare is not None and earlier.day is not None and is_monthless(point):
        point.day, point.bare = point.bare, None
    if point.day is not None and earlier.day is not None and is_monthless(point):
        point.month, point.months = earlier.month, earlier.months
        point.said += earlier.said
    if point.names == {"weekday"} and earlier.names == {"weekday", "week"} and not point.last:
        point.week, point.monday_first = earlier.week, earlier.monday_first
        point.said += earlier.said


def check_kin(first: Point, last: Point) -> None:
    """Refuse ends that would be read as two by mistake: Apr-2024, 2024-April, Monday - 9 May."""
    for one, other in ((first, last), (last, first)):
        if one.names <= {"year", "years"} and not other.names & {"year", "years", "months", "days"}:
            raise Unreadable("one end names only a year and the other none")
    if first.day is None and last.day is not None and last.month is None and last.months is None:
        raise Unreadable("one end names a day without its month")
    if (first.names == {"weekday"}) != (last.names == {"weekday"}) and (
        last.days is None and first.days is None
    ):
        raise Unreadable("one end is a weekday and the other is none")


def last_span(points: list[Point], anchor: Anchor) -> Span:
    """Return the days of the last point, its year taken from the nearest that has one."""
    last = points[-1]
    dated = next((point for point in points[-2::-1] if has_year(point)), None)
    if has_year(last) or dated is None or last.month is None:
        return reckon(last, anchor)
    last.year, last.years = dated.year, dated.years
    last.said += dated.said
    if dated.month is not None and month_day(last) < month_day(dated):
        check_turn(dated.month, last.month)
        turn_year(last, +1, anchor)
    span = reckon(last, anchor)
    if anchor.reasons and anchor.published and span.earliest and span.earliest > anchor.published:
        raise Unreadable("it would end after the publication")
    return span


def earlier_span(point: Point, later: Span, anchor: Anchor) -> Span:
    """Return the days of a point before another, its year taken from that one."""
    if has_year(point) or point.month is None or later.latest is None:
        return reckon(point, anchor, later.latest)
    point.year = later.latest.year
    if month_day(point) > (later.latest.month, later.latest.day):
        check_turn(point.month, later.latest.month)
        turn_year(point, -1, anchor)
    return reckon(point, anchor)


def has_year(point: Point) -> bool:
    """Tell whether a point's year is stated or counted."""
    relative = (point.year, point.years, point.months, point.days, point.week)
    return any(fact is not None for fact in relative)


def month_day(point: Point) -> tuple[int, int]:
    """Return month and day for comparison within a year."""
    return point.month or 1, point.day or 1


def check_turn(first: int, last: int) -> None:
    """Refuse a turn of the year that would make more than half a year: ends reversed."""
    if not 1 <= (last - first) % 12 <= 6:
        raise Unreadable("it ends before it begins")


def turn_year(point: Point, step: int, anchor: Anchor) -> None:
    """Move a point over the turn of the year: 28 December to 3 January 2024."""
    if point.years is not None:
        point.year, point.years = anchor.day().year + point.years, None
    point.year = (point.year or 0) + step
    anchor.because(f"one end lies over the turn of the year, in {point.year}")


def so_far(points: list[Point], anchor: Anchor) -> Span:
    """Read so far this year, which needs the publication."""
    anchor.day()
    return since(points, anchor)


STRETCHES = (
    "P to P|from P to P|from P until P|P until P|between P and P|between P to P|P and P between"
    "|P to P between|P to P until|from P to P until|P start P|P start P until|P start P between"
    "|from P start P until"
)
BEGINNINGS = (
    "since P|P since|from P since|P start|from P start|from P onwards|P onwards|P now|from P now"
    "|since P now|P since now|from P start now|P to now|from P to now|P start now|P start now until"
)
SHAPES: dict[tuple[str, ...], Reading] = {
    tuple(shape.split()): reading
    for reading, shapes in (
        (alone, "P"),
        (stretch, STRETCHES),
        (since, BEGINNINGS),
        (so_far, "sofar P|P sofar"),
        (until, "until P|P until|to P until"),
        (before, "before P"),
        (after, "after P"),
    )
    for shape in shapes.split("|")
}
