"""The stages of a night, each resumable: crawl, enrich, resolve, companies, score."""
