"""Company sites: Impressum, Kontakt and Team become one CompanyProfile; site addresses are guessed and proved."""

from enrich.company.proof import guess_sites, proves
from enrich.company.reading import read_site

__all__ = ["guess_sites", "proves", "read_site"]
