"""Sources, and the articles they appear in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from incidents.addresses import url_key
from incidents.models import choices
from incidents.models.places import Place
from incidents.models.shapes import (
    DatedWords,
    Restrictable,
    RestrictedQuerySet,
    one_of,
    rule,
)
from incidents.names import fold


class SourceQuerySet(models.QuerySet):
    """Questions asked of the list of sources."""

    def standing(self) -> "SourceQuerySet":
        """Keep those that were not merged into another source."""
        return self.filter(merged_into=None)

    def named(self, text: str) -> "SourceQuerySet":
        """Keep sources with a name or alias that holds the text, in any script."""
        key = fold(text)
        aliases = SourceAlias.objects.filter(folded__holds=key)
        return self.filter(Q(folded__holds=key) | Q(pk__in=aliases.values("source")))


class Source(models.Model):
    """A person, outlet, NGO, agency or government that says or publishes something.

    Not a victim or witness who needs protection: those are never named here. Everybody with an
    account sees sources.
    """

    Kind = choices.SourceKind
    Reliability = choices.Reliability

    slug = models.SlugField(
        _("short name"),
        max_length=80,
        unique=True,
        help_text=_("ASCII letters, digits and hyphens; used in addresses and never changed."),
    )
    name = models.CharField(
        _("name"), max_length=200, help_text=_("The usual name, in English where there is one.")
    )
    folded = models.CharField(max_length=200, editable=False, default="", db_index=True)
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=Kind,
        default=Kind.OTHER,
        help_text=_("What sort of source this is; “other” when you cannot tell."),
    )
    country = models.ForeignKey(
        Place,
        verbose_name=_("country"),
        on_delete=models.PROTECT,
        related_name="sources",
        null=True,
        blank=True,
        limit_choices_to={"kind": "country"},
        help_text=_("Where it is based. Empty when not known."),
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent body"),
        on_delete=models.PROTECT,
        related_name="branches",
        null=True,
        blank=True,
        help_text=_("The body it belongs to; both then count as one source."),
    )
    reliability = models.CharField(
        _("reliability"),
        max_length=1,
        choices=Reliability,
        blank=True,
        help_text=_("Admiralty scale A to F. Empty when nobody has judged it."),
    )
    note = models.TextField(
        _("note"), blank=True, help_text=_("What a colleague should know. Empty when nothing.")
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        related_name="merged_from",
        null=True,
        blank=True,
        editable=False,
    )
    history = HistoricalRecords(excluded_fields=["folded"])

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name", "id"]
        permissions = [("merge_source", "Can merge sources, and undo it")]
        constraints = [
            one_of("kind", choices.SourceKind),
            one_of("reliability", choices.Reliability, blank=True),
            rule("name_given", ~Q(name=""), _("Give the source a name.")),
            rule(
                "not_its_own_parent",
                Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                _("A source cannot be its own parent body."),
            ),
            rule(
                "not_merged_into_itself",
                Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                _("A source cannot be merged into itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs) -> None:
        """Save with the search key that belongs to the name."""
        self.folded = fold(self.name)
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("source-detail", args=[self.slug])


def parents_of_sources() -> dict[int, int]:
    """Map the sources that belong to another body to that body, all by key."""
    return dict(Source.objects.filter(parent__isnull=False).values_list("id", "parent_id"))


class SourceAlias(models.Model):
    """Another name of a source, in any script, by which it is found."""

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.CASCADE, related_name="aliases"
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("As printed somewhere."))
    folded = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "name"], name="%(app_label)s_%(class)s_once_a_source"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs) -> None:
        """Save with the search key that belongs to the name."""
        self.folded = fold(self.name)
        super().save(**kwargs)


class ArticleQuerySet(RestrictedQuerySet):
    """Questions asked of the articles."""

    def visible_to(self, user) -> "ArticleQuerySet":
        """Keep what this person may see; `user=None` stands for any viewer."""
        if user is not None and not user.has_perm("incidents.view_article"):
            return self.none()
        return self.open_to(user)

    def to_code(self) -> "ArticleQuerySet":
        """Keep those that wait to be read and coded."""
        return self.filter(coding_state=choices.CodingState.TO_CODE)

    def matching(self, text: str) -> "ArticleQuerySet":
        """Keep those whose title, address or publisher holds every word, in any script."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(title__icontains=word)
                | Q(url__icontains=word)
                | Q(publisher__in=Source.objects.named(word).values("pk"))
            )
        return found

    def at(self, keys) -> "ArticleQuerySet":
        """Keep those recorded under addresses with these keys."""
        return self.filter(url_key__in=set(keys) - {""})

    def under_two_addresses(self) -> "ArticleQuerySet":
        """Keep those whose page seems to stand here twice, and nobody said which repeats which.

        Only what everybody may see is compared, so that no closed article shows through.
        """
        undecided = Q(restricted=False, reprint_of=None) & ~Q(url_key="")
        undecided &= ~Q(coding_state=choices.CodingState.NOTHING_NEW)
        once = self.model.objects.filter(undecided).order_by().values("url_key")
        twice = once.annotate(times=models.Count("pk")).filter(times__gt=1)
        return self.filter(undecided, url_key__in=twice.values("url_key"))

    def with_logger(self) -> "ArticleQuerySet":
        """Add the name of the account that recorded each, as `logged_by_name`."""
        first = self.model.history.filter(id=models.OuterRef("pk"), history_type="+")
        name = first.order_by("history_id").values("history_user__username")[:1]
        return self.annotate(logged_by_name=models.Subquery(name))


class Article(DatedWords, Restrictable):
    """One published item that a researcher read; the date is its publication.

    Not the text itself: quotes stay short and live on claims. Seen by everybody with an account
    unless restricted. A page that waits to be coded may be no more than its URL.
    """

    Kind = choices.ArticleKind
    CodingState = choices.CodingState

    url = models.URLField(
        _("URL"),
        max_length=2000,
        blank=True,
        help_text=_("Where you read it. Empty for print, broadcast or an unpublished report."),
    )
    url_key = models.CharField(max_length=200, editable=False, default="", db_index=True)
    title = models.CharField(
        _("title"),
        max_length=500,
        blank=True,
        help_text=_(
            "As printed; in brackets when you describe it. May stay empty where there is a URL."
        ),
    )
    publisher = models.ForeignKey(
        Source,
        verbose_name=_("publisher"),
        on_delete=models.PROTECT,
        related_name="articles",
        null=True,
        blank=True,
        help_text=_("The outlet or body on whose page it stands. Empty when you cannot tell."),
    )
    credit = models.ForeignKey(
        Source,
        verbose_name=_("credit"),
        on_delete=models.PROTECT,
        related_name="credited_articles",
        null=True,
        blank=True,
        help_text=_("The agency or outlet it credits (“Source: Yonhap”). Empty when none."),
    )
    reprint_of = models.ForeignKey(
        "self",
        verbose_name=_("reprint of"),
        on_delete=models.PROTECT,
        related_name="reprints",
        null=True,
        blank=True,
        help_text=_("The article whose text this one repeats. Empty when it stands on its own."),
    )
    language = models.CharField(
        _("language"), max_length=20, blank=True, help_text=_("en, ko, zh-Hant … Empty: unknown.")
    )
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=Kind,
        default=Kind.NEWS,
        help_text=_("News unless you know better."),
    )
    archive_url = models.URLField(
        _("archive URL"),
        max_length=2000,
        blank=True,
        help_text=_("A copy in a web archive. Empty when there is none yet."),
    )
    accessed_on = models.DateField(
        _("accessed on"), null=True, blank=True, help_text=_("The day you read it.")
    )
    coding_state = models.CharField(
        _("coding state"),
        max_length=12,
        choices=CodingState,
        default=CodingState.TO_CODE,
        help_text=_("Whether its claims are in the records yet."),
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        on_delete=models.PROTECT,
        related_name="articles_to_code",
        null=True,
        blank=True,
        help_text=_("In whose queue it waits. Empty: whoever comes first."),
    )
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)
    history = HistoricalRecords(
        excluded_fields=["restricted", "url_key"],
        m2m_fields=["restricted_to"],
        no_db_index=["publisher", "credit", "reprint_of", "assigned_to"],
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-id"]
        constraints = [
            *DatedWords.rules(),
            one_of("kind", choices.ArticleKind),
            one_of("coding_state", choices.CodingState),
            rule(
                "title_or_url_given",
                ~Q(title="") | ~Q(url=""),
                _("Give the article a title, or the URL where it stands."),
            ),
            rule(
                "not_its_own_reprint",
                Q(reprint_of__isnull=True) | ~Q(reprint_of=models.F("id")),
                _("An article cannot be a reprint of itself."),
            ),
            models.UniqueConstraint(
                fields=["url"],
                condition=~Q(url="") & Q(restricted=False),
                name="%(app_label)s_%(class)s_url_once",
                violation_error_message=_("An article with this URL is already recorded."),
            ),
        ]
        indexes = [
            models.Index(fields=["publisher", "-id"], name="incidents_article_publisher"),
            models.Index(fields=["coding_state", "-id"], name="incidents_article_coding"),
            models.Index(
                fields=["assigned_to", "-id"],
                name="incidents_article_queue",
                condition=Q(coding_state="to_code"),
            ),
            models.Index(
                fields=["url_key", "coding_state"],
                name="incidents_article_once",
                condition=Q(restricted=False, reprint_of=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url

    def save(self, **kwargs) -> None:
        """Save with the key that names its page."""
        self.url_key = url_key(self.url)
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("article-detail", args=[self.pk])

    @property
    def published_on(self):
        """The day it was published where that is known to the day, else None."""
        return self.earliest if self.earliest == self.latest else None
