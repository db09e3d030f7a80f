"""The general rules, a field each: they read a site without a file, and stand behind the rules of every site that has one."""

from archiver.rules import article_body, article_head, doubts, related, repeated, shelving
from archiver.rules.rule import first_of, reads
from archiver.site.kinds import Layout

LAYOUT = Layout(
    name="general",
    title=article_head.title,
    published=article_head.published,
    body=first_of(repeated.general_body_but_repeated_lines, article_body.general_body),
    lead=article_head.lead,
    authors=article_head.authors,
    section=shelving.section,
    categories=shelving.categories,
    tags=shelving.tags,
    modified=article_head.modified,
    language=article_head.language,
    related=reads("page", related.related),
    doubts=doubts.doubts,
)
