"""From the bytes of a news page to its article: main text in blocks, title, date, language, people."""

from enrich.article.content import Article, Block, StructuredPerson
from enrich.article.reading import plain_text_article, read_article

__all__ = ["Article", "Block", "StructuredPerson", "plain_text_article", "read_article"]
