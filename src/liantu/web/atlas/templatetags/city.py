"""Names of the city's things in templates: plants, materials, places, words of the plan."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from liantu.report import names as report
from liantu.web.atlas import city as provider

register = template.Library()

WORDS: dict[str, str | Promise] = {
    "operating": _("operating"),
    "building": _("under construction"),
    "planned": _("planned"),
    "closed": _("closed"),
    "product": _("product"),
    "intermediate": _("intermediate"),
    "byproduct": _("by-product"),
    "waste": _("waste"),
    "reagent": _("reagent"),
    "ore": _("ore"),
    "utility": _("utility"),
    "stoichiometric": _("stoichiometric"),
    "typical": _("typical"),
    "reported": _("reported"),
    "indicative": _("indicative"),
    "scenario": _("scenario value"),
    "feed": _("feed"),
    "fuel": _("fuel"),
    "free": _("free source"),
    "main": _("main product"),
    "coproduct": _("co-product"),
    "emission": _("emission"),
    "supplies": _("supplies it"),
    "takes": _("takes it"),
    "retrofit": _("retrofit"),
    "second_line": _("a second line"),
    "capacity": _("full capacity"),
    "gross_output": _("gross output"),
    "final_output": _("final output"),
    "value_added": _("value added"),
    "what_is_bought": _("limit on purchases"),
    "what_is_sold": _("limit on sales"),
    "what_is_dumped": _("limit on dumping and emission"),
}
"""Words of the tables and reports that `report.names` has no sentence for."""

CAPS = {"buy": "what_is_bought", "sell": "what_is_sold", "dump": "what_is_dumped"}


@register.filter
def word(key: str | None) -> str:
    """A word of the tables or of the plan as it is said; one that is not known stands as it is."""
    if not key:
        return "–"
    return str(WORDS[key]) if key in WORDS else report.word(key)


@register.filter
def cap_kind(key: str) -> str:
    """What a cap limits."""
    return word(CAPS.get(key, key))


@register.simple_tag
def plant_link(name: str) -> SafeString | str:
    """A link to a plant or candidate; a pool, a demand or the outside is only named."""
    city = provider.current()
    if name in city.network.plants.index:
        return format_html('<a href="{}">{}</a>', reverse("plants-one", args=[name]), city.plant(name))
    return place_name(name)


@register.simple_tag
def material_link(name: str) -> SafeString | str:
    """A link to a material."""
    city = provider.current()
    if name not in city.network.materials.index:
        return name
    return format_html('<a href="{}">{}</a>', reverse("materials-one", args=[name]), city.material(name))


@register.simple_tag
def subject_link(name: str) -> SafeString | str:
    """A link to a plant, a material or a cap, whichever has this id."""
    n = provider.current().network
    if name in n.plants.index:
        return plant_link(name)
    if name in n.materials.index:
        return material_link(name)
    if any(cap.id == name for cap in n.caps):
        return format_html('<a href="{}#cap-{}">{}</a>', reverse("plan"), name, cap_name(name))
    return place_name(name)


@register.filter
def place_name(name: str) -> str:
    """A place of the plan, a new plant that nobody proposed, or the outside."""
    city = provider.current()
    if name.startswith("demand:"):
        return str(city.demand(name))
    if name in ("import", "export", "market", "dump", "buy", "sell"):
        return report.word(name)
    return city.names.anything(name)


@register.filter
def material_unit(name: str) -> str:
    """The unit in which a material is counted."""
    return provider.current().names.unit(name)


@register.filter
def plant_unit(name: str) -> str:
    """The unit in which a plant's activity is counted."""
    return provider.current().names.plant_unit(name)


@register.filter
def chain_name(name: str) -> str:
    return provider.current().names.chain(name)


@register.filter
def park_name(name: str) -> str:
    return provider.current().names.park(name) if name else "–"


@register.filter
def enterprise_name(name: str) -> str:
    return provider.current().names.enterprise(name) if name else "–"


@register.filter
def cap_name(name: str) -> str:
    return provider.current().names.cap(name)


@register.simple_tag
def subject_unit(name: str) -> str:
    """The yearly unit of a plant's capacity or of a cap."""
    city = provider.current()
    for cap in city.network.caps:
        if cap.id == name:
            return cap.unit
    unit = city.names.plant_unit(name)
    return f"{unit}/y" if unit else ""
