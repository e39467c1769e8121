"""The closed vocabularies: every code a record, a parameter or an export may hold.

Codes are stored in lower case and never change their meaning. The open vocabularies (categories,
sources, places) are tables.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PlaceKind(TextChoices):
    REGION = "region", _("region")
    SUBREGION = "subregion", _("subregion")
    COUNTRY = "country", _("country")
    ADMIN1 = "admin1", _("first-level division")
    ADMIN2 = "admin2", _("second-level division")
    LOCALITY = "locality", _("town or village")
    SITE = "site", _("site")


class PlaceRole(TextChoices):
    HAPPENED = "happened", _("where it happened")
    APPREHENSION = "apprehension", _("apprehension")
    DETENTION = "detention", _("detention")
    CROSSING = "crossing", _("crossing")
    DESTINATION = "destination", _("destination")
    UNCLEAR = "unclear", _("role unclear")
    CONTEXT = "context", _("context only")


class PointPrecision(TextChoices):
    EXACT = "exact", _("exact point")
    SITE = "site", _("site")
    LOCALITY = "locality", _("town or village")


class SourceKind(TextChoices):
    PERSON = "person", _("person")
    OUTLET = "outlet", _("news outlet")
    AGENCY = "agency", _("news agency")
    NGO = "ngo", _("non-governmental organisation")
    GOVERNMENT = "government", _("government body")
    INTERGOVERNMENTAL = "intergovernmental", _("intergovernmental body")
    ACADEMIC = "academic", _("university or researcher")
    OTHER = "other", _("other")


class Reliability(TextChoices):
    A = "A", _("A: completely reliable")
    B = "B", _("B: usually reliable")
    C = "C", _("C: fairly reliable")
    D = "D", _("D: not usually reliable")
    E = "E", _("E: unreliable")
    F = "F", _("F: cannot be judged")


class ArticleKind(TextChoices):
    NEWS = "news", _("news article")
    EDITORIAL = "editorial", _("editorial or opinion")
    REPORT = "report", _("report")
    STATEMENT = "statement", _("press release or statement")
    PAGE = "page", _("web page")
    BROADCAST = "broadcast", _("broadcast")
    POST = "post", _("social media post")
    OTHER = "other", _("other")


class CodingState(TextChoices):
    TO_CODE = "to_code", _("to code")
    CODED = "coded", _("coded")
    NOTHING_NEW = "nothing_new", _("read - nothing new")


class IncidentKind(TextChoices):
    EVENT = "event", _("event")
    WAVE = "wave", _("wave")
    AGGREGATE = "aggregate", _("aggregate")


class Status(TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    MERGED = "merged", _("merged")


class Review(TextChoices):
    NONE = "none", _("not reviewed")
    SECOND_READ = "second_read", _("second-read")
    NOT_SECOND_READ = "not_second_read", _("not second-read")
    CHANGED = "changed", _("changed since review")


class Measure(TextChoices):
    RETURNED = "returned", _("returned")
    ARRESTED = "arrested", _("arrested")
    DETAINED = "detained", _("detained")
    DEAD = "dead", _("dead")
    MISSING = "missing", _("missing")
    INJURED = "injured", _("injured")
    DISAPPEARED = "disappeared", _("disappeared")
    AFFECTED = "affected", _("affected")


class Stance(TextChoices):
    AFFIRMS = "affirms", _("affirms")
    AFFIRMS_IN_PART = "affirms_in_part", _("affirms in part")
    DOES_NOT_DENY = "does_not_deny", _("does not deny")
    DENIES = "denies", _("denies")
    CANNOT_CONFIRM = "cannot_confirm", _("cannot confirm")
    DISPUTES_NUMBER = "disputes_number", _("disputes the number")
    COMMENTS = "comments", _("comments")


class Basis(TextChoices):
    EVENT = "event", _("event: the people in this act")
    PART = "part", _("part: a sub-count of another claim")
    STOCK = "stock", _("stock: people in a state at one time")
    CUMULATIVE = "cumulative", _("cumulative: a total over several acts")
    RATE = "rate", _("rate: per day, month or year")
    PLANNED = "planned", _("planned: has not happened")
    PREVENTED = "prevented", _("prevented: did not happen")


class Origin(TextChoices):
    OWN = "own", _("gathered it itself")
    RELAYS = "relays", _("relays somebody else")
    NOT_KNOWN = "not_known", _("not known")


class ClaimStatus(TextChoices):
    ACCEPTED = "accepted", _("accepted")
    CONFLICT = "conflict", _("conflict")
    NEEDS_WORK = "needs_work", _("needs work")
    SET_ASIDE = "set_aside", _("set aside")


class Qualifier(TextChoices):
    EXACTLY = "exactly", _("exactly")
    ABOUT = "about", _("about")
    NEARLY = "nearly", _("nearly")
    ODD = "odd", _("a little over")
    AT_MOST = "at_most", _("at most")
    LESS_THAN = "less_than", _("less than")
    AT_LEAST = "at_least", _("at least")
    MORE_THAN = "more_than", _("more than")
    BETWEEN = "between", _("between")
    INDEFINITE = "indefinite", _("indefinite")
    UNSTATED = "unstated", _("unstated")


class Unit(TextChoices):
    PERSONS = "persons", _("persons")
    FAMILIES = "families", _("families")
    HOUSEHOLDS = "households", _("households")
    FLIGHTS = "flights", _("flights")


class FigureKind(TextChoices):
    EXACT = "exact", _("exact")
    ABOUT = "about", _("about")
    AT_LEAST = "at_least", _("at least")
    AT_MOST = "at_most", _("at most")
    RANGE = "range", _("range")
    DISPUTED = "disputed", _("disputed")
    ASSESSED = "assessed", _("assessed")
    NONE = "none", _("no figure")


class LinkKind(TextChoices):
    SAME_PEOPLE = "same_people", _("may be the same people")
    NEXT_STAGE = "next_stage", _("same people, next stage")


class Certainty(TextChoices):
    POSSIBLE = "possible", _("possible")
    PROBABLE = "probable", _("probable")
    ESTABLISHED = "established", _("established")


class MergeKind(TextChoices):
    INCIDENT = "incident", _("incident")
    SOURCE = "source", _("source")
    PLACE = "place", _("place")


class SourcePart(TextChoices):
    CLAIMANT = "claimant", _("claimant")
    PUBLISHER = "publisher", _("publisher")


class ExportState(TextChoices):
    STARTED = "started", _("started")
    FINISHED = "finished", _("finished")
    FAILED = "failed", _("failed")


class ImportState(TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    SAVING = "saving", _("being saved")
    SAVED = "saved", _("saved")
    REFUSED = "refused", _("refused")
    CANCELLED = "cancelled", _("cancelled")
    UNDONE = "undone", _("undone")
