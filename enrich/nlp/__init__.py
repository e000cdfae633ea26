"""People, roles, organisations and reasons in text: `load_pipeline`, `read_mentions`, `nlp(text)._.leads`.

Importing this package registers the spaCy factories `role_matcher`, `lead_linker` and `trigger_classifier`.
"""

from enrich.nlp.components import LeadLinker, RoleMatcher, TriggerClassifier
from enrich.nlp.linking import Lead
from enrich.nlp.loading import load_pipeline
from enrich.nlp.mentions import read_many, read_mentions

__all__ = ["Lead", "LeadLinker", "RoleMatcher", "TriggerClassifier", "load_pipeline", "read_many", "read_mentions"]
