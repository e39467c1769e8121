"""Gives the names of a merged source or place to the one that stands for it, and takes them back.

One rule: only a name that was not there before is noted, so that only that one is taken back.
Called by merges and their undoing.
"""

from collections.abc import Sequence

from incidents.models import Place, PlaceName, Source, SourceAlias


def give_names(gone: Source | Place, survivor: Source | Place) -> list[int]:
    """Add the names of the one to those by which the other is found; list the new rows by key."""
    if isinstance(gone, Source):
        return give_aliases(gone, survivor)
    return give_place_names(gone, survivor)


def give_aliases(gone: Source, survivor: Source) -> list[int]:
    """Make every name of a source an alias of another."""
    names = dict.fromkeys([gone.name, *gone.aliases.values_list("name", flat=True)])
    present = {survivor.name, *survivor.aliases.values_list("name", flat=True)}
    made = [
        SourceAlias.objects.create(source=survivor, name=name)
        for name in names
        if name not in present
    ]
    return [alias.pk for alias in made]


def give_place_names(gone: Place, survivor: Place) -> list[int]:
    """Make every name of a place one by which another is found."""
    names = gone.names.order_by("pk").values_list("language", "name")
    present = set(survivor.names.values_list("language", "name"))
    made = [
        PlaceName.objects.create(place=survivor, language=language, name=name)
        for language, name in dict.fromkeys(names)
        if (language, name) not in present
    ]
    return [name.pk for name in made]


def take_names(survivor: Source | Place, keys: Sequence[int]) -> None:
    """Take names back, as far as they are still there; what a place calls itself stays."""
    if isinstance(survivor, Source):
        survivor.aliases.filter(pk__in=keys).delete()
        return
    survivor.names.filter(pk__in=keys).delete()
    PlaceName.objects.refresh([survivor])
