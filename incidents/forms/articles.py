"""The form of an article: its publication date is read, its URL recognised."""

import re

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.shared import CarefulForm, ReasonForm, attempt, chain
from incidents.models import Article, Claim
from incidents.models.asking import OPEN_STATUSES

LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")  # BCP 47, as far as it is used
LANGUAGES = {
    **dict.fromkeys(["english", "영어", "英语", "英文"], "en"),
    **dict.fromkeys(["korean", "한국어", "조선어", "韩语", "韩文"], "ko"),
    **dict.fromkeys(["chinese", "중국어", "中文", "汉语"], "zh"),
    **dict.fromkeys(["japanese", "일본어", "日本語", "日语"], "ja"),
}


class PageAddress(forms.URLField):
    """A URL; typed without its scheme it means https."""

    def __init__(self, **kwargs) -> None:
        """Add the scheme that nearly every page has."""
        super().__init__(**{"assume_scheme": "https", **kwargs})


class ArticleForm(ReasonForm, CarefulForm):
    """One article; the same URL twice is refused, a variant of it only mentioned."""

    class Meta:
        model = Article
        fields = [
            "url",
            "title",
            "publisher",
            "credit",
            "reprint_of",
            "language",
            "kind",
            "date_words",
            "archive_url",
            "accessed_on",
            "coding_state",
            "assigned_to",
            "restricted_to",
        ]
        field_classes = {"url": PageAddress, "archive_url": PageAddress}
        labels = {"date_words": gettext_lazy("Publication date")}

    def needs_reason(self) -> bool:
        """Ask for a reason when readers or reviewers already see an incident it speaks about."""
        if not self.instance.pk:
            return False
        spoken_of = Claim.objects.filter(article=self.instance, incident__status__in=OPEN_STATUSES)
        return (spoken_of if self.user is None else spoken_of.visible_to(self.user)).exists()

    def clean(self) -> dict:
        """Read the publication date, and look for the same page among the articles."""
        cleaned, article = super().clean(), self.instance
        article.date_words = cleaned.get("date_words", "")
        attempt(self, "date_words", article.read_date)
        self.check_url(cleaned.get("url", ""), cleaned.get("restricted_to"))
        self.check_reprint(cleaned.get("reprint_of"))
        return cleaned

    def clean_language(self) -> str:
        """Read languages as codes; the names that people write for them are understood."""
        said = [part.strip() for part in self.cleaned_data["language"].split(",") if part.strip()]
        codes = [LANGUAGES.get(part.casefold(), part) for part in said]
        for code in codes:
            if not LANGUAGE_CODE.fullmatch(code):
                raise forms.ValidationError(
                    _("“%s” is not a language code. Write en, ko, zh-Hant; several with commas.")
                    % code
                )
        return ",".join(codes)

    def check_url(self, url: str, restricted_to) -> None:
        """Refuse a page that is already recorded, as far as this person may know of it."""
        if not url or ("url" not in self.changed_data and restricted_to):
            return
        same = self.others().filter(url=url).first()
        if same is not None:
            self.add_error(
                "url",
                format_html(
                    _("This page is already recorded: <a href='{}'>{}</a>. Add the claims there."),
                    reverse("admin:incidents_article_change", args=[same.pk]),
                    same.title,
                ),
            )

    def check_reprint(self, original: Article | None) -> None:
        """Refuse a chain of reprints that comes back to this article."""
        if self.instance.pk in chain(original, "reprint_of"):
            self.add_error("reprint_of", _("That article is itself a reprint of this one."))

    def others(self):
        """Return the other articles that this person may see."""
        articles = Article.objects.exclude(pk=self.instance.pk)
        return articles if self.user is None else articles.visible_to(self.user)
