"""What axe-core finds wrong in a page: WCAG and good practice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Those that look at colours. Dark ones are the values of `web/tokens.css` and change nothing else.
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# what is right is not told: on a long page it is megabytes
ONLY_WRONG = {"resultTypes": ["violations"]}


def violations(page: Page, rules: Mapping[str, Any] | None = None) -> list[str]:
    """One line each: rule, target, reason. `rules` are axe's options; all of them without."""
    found = Axe().run(page, options={**(rules or {}), **ONLY_WRONG}).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def violations_by_colours(
    page: Page, rules: Mapping[str, Any] | None = None
) -> dict[str, list[str]]:
    """Of the page in light colours, and what dark ones add."""
    page.emulate_media(color_scheme="light")
    light = violations(page, rules)
    page.emulate_media(color_scheme="dark")
    return {"light": light, "dark": violations(page, OF_COLOURS)}


NONE = {"light": [], "dark": []}  # as violations_by_colours tells it
