"""croissant.json (MLCommons Croissant 1.0): the package as machine-learning tools look for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.dumps.contents import media_type
from archiver.dumps.fields import record_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.dumps.contents import Contents
    from archiver.dumps.package import Packed

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {"string": "sc:Text", "moment": "sc:DateTime", "integer": "sc:Integer"}
_READ_AS = {".jsonl.gz": "application/jsonlines", ".csv": "text/csv", ".parquet": "application/x-parquet"}
"""How Croissant's own tool calls what it can read, the best first."""


def croissant(contents: Contents, files: Sequence[Packed]) -> dict[str, Any]:
    """The description of these files; its record set `articles` has a row for each article, as far as there is a table."""
    read_as, table = _table(files)
    told: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": contents.name,
        "description": f"{contents.title}. {contents.summary}",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "citeAs": f"{contents.title}, as of {contents.last_fetched or 'never'}. Made with archiver.",
        "license": "https://rightsstatements.org/vocab/InC/1.0/",
        "url": "README.md",
        "version": ".".join(str(int(part)) for part in (contents.last_fetched or "1-0-0")[:10].split("-")),
        "distribution": [_file(each, read_as if each in table else media_type(each)) for each in files],
        "recordSet": [],
    }
    if contents.last_fetched:
        told["datePublished"] = contents.last_fetched[:10]
    if table:
        told["distribution"].append(_file_set(table, read_as))
        told["recordSet"] = [_records("articles")]
    return told


def _table(files: Sequence[Packed]) -> tuple[str, list[Packed]]:
    """The files with the articles, in the shape that is read best, and what that is called."""
    for role in ("articles", "lines"):
        for end, read_as in _READ_AS.items():
            found = [each for each in files if each.role == role and each.path.endswith(end) and each.rows]
            if found:
                return read_as, found
    return "", []


def _file(packed: Packed, kind: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": packed.path,
        "name": packed.path,
        "contentUrl": packed.path,
        "contentSize": f"{packed.bytes} B",
        "encodingFormat": kind,
        "sha256": packed.sha256,
    }


def _file_set(table: Sequence[Packed], kind: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": "tables",
        "name": "tables",
        "description": "All files with articles, of one shape.",
        "encodingFormat": kind,
        "includes": [each.path for each in table],
    }


def _records(name: str) -> dict[str, Any]:
    plain = [field for field in record_fields() if field.shape in _TYPES]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": "One row an article. Fields that are lists or objects stand in the files; see record.schema.json.",
        "key": {"@id": f"{name}/id"},
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{field.name}",
                "name": field.name,
                "description": field.description,
                "dataType": _TYPES[field.shape],
                "source": {"fileSet": {"@id": "tables"}, "extract": {"column": field.name}},
            }
            for field in plain
        ],
    }
