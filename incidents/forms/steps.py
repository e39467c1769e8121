"""The form of one step of a claim's chain: who passed it on, with which verb, when."""

from incidents.forms.rows import CarefulRows
from incidents.forms.shared import CarefulForm, attempt
from incidents.models import Article, ClaimStep


class StepForm(CarefulForm):
    """One step of the chain inside an article."""

    class Meta:
        model = ClaimStep
        fields = ["position", "name_as_printed", "source", "verb", "date_words"]

    def __init__(self, *args, **kwargs) -> None:
        """Let the number stay empty: steps are counted in the order they are typed."""
        super().__init__(*args, **kwargs)
        self.fields["position"].required = False
        self.fields["position"].widget.attrs["min"] = 1

    def clean(self) -> dict:
        """Read the date, counted from the day the article was published."""
        cleaned, step = super().clean(), self.instance
        step.date_words = cleaned.get("date_words", "")
        claim = cleaned.get("claim")
        article = claim and Article.objects.filter(pk=claim.article_id).first()
        attempt(self, "date_words", step.read_date, article.published_on if article else None)
        return cleaned


class StepFormSet(CarefulRows):
    """The steps of one claim, numbered where nobody did."""

    def clean(self) -> None:
        """Number the steps that were typed without a number, after those that have one."""
        super().clean()
        kept = [
            form
            for form in self.forms
            if form.has_changed() or form.instance.pk
            if not self._should_delete_form(form)
        ]
        last = max((form.instance.position or 0 for form in kept), default=0)
        for form in kept:
            if form.instance.position is None:
                last += 1
                form.instance.position = last
