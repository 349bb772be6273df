"""The browser that the tests of this folder share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.lab_page import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser, without a page."""
    with chromium() as found:
        yield found
