"""Asks axe-core what a page gets wrong for people who cannot see it or use a mouse."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """List what axe-core finds on the page: each rule, and the first part that breaks it."""
    page.wait_for_load_state("load")
    page.evaluate(AXE)
    found = page.evaluate(
        "axe.run(document, {resultTypes: ['violations'], preload: false})"
        ".then(said => said.violations.map(one => `${one.id}: ${one.nodes[0].html}`))"
    )
    return list(found)
