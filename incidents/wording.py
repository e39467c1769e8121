"""Says figures and totals in words, in English, Korean and Chinese.

The one rule: no number without what it is (at least, around, disputed by whom), and what a total
lacks is said in the same sentence. Plain tables instead of gettext, because `settle` stores the
words of every language. Called by deriving and summaries.
"""

from collections.abc import Sequence

from incidents.quantities import render
from incidents.tally import Count, Figure, Total, opposed
from incidents.wordlists import FIGURES, MEASURES, TOTALS


def measure_label(measure: str, language: str = "en") -> str:
    """Name what is counted."""
    return MEASURES[language][measure]


def figure_words(figure: Figure, counts: Sequence[Count], language: str = "en") -> str:
    """Say a figure as a person would, given the counting claims behind it."""
    words = FIGURES[language]
    if figure.kind == "none":
        return no_figure_words(counts, language)
    if figure.kind == "assessed":
        said = words["assessed"].format(figure=bounds_words(figure, (), language))
        return said + words["and_disputed"] if figure.disputed else said
    if figure.disputed:
        return disputed_words(figure, counts, language)
    return bounds_words(figure, counts, language)


def no_figure_words(counts: Sequence[Count], language: str) -> str:
    """Say that there is no number, with the words of those who gave an indefinite one."""
    words = FIGURES[language]
    vague = sorted(
        (count for count in counts if count.qualifier == "indefinite"), key=lambda count: count.id
    )
    quoted = [words["quoted"].format(words=said) for said in {c.words: None for c in vague}]
    return (
        words["no_number"].format(words=phrase("comma", language).join(quoted))
        if quoted
        else words["none"]
    )


def disputed_words(figure: Figure, counts: Sequence[Count], language: str) -> str:
    """Say who gives the smallest and who the largest number.

    Without claims that contradict each other (a group, a raised wave): what lies between.
    """
    told = [count for count in counts if count.numbers]
    extremes = []
    if told:
        smallest = min(told, key=lambda count: (min(count.numbers), count.id))
        largest = max(told, key=lambda count: (max(count.numbers), -count.id))
        extremes = [smallest, largest]
    pair = opposed(extremes) or opposed(told)
    words = FIGURES[language]
    if pair:
        low, high = (said_by(count, language) for count in pair)
        return words["disputed"].format(low=low, high=high)
    if figure.low is None and figure.high is None:
        figure = Figure(low=figure.stated_min, high=figure.stated_max)
    return words["disputed_among"].format(figure=bounds_words(figure, (), language))


def said_by(count: Count, language: str) -> str:
    """Say one claim's count, with the speaker's name as printed where somebody is named."""
    rendered = render(count.qualifier, count.low, count.value, count.high, language)
    if not count.speaker:
        return rendered
    return FIGURES[language]["said"].format(count=rendered, speaker=count.speaker)


def bounds_words(figure: Figure, counts: Sequence[Count], language: str) -> str:
    """Say low, best and high, each as those who state it do."""
    low, best, high, words = figure.low, figure.best, figure.high, FIGURES[language]
    if low is not None and low == best == high:
        return render("exactly", low, low, low, language)
    middle = "" if best is None else best_words(best, counts, language)
    if low is not None and high is not None:
        between = range_words(low, high, counts, language)
        return words["inside"].format(range=between, best=middle) if middle else between
    if low is not None:
        strict = {c.qualifier for c in counts if low in (c.low, c.value)} == {"more_than"}
        bound = render("more_than" if strict else "at_least", low, None, None, language)
    elif high is not None:
        strict = {c.qualifier for c in counts if high in (c.high, c.value)} == {"less_than"}
        bound = render("less_than" if strict else "at_most", None, None, high, language)
    else:
        return middle or words["none"]
    return words["then"].format(bound=bound, best=middle) if middle else bound


def best_words(best: int, counts: Sequence[Count], language: str) -> str:
    """Say the best number with its claims' own qualifier where they agree on one."""
    if any(count.is_exact and count.value == best for count in counts):
        number = render("exactly", best, best, best, language)
        return FIGURES[language]["exactly"].format(number=number)
    return value_words(best, counts, language)


def value_words(value: int, counts: Sequence[Count], language: str) -> str:
    """Say a number that is only ever given as around, nearly or a little over."""
    qualifiers = {count.qualifier for count in counts if count.value == value}
    qualifier = qualifiers.pop() if len(qualifiers) == 1 else "about"
    return render(qualifier, None, value, None, language)


def range_words(low: int, high: int, counts: Sequence[Count], language: str) -> str:
    """Say two ends; an end that nobody states as a bound keeps its "around"."""
    first_is_loose = is_loose(low, [(count.low, count.value) for count in counts])
    last_is_loose = is_loose(high, [(count.high, count.value) for count in counts])
    if low == high:
        bound = render("at_least", low, None, None, language)
        other = render("at_most", None, None, high, language)
        return FIGURES[language]["then"].format(bound=bound, best=other)
    if not first_is_loose and not last_is_loose:
        return render("between", low, None, high, language)
    ends = [
        value_words(n, counts, language) if loose else render("exactly", n, n, n, language)
        for n, loose in ((low, first_is_loose), (high, last_is_loose))
    ]
    return FIGURES[language]["to"].format(low=ends[0], high=ends[1])


def is_loose(number: int, stated: Sequence[tuple[int | None, int | None]]) -> bool:
    """Tell whether a number is given as a value by some, and as a (bound, value) bound by none."""
    bounds, values = {bound for bound, _ in stated}, {value for _, value in stated}
    return number in values and number not in bounds


def total_words(total: Total, measure: str, language: str = "en") -> str:
    """Say a total in one sentence that holds when quoted: bounds, scope, and what it lacks."""
    if not total.lines:
        return phrase("nothing", language)
    if not total.with_figure:
        notes = [
            phrase("no_figure", language, total.incidents, measure=measure_label(measure, language))
        ]
        return phrase("then", language).join(notes + standing_notes(total, language))
    notes = [head_words(total, measure, language), *lacking_notes(total, language)]
    return phrase("then", language).join(notes + standing_notes(total, language))


def phrase(key: str, language: str, n: int = 0, **parts: str) -> str:
    """Fill in one phrase, in the form that the number asks for."""
    forms = TOTALS[language][key]
    return forms[0 if n == 1 else -1].format(n=f"{n:,}", **parts)


def head_words(total: Total, measure: str, language: str) -> str:
    """Say the numbers and the incidents they hold for.

    A lower total holds for all of them; a best or an upper one only where there is a figure.
    """
    label = measure_label(measure, language)
    numbers = number_words(total, language)
    if not numbers:
        return phrase("no_total", language, total.incidents, measure=label)
    last = [n for n in (total.at_least, total.best, total.at_most) if n is not None][-1]
    key = "deaths" if measure == "dead" else "people"
    people = phrase(key, language, last, numbers=numbers, measure=label)
    silent = total.without_figure + total.silent
    if silent and (total.best is not None or total.at_most is not None):
        known = total.incidents - silent
        return phrase("within_known", language, known, people=people, all=f"{total.incidents:,}")
    return phrase("within", language, total.incidents, people=people)


def number_words(total: Total, language: str) -> str:
    """Say at least, best and at most, as far as each is known."""
    low, best, high = total.at_least, total.best, total.at_most
    if low is not None and low == best == high:
        return phrase("exact", language, low)
    if low is None and best is not None and best == high and total.about:
        return phrase("about", language, best)
    parts = []
    if low is not None:
        parts.append(phrase("at_least", language, low))
    if best is not None:
        parts.append(phrase("best", language, best))
    if high is not None:
        parts.append(phrase("at_most_about" if total.about else "at_most", language, high))
    return phrase("comma", language).join(parts)


def lacking_notes(total: Total, language: str) -> list[str]:
    """Say which sums are missing or partial, and why."""
    partial = "no_lower" if total.at_least is None else "part_lower"
    notes = {
        partial: total.without_low,
        "no_upper": total.without_high,
        "disputed": total.disputed,
        "without": total.without_figure + total.silent,
    }
    return [phrase(key, language, n) for key, n in notes.items() if n]


def standing_notes(total: Total, language: str) -> list[str]:
    """Say how many incidents may overlap, and how many others stand for."""
    notes = {"overlapping": total.overlapping, "left_out": total.left_out}
    return [phrase(key, language, n) for key, n in notes.items() if n]
