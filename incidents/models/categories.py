"""The vocabulary of categories: the kinds of act that are recorded, named in each language."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from incidents.models import choices
from incidents.models.shapes import in_reading_language, one_of


class Category(models.Model):
    """A kind of act that is recorded, with its definition and principal measure."""

    Measure = choices.Measure

    code = models.SlugField(_("code"), max_length=40, unique=True, help_text=_("Never changed."))
    name = models.CharField(_("name"), max_length=100, help_text=_("As the pages show it."))
    name_ko = models.CharField(_("name in Korean"), max_length=100, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=100, blank=True)
    definition = models.TextField(
        _("definition"), help_text=_("What belongs here, and what does not.")
    )
    definition_ko = models.TextField(_("definition in Korean"), blank=True)
    definition_zh = models.TextField(_("definition in Chinese"), blank=True)
    measure = models.CharField(
        _("principal measure"),
        max_length=12,
        choices=Measure,
        help_text=_("The count that stands on an incident's row."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Order in lists.")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "code"]
        constraints = [one_of("measure", choices.Measure)]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language, else in English."""
        return in_reading_language(self, "name")

    @property
    def meaning(self) -> str:
        """The definition in the reader's language, else in English."""
        return in_reading_language(self, "definition")
