"""The form of what identifies an article on the coding page; its publisher is found by name."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents import recognising
from incidents.forms.articles import ArticleForm
from incidents.forms.naming import why_no_name
from incidents.forms.shared import changed_fields


class ArticleFactsForm(ArticleForm):
    """What identifies the article: enough to cite it, each field free to stay empty."""

    publisher_name = forms.CharField(
        label=gettext_lazy("Publisher"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Whose page it is; a new name is added as a source."),
    )

    class Meta(ArticleForm.Meta):
        fields = ["title", "date_words", "language"]
        labels = {"date_words": gettext_lazy("Published")}

    def __init__(self, *args, user, **kwargs) -> None:
        """Say who asks; the page explains itself, so no reason is needed."""
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["why"].required = False

    def clean(self) -> dict:
        """Find the publisher by its name, or plan a new source."""
        cleaned = super().clean()
        name = cleaned.get("publisher_name", "").strip()
        same = self.instance.publisher and self.instance.publisher.name == name
        called = [self.instance.publisher] if same else recognising.sources_called(name)
        self.publisher = called[0] if len(called) == 1 else None
        self.new_publisher = name if name and not called else ""
        if len(called) > 1:
            sentence = _(
                "Several sources are called “%(name)s”: %(slugs)s. Choose on the article's page."
            )
            slugs = ", ".join(source.slug for source in called)
            self.add_error("publisher_name", sentence % {"name": name, "slugs": slugs})
        elif self.new_publisher and (why := why_no_name(name)):
            self.add_error("publisher_name", why)
        return cleaned

    @property
    def changes(self) -> bool:
        """Whether saving would change the article; a proposed publisher left standing does."""
        publisher = getattr(self.publisher, "pk", None) != self.instance.publisher_id
        return bool(changed_fields(self)) or publisher or bool(self.new_publisher)
