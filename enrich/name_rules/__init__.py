"""The spaCy component `opener_name_rules`, with which the German pipeline ends: names mended by the whole document."""

from enrich.name_rules.component import NameRules, make_name_rules

__all__ = ["NameRules", "make_name_rules"]
