"""What the columns of files are made of: expressions over incidents and over the claims on them.

One rule: whatever stands beside a row (links, a wave, another claim) is asked for as the reader of
the question, and only where the row says that there is something. Called by columns.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    Expression,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, NullIf
from django.db.models.lookups import Exact, IsNull
from django.urls import reverse
from django.utils.translation import get_language

from incidents.cells import LONGEST_CELL, TOO_LONG
from incidents.filters import Question
from incidents.models import (
    Article,
    Claim,
    ClaimStep,
    Incident,
    IncidentFigure,
    IncidentKnot,
    IncidentLink,
    choices,
)
from incidents.models.places import name_field
from incidents.written import Barred, CodeOf, MonthEnd, Together, YearEnd, YearOf

OfQuestion = Callable[[Question], Any]
CLAIMS = "claims__"
BESIDE = "attest_beside"  # the temporary table that `beside` fills


def named(path: str) -> OfQuestion:
    """The name of a place in the reader's language, else in English."""

    def name(question: Question) -> Any:
        own = name_field(get_language())
        if own == "name":
            return F(f"{path}__name")
        return Coalesce(NullIf(F(f"{path}__{own}"), Value("")), F(f"{path}__name"))

    return name


def in_language(name: str) -> Any:
    """Words that are stored in each language, in the reader's."""
    language = (get_language() or "en")[:2]
    if language not in ("ko", "zh"):
        return F(name)
    return Coalesce(NullIf(F(f"{name}_{language}"), Value("")), F(name))


def text_case(*cases: When, default: str | Expression | F = "") -> Case:
    """Choose a text."""
    other = Value(default) if isinstance(default, str) else default
    return Case(*cases, default=other, output_field=TextField())


def review(question: Question) -> Case:
    """Where the record stands between researcher and reviewer; as `review_state` says."""
    return text_case(
        When(~Q(status=choices.Status.PUBLISHED), then=Value(str(choices.Review.NONE))),
        When(version__gt=F("signed_version"), then=Value(str(choices.Review.CHANGED))),
        When(second_read=True, then=Value(str(choices.Review.SECOND_READ))),
        default=str(choices.Review.NOT_SECOND_READ),
    )


def date_precision(question: Question) -> Case:
    """How exact the two days are; as `dates.precision_of` says."""
    return text_case(
        When(earliest=None, latest=None, then=Value("none")),
        When(Q(earliest=None) | Q(latest=None), then=Value("open")),
        When(earliest=F("latest"), then=Value("day")),
        When(latest=YearEnd("earliest"), then=Value("year")),
        When(latest=MonthEnd("earliest"), then=Value("month")),
        default="range",
    )


def date_match(question: Question) -> Expression:
    """How the row matches the days asked for; as `Question.match_of` says."""
    if not question.has_window:
        return Value("", TextField())
    (first, last), inside = question.window, Q()
    if first:
        inside &= Q(earliest__gte=first)
    if last:
        inside &= Q(latest__lte=last)
    return text_case(
        When(Q(earliest=None) | Q(latest=None), then=Value("open")),
        When(inside, then=Value("certain")),
        default="possible",
    )


def year(question: Question) -> Case:
    """The year, where both days lie in one."""
    first, last = YearOf("earliest"), YearOf("latest")
    return Case(When(Exact(first, last), then=first))


def place_precision(question: Question) -> Case:
    """How exactly the place is known: a point of its own, else the kind of the main place."""
    kinds = ("site", "locality", "admin2", "admin1", "country")
    return text_case(
        When(~Q(point_precision=""), then=F("point_precision")),
        *(When(main_place__kind=kind, then=Value(kind)) for kind in kinds),
        default="none",
    )


def degrees(name: str) -> OfQuestion:
    """A coordinate: the incident's own, else that of a town or site."""

    def coordinate(question: Question) -> Case:
        return Case(
            When(**{f"{name}__isnull": False}, then=F(name)),
            When(main_place__kind__in=("locality", "site"), then=F(f"main_place__{name}")),
        )

    return coordinate


class Joined(Subquery):
    """Several values in one cell, in the order of the rows; too many say where to look.

    Takes rows with one column, x; null where there are none.
    """

    output_field = TextField()

    def as_sql(self, compiler, connection, **context: Any) -> tuple[str, list]:
        """Join in the database."""
        join = "string_agg" if connection.vendor == "postgresql" else "group_concat"
        rows, params = super().as_sql(compiler, connection, **context)
        return (
            f"(SELECT CASE WHEN length(whole) > {LONGEST_CELL} THEN '{TOO_LONG}' ELSE whole END"
            f" FROM (SELECT {join}(one.x, ' | ') AS whole FROM {rows} one) joined)"
        ), list(params)


class Beside(Func):
    """A column of the temporary table, for the incident that the row is about; null for none."""

    def __init__(self, column: str, output_field: Any) -> None:
        self.column = column
        super().__init__(F("pk"), output_field=output_field)

    def as_sql(self, compiler, connection, **context: Any) -> tuple[str, list]:
        """Look the incident up."""
        [key] = self.get_source_expressions()
        sql, params = compiler.compile(key)
        found = f"SELECT {self.column} FROM {BESIDE} WHERE {BESIDE}.incident = {sql}"
        return f"({found})", list(params)


def standing(column: str) -> Subquery:
    """What is stored of how a tied incident stands where its knot is whole; null for none."""
    return Subquery(IncidentKnot.objects.filter(pk=OuterRef("pk")).values(column))


def counted(question: Question) -> Case:
    """Whether the row is a line of the question's total."""
    none = Q(kind=choices.IncidentKind.AGGREGATE) | Q(figure_kind=choices.FigureKind.NONE)
    stored = IncidentKnot.objects.filter(pk=OuterRef("pk"))
    said = Case(When(counted=True, then=Value("yes")), default=Value("no"))
    whole = Subquery(stored.annotate(said=said).values("said"), output_field=TextField())
    return text_case(
        When(tied=True, then=Coalesce(Beside("counted", TextField()), whole, figure_or_not())),
        When(none, then=Value("no")),
        default="yes",
    )


def figure_or_not() -> Case:
    """Whether a row without a standing of its own has a figure to add."""
    none = Q(kind=choices.IncidentKind.AGGREGATE) | Q(figure_kind=choices.FigureKind.NONE)
    return text_case(When(none, then=Value("no")), default="yes")


def counted_why(question: Question) -> Case:
    """Why the row is no line of the total; empty where it is one."""
    plain = text_case(
        When(kind=choices.IncidentKind.AGGREGATE, then=Value("aggregate")),
        When(figure_kind=choices.FigureKind.NONE, then=Value("no figure")),
    )
    own = Coalesce(Beside("counted_why", TextField()), standing("counted_why"), plain)
    return text_case(When(tied=True, then=own), default=plain)


def overlap_group(question: Question) -> Case:
    """The incident that names the group of those that may be the same people.

    One that has a standing of its own beside the stored rows may have no group where its whole
    knot has.
    """
    is_cut = IsNull(Beside("counted", TextField()), False)
    return Case(
        When(tied=False, then=Value(None)),
        When(is_cut, then=Beside("overlap_group", BigIntegerField())),
        default=standing("overlap_group"),
        output_field=BigIntegerField(),
    )


def beside_or(name: str, stored: str, output_field: Any) -> OfQuestion:
    """What stands on the row for everybody, or what this reader sees beyond that."""

    def either(question: Question) -> Any:
        if not question.closed_claims:
            return F(stored)
        return Coalesce(Beside(name, output_field), F(stored))

    return either


def wave(question: Question) -> Case:
    """The wave that the event is part of, where the reader may see it."""
    seen = Incident.objects.visible_to(question.user).filter(pk=OuterRef("wave"))
    return Case(When(wave__isnull=False, then=Subquery(seen.order_by().values("pk"))))


def other_figures(question: Question) -> Case:
    """The figures in other measures than the principal one: `missing 3/5/9 (3 to 9)`."""
    figures = IncidentFigure.objects.filter(incident=OuterRef("pk"))
    numbers = [
        Coalesce(Cast(name, TextField()), Value("-"))
        for name in ("people_low", "people_best", "people_high")
    ]
    low, best, high = numbers
    said = Together(
        *(F("measure"), Value(" "), low, Value("/"), best, Value("/"), high),
        *(Value(" ("), in_language("figure_words"), Value(")")),
    )
    others = figures.exclude(measure=OuterRef("category__measure")).order_by("measure")
    return text_case(When(Exists(others), then=Joined(others.annotate(x=Barred(said)).values("x"))))


def may_overlap(question: Question) -> Case:
    """The incidents that may be about the same people, with how sure that is."""
    ends = Q(first=OuterRef("pk")) | Q(second=OuterRef("pk"))
    other = Case(When(first=OuterRef("pk"), then=F("second_id")), default=F("first_id"))
    links = visible_links(question).filter(ends, kind=choices.LinkKind.SAME_PEOPLE)
    said = Together(CodeOf(other), Value(" ("), F("certainty"), Value(")"))
    return text_case(When(linked=True, then=Joined(links.annotate(x=said).values("x"))))


def next_stage(question: Question) -> Case:
    """The incidents that are the next stage for the same people."""
    links = visible_links(question).filter(first=OuterRef("pk"), kind=choices.LinkKind.NEXT_STAGE)
    found = Joined(links.annotate(x=CodeOf("second_id")).values("x"))
    return text_case(When(linked=True, then=found))


def visible_links(question: Question) -> Any:
    """The links whose both ends the reader may see, by number."""
    both = (seen_by(question, "first"), seen_by(question, "second"))
    return IncidentLink.objects.filter(*both).order_by("id")


def seen_by(question: Question, name: str) -> Exists:
    """Whether the reader may see the incident that a row refers to.

    Asked of that one incident: SQLite would list all incidents first where it reads `IN (...)`,
    a second among a million.
    """
    return Exists(Incident.objects.visible_to(question.user).filter(pk=OuterRef(name)))


def steps(question: Question) -> Case:
    """The chain inside the article: name, verb and day of each step."""
    parts = [text_case(When(~Q(verb=""), then=Together(Value(", "), F("verb"))))]
    parts.append(text_case(When(~Q(date_edtf=""), then=Together(Value(", "), F("date_edtf")))))
    chain = ClaimStep.objects.filter(claim=OuterRef(f"{CLAIMS}pk")).order_by("position")
    said = Together(F("name_as_printed"), *parts)
    return text_case(When(Exists(chain), then=Joined(chain.annotate(x=Barred(said)).values("x"))))


def other_claim(name: str) -> OfQuestion:
    """The number of the claim that this one refers to, where the reader may see it."""
    path = f"{CLAIMS}{name}"

    def number(question: Question) -> Case:
        is_open = Q(restricted=False) | Q(pk__in=question.closed_claims)
        seen = Claim.objects.filter(seen_by(question, "incident"), is_open, pk=OuterRef(path))
        found = Subquery(seen.order_by().values("pk"))
        return Case(When(**{f"{path}__isnull": False}, then=found))

    return number


def reprint_of(question: Question) -> Case:
    """The number of the article that the claim's article reprints, where the reader may see it."""
    path = f"{CLAIMS}article__reprint_of"
    seen = Article.objects.visible_to(question.user).filter(pk=OuterRef(path))
    found = Subquery(seen.order_by().values("pk"))
    return Case(When(**{f"{path}__isnull": False}, then=found))


def address(question: Question) -> Together:
    """The address of the incident's page."""
    before, after = (settings.SITE_URL + reverse("incident-detail", args=["CODE"])).split("CODE")
    return Together(Value(before), CodeOf("pk"), Value(after))


def claim_address(question: Question) -> Together:
    """The address of the claim on the incident's page."""
    number = Cast(f"{CLAIMS}pk", TextField())
    return Together(address(question), Value("#claim-"), number)
