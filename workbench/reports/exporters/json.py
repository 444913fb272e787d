"""How does a report become JSON: a schema with a version, the same bytes for the same inputs?"""

from __future__ import annotations

import json as codec
from typing import Any

from workbench.reports.declare import Finished, exporter
from workbench.reports.report import Report, digest
from workbench.reports.section import refuse_leak

KIND = "workbench report"


@exporter("json", suffix=".json")
def json(finished: Finished) -> bytes:
    """Join it with other figures: every value and row, no time of making, no picture."""
    return (
        codec.dumps(content(finished.report), ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"
    )


def content(report: Report) -> dict[str, Any]:
    """Return the report as plain values; a picture appears as the SHA-256 of its bytes."""
    for section in report.sections:
        refuse_leak(section, report.origin.audience)
    told = _without_pictures(report.model_dump(mode="json"))
    if told["origin"]["brand"]["logo"]:
        told["origin"]["brand"]["logo"] = digest([report.origin.brand.logo])
    return {"kind": KIND, **told}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of what `json` writes."""
    described = Report.model_json_schema(mode="serialization")
    del described["$defs"]["OnSlide"]
    pictured = described["$defs"]["Figure"]
    del pictured["properties"]["on_slide"]
    svg = pictured["properties"]["svg"]
    svg["description"] = "SHA-256 of the picture's SVG; the rows it was drawn from stand beside it."
    logo = described["$defs"]["Brand"]["properties"]["logo"]
    logo["description"] = "SHA-256 of the client's logo as SVG; empty: none."
    described["properties"] = {"kind": {"const": KIND}, **described["properties"]}
    described["required"] = ["kind", *described["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Workbench report",
        **described,
    }


def _without_pictures(value: Any) -> Any:
    if isinstance(value, dict):
        plain = {name: _without_pictures(part) for name, part in value.items()}
        if value.get("block") == "figure":
            plain["svg"] = digest([value["svg"]])
            plain.pop("on_slide", None)
        return plain
    if isinstance(value, list):
        return [_without_pictures(part) for part in value]
    return value
