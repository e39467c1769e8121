"""The files of a package: every table with its columns, in the order in which they are restored.

One rule: what is not listed here does not leave, and a test holds the list against the models: each
column is listed, worked out anew, or named in LEFT_OUT with the reason. Read by packing,
restoring and the codebook.
"""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import Group
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.models import (
    Article,
    Assessment,
    Category,
    Claim,
    ClaimStep,
    Edition,
    ExportLog,
    Import,
    Incident,
    IncidentFigure,
    IncidentKnot,
    IncidentLink,
    IncidentPlace,
    IncidentRegion,
    IncidentSource,
    IncidentText,
    KnotSum,
    Merge,
    MonthSum,
    Origin,
    Place,
    PlaceAncestor,
    PlaceName,
    Source,
    SourceAlias,
    User,
)

SCHEMA = 2  # counted up when a file or column changes
FORMAT = "attest-package"
README, MANIFEST = "README.txt", "manifest.json"
EDITED = "edited"
DATE = "date_words date_edtf earliest latest date_inferred date_anchor date_reasoning"


@dataclass(frozen=True)
class Table:
    """One file: its model, the columns in their order, and how a row is named.

    `named_by`: the text that names a record in every database; without it rows have their key
    (`id`), and a table with an `owner` is named by all its columns. `desk`: columns that stay
    empty for readers who do not edit. `beside`: a column that is no field of the model.
    """

    name: str
    model: type[models.Model]
    listed: str
    meaning: Promise
    named_by: str = ""
    owner: str = ""
    desk: frozenset[str] = frozenset()
    beside: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{self.name}.csv"

    @cached_property
    def fields(self) -> list[models.Field]:
        """The model's fields behind the columns."""
        return [self.model._meta.get_field(name) for name in self.listed.split()]

    @property
    def columns(self) -> list[str]:
        """The header."""
        return [*self.listed.split(), *self.beside]

    @property
    def has_keys(self) -> bool:
        """Whether rows have the key that they have in the database."""
        return not self.named_by and not self.owner

    @cached_property
    def references(self) -> dict[str, str]:
        """Map columns that refer to a record to the name of its table."""
        return {
            field.name: table_of(field.related_model).name
            for field in self.fields
            if field.is_relation
        }

    @cached_property
    def needed(self) -> frozenset[str]:
        """The references without which there is no row."""
        return frozenset(f.name for f in self.fields if f.is_relation and not f.null)


TABLES = (
    Table(
        "users",
        User,
        "username",
        _("The names of the accounts that logged, signed, assessed or merged; nothing else."),
        named_by="username",
    ),
    Table("groups", Group, "name", _("The names of the groups that records are kept to."), "name"),
    Table(
        "categories",
        Category,
        "code name name_ko name_zh definition definition_ko definition_zh measure position",
        _("The kinds of act that the incidents belong to."),
        named_by="code",
    ),
    Table(
        "places",
        Place,
        "code kind parent name name_ko name_zh iso3 latitude longitude merged_into",
        _("The places that are used, and all they lie in. Edited: by a person, not the gazetteer."),
        named_by="code",
        beside=(EDITED,),
    ),
    Table(
        "place_names",
        PlaceName,
        "place language name own",
        _("The names by which these places are found. Own: one of the place's own three."),
        owner="place",
    ),
    Table(
        "sources",
        Source,
        "id slug name kind country parent reliability note merged_into",
        _("Who says or publishes, with the bodies they belong to."),
    ),
    Table("source_aliases", SourceAlias, "id source name", _("Other names of these sources.")),
    Table(
        "articles",
        Article,
        "id url title publisher credit reprint_of language kind archive_url accessed_on"
        f" coding_state assigned_to {DATE} created updated",
        _("The articles that the claims stand in. The date is that of publication."),
        desk=frozenset({"assigned_to"}),
    ),
    Table(
        "article_groups",
        Article.restricted_to.through,
        "article group",
        _("The groups that an article is kept to."),
        owner="article",
    ),
    Table(
        "incidents",
        Incident,
        "id kind category title summary people_label nationality sending receiving"
        f" {DATE} date_not_stated place_not_stated latitude longitude point_precision wave"
        " responsible extra status merged_into logged_by review_note version signed_version"
        " signed_by signed_at second_read first_published created updated",
        _("The incidents; AT-000123 has the key 123. Figures are not here: they follow anew."),
        desk=frozenset({"logged_by", "review_note"}),
    ),
    Table(
        "incident_groups",
        Incident.restricted_to.through,
        "incident group",
        _("The groups that an incident is kept to."),
        owner="incident",
    ),
    Table(
        "incident_places",
        IncidentPlace,
        "id incident place role words",
        _("The places an incident touched, each in its role."),
    ),
    Table(
        "incident_links",
        IncidentLink,
        "id first second kind certainty reason",
        _("Incidents that may be about the same people, or one the next stage of the other."),
    ),
    Table(
        "claims",
        Claim,
        "id article incident source source_as_printed source_suggested stance measure basis of"
        f" words qualifier low value high unit people act_words {DATE} place_words place"
        " place_role quote translation locator origin repeats seen_original corrects status"
        " status_note credibility created updated",
        _("The claims: what one source says in one article about one incident."),
    ),
    Table(
        "claim_groups",
        Claim.restricted_to.through,
        "claim group",
        _("The groups that a claim is kept to, beside those of its article."),
        owner="claim",
    ),
    Table(
        "claim_steps",
        ClaimStep,
        f"id claim position name_as_printed source verb {DATE}",
        _("The chain inside an article: who passed a claim on."),
    ),
    Table(
        "assessments",
        Assessment,
        "id incident measure people_low people_best people_high rule reason made_by made_at",
        _("Decisions about a figure; the latest of an incident and measure holds."),
    ),
    Table(
        "assessment_claims",
        Assessment.claims.through,
        "assessment claim",
        _("The claims that an assessment rests on."),
        owner="assessment",
    ),
    Table(
        "imports",
        Import,
        "id name sha256 size mapping dataset status encoding delimiter keep_good state by rows new"
        " changed unchanged revived merged conflicts rejected duplicates progress started ended",
        _("The files that records were imported from; only for readers who edit."),
    ),
    Table(
        "origins",
        Origin,
        "id dataset own_id made_by last row digest incident claim version",
        _("Which row of which file a record came from; only for readers who edit."),
    ),
    Table(
        "merges",
        Merge,
        "id kind gone survivor moved made_by made_at reason undone_by undone_at undone_reason",
        _("Records that turned out to be one, and what moved; only for readers who edit."),
    ),
)
BY_NAME = {table.name: table for table in TABLES}
BY_MODEL = {table.model: table for table in TABLES}
FILES = {table.file: table for table in TABLES}

FOLDED = _("worked out from the name")
OWN_KEY = _("no other row refers to it")
ACCOUNT = _("accounts, passwords and rights are no part of the records")
STORED = _("worked out by settle")
QUOTES = _("quotes the file, which is no part of the records")
PERSONAL = (
    "id password last_login is_superuser first_name last_name email is_staff is_active "
    "date_joined language"
)
# What of the models is not in a package: a whole table, or some of its columns.
LEFT_OUT: dict[type[models.Model], dict[str, Promise] | Promise] = {
    User: dict.fromkeys(PERSONAL.split(), ACCOUNT),
    User.groups.through: ACCOUNT,
    User.user_permissions.through: ACCOUNT,
    Group: {"id": _("groups are matched by their names")},
    Category: {"id": _("categories are matched by their codes")},
    Place: {
        "id": _("places are matched by their codes"),
        **dict.fromkeys(("region", "country", "admin1"), _("worked out from what it lies in")),
    },
    PlaceName: {"id": OWN_KEY, "folded": FOLDED},
    PlaceAncestor: _("worked out from what each place lies in"),
    Source: {"folded": FOLDED},
    SourceAlias: {"folded": FOLDED},
    Article: {"url_key": _("worked out from the URL"), "restricted": STORED},
    Incident: dict.fromkeys((name.removesuffix("_id") for name in Incident.DERIVED), STORED),
    Claim: dict.fromkeys(Claim.DERIVED, STORED),
    **{
        members.model: {"id": OWN_KEY}
        for members in TABLES
        if members.owner and members.model is not PlaceName
    },
    **dict.fromkeys((IncidentFigure, IncidentRegion, IncidentSource), STORED),
    **dict.fromkeys((IncidentText, MonthSum, IncidentKnot, KnotSum), STORED),
    Import: {
        "file": _("uploaded files are no part of the records"),
        "options": _("how the desk was asked to read the file"),
        **dict.fromkeys(("report", "problem"), QUOTES),
    },
    Edition: _("a mark of the moment, never used twice"),
    ExportLog: _("tells what left this very installation"),
}
HISTORY = _("a restored record begins a new history, which names the package")


def table_of(model: type[models.Model]) -> Table:
    """Find the file that holds the rows of a model."""
    return BY_MODEL[model]
