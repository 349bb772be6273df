"""JupyterLab in a browser, used as a learner uses it: by what is on the page, with mouse and keyboard.

The page's own objects (``window.jupyterapp``) are asked only for what cannot be seen: where a cell is that was
scrolled away and so taken out of the page, whether the kernel is connected, whether a cell has ended.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect, sync_playwright

TIMEOUT = 90.0
"""Seconds for anything to happen; most of it takes one, on a machine that does nothing else."""

LONG_TIMEOUT = 240.0
"""Seconds for many cells one after the other."""

_NAMES = ("chromium", "chromium-browser", "google-chrome")

# No sandbox: there is none for root, nor in most containers, and only the course's own pages are opened. The
# rest keeps Chromium from asking the network for things of its own.
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

_SCRIPT = """
window.lesson = {
    get panel() { return window.jupyterapp.shell.currentWidget },
    get notebook() { return this.panel.content },
    get kernel() { return this.panel.sessionContext.session.kernel },
    index(id) { return this.notebook.widgets.findIndex(cell => cell.model.id === id) },
    model(id) { return this.notebook.widgets[this.index(id)].model },
    ended(id) {
        const {executionCount, executionState} = this.model(id)
        return executionCount !== null && executionState === 'idle'
    },
    get code() { return this.notebook.widgets.map(cell => cell.model).filter(model => model.type === 'code') },
    // What stops a notebook: errors in cells that must not have any.
    get errors() {
        return this.code
            .filter(model => !(model.getMetadata('tags') ?? []).includes('raises-exception'))
            .flatMap(model => model.sharedModel.outputs
                .filter(output => output.output_type === 'error')
                .map(output => `${model.id}: ${output.ename}: ${output.evalue}`))
    },
    // Outputs are drawn when they come into view, and what else scrolls the page may come in between.
    drawn(id) {
        const cell = this.notebook.widgets[this.index(id)]
        if (!cell.node.isConnected) { this.show(id); return false }
        cell.node.querySelector('.jp-Cell-outputWrapper').scrollIntoView({block: 'nearest'})
        const areas = [...cell.node.querySelectorAll('.jp-OutputArea-output')]
        return areas.length >= cell.model.sharedModel.outputs.length && areas.every(area => area.innerText)
    },
    // Outputs of which something cannot be seen, not even by scrolling, because there is no room for it.
    cut(id) {
        const cell = this.notebook.widgets[this.index(id)]
        return [...cell.node.querySelectorAll('.jp-Cell-outputWrapper *')]
            .filter(part => part.scrollWidth > part.clientWidth + 1)
            .filter(part => ['hidden', 'clip'].includes(getComputedStyle(part).overflowX))
            .map(part => part.innerText)
    },
    show(id) { this.notebook.scrollToItem(this.index(id), 'smart') },
    async open(path) {
        const panel = await window.jupyterapp.commands.execute('docmanager:open', {path})
        await panel.context.ready
        await panel.sessionContext.ready
        await panel.sessionContext.session.kernel.info
    },
}
"""


def find_chromium() -> str | None:
    """The browser to use: what the variable CHROMIUM says, else what is on the path."""
    wanted = os.environ.get("CHROMIUM")
    return next(filter(None, map(shutil.which, [wanted] if wanted else _NAMES)), None)


# Not skipif: of this one pytest makes a single line for all of them.
NEEDS_CHROMIUM = (
    []
    if find_chromium()
    else [
        pytest.mark.skip(
            "no Chromium, so nothing was tried in a browser: `apt-get install chromium`, or CHROMIUM=/path/to/it"
        )
    ]
)
"""The marks of a module whose tests look at something in a browser."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium without a window; it ends with the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class LabPage:
    """JupyterLab with one notebook in front. Cells are named by their ids in the notebook's file."""

    def __init__(self, page: Page, screenshots: Path) -> None:
        self.page = page
        self._screenshots = screenshots
        page.set_default_timeout(TIMEOUT * 1000)
        page.add_init_script(_SCRIPT)

    def go(self, address: str) -> None:
        """Open JupyterLab and wait until it is there, with all its extensions."""
        self.page.goto(address)
        self.page.wait_for_function("window.jupyterapp && jupyterapp.restored.then(() => true)")

    def open(self, path: str) -> None:
        """Open a notebook in a tab of its own and wait until its kernel is connected.

        Args:
            path: The notebook, relative to JupyterLab's root.
        """
        self.page.wait_for_function("path => lesson.open(path).then(() => true)", arg=path)

    def close(self) -> None:
        """Close the notebook in front without saving it; its kernel goes on."""
        self.page.evaluate("lesson.panel.dispose()")

    def shut_down_all_kernels(self) -> None:
        """End whatever runs, as the panel for running kernels does."""
        self.page.evaluate("jupyterapp.serviceManager.sessions.shutdownAll()")

    @property
    def kernel_id(self) -> str:
        """Jupyter's name for the notebook's kernel."""
        return str(self.page.evaluate("lesson.kernel.id"))

    @property
    def code_cells(self) -> list[str]:
        """The ids of all code cells, from top to bottom."""
        return list(self.page.evaluate("lesson.code.map(model => model.id)"))

    @property
    def ended(self) -> list[str]:
        """The ids of those that have been run, and have ended."""
        return list(self.page.evaluate("lesson.code.map(model => model.id).filter(id => lesson.ended(id))"))

    def cell(self, cell_id: str) -> Locator:
        """A cell, scrolled to."""
        index = self.page.evaluate("id => lesson.index(id)", cell_id)
        assert index >= 0, f"there is no cell {cell_id!r}"
        self.page.evaluate("id => lesson.show(id)", cell_id)
        return self._panel.locator(f'.jp-Notebook-cell[data-windowed-list-index="{index}"]')

    def outputs(self, cell_id: str) -> Locator:
        """What is shown below a cell, scrolled to."""
        return self.cell(cell_id).locator(".jp-Cell-outputWrapper")

    def text(self, cell_id: str) -> str:
        """What a code cell's outputs say now."""
        outputs = self.outputs(cell_id)
        self.page.wait_for_function("id => lesson.drawn(id)", arg=cell_id)
        return outputs.inner_text()

    def says(self, cell_id: str, *texts: str) -> None:
        """Wait until a cell's outputs show these texts, or tell them to those who cannot see pictures."""
        for text in texts:
            expect(self.outputs(cell_id)).to_contain_text(text, timeout=TIMEOUT * 1000)

    def breaks_lines_at_spaces(self, cell_id: str) -> bool:
        """Whether a long line of a cell's output is broken between words."""
        style = self.outputs(cell_id).locator("pre").first.evaluate("e => getComputedStyle(e).wordBreak")
        return bool(style == "normal")

    def draws(self, cell_id: str, status: str) -> None:
        """Wait until the title of a cell's timeline shows this status, to those who see pictures."""
        title = self.outputs(cell_id).locator("svg tspan").first
        expect(title).to_have_text(status, timeout=TIMEOUT * 1000)
        expect(title).to_be_visible(timeout=TIMEOUT * 1000)

    def shows_picture(self, cell_id: str) -> None:
        """Wait until a text's picture is there, and demand that it also says what it shows."""
        picture = self.cell(cell_id).get_by_role("img")
        picture.wait_for()
        self.page.wait_for_function("image => image.naturalWidth > 0", arg=picture.element_handle())
        assert picture.get_attribute("alt")

    def run(self, cell_id: str) -> str:
        """Run one cell with Shift+Enter and wait for its end; what its outputs then say."""
        self._click_into(cell_id)
        self.page.keyboard.press("Shift+Enter")
        self.wait_for(cell_id)
        return self.text(cell_id)

    def wait_for(self, cell_id: str, timeout: float = TIMEOUT) -> None:
        """Wait until a cell that was started has ended; an error in any cell of the notebook fails the test.

        Args:
            cell_id: The cell.
            timeout: Seconds to wait at most, for those that are run above it too.
        """
        ended_or_failed = "id => lesson.ended(id) || lesson.errors.length"
        with suppress(TimeoutError):
            self.page.wait_for_function(ended_or_failed, arg=cell_id, timeout=timeout * 1000, polling=100)
        ended, errors, status = self.page.evaluate(
            "id => [lesson.ended(id), lesson.errors, lesson.kernel?.status]", cell_id
        )
        if errors or not ended:
            pytest.fail(f"{cell_id} has not ended well; the kernel is {status}; errors: {errors or 'none'}")

    def write(self, cell_id: str, source: str) -> None:
        """Replace what stands in a cell, from the keyboard."""
        self._click_into(cell_id)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)
        assert self.page.evaluate("id => lesson.model(id).sharedModel.getSource()", cell_id) == source

    def add_cell(self, below: str, source: str) -> str:
        """Make a new cell below another one, and write into it; its id."""
        self._click_into(below)
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("b")
        made = str(self.page.evaluate("lesson.notebook.activeCell.model.id"))
        assert made != below
        self.write(made, source)
        return made

    def select(self, cell_id: str) -> None:
        """Select a cell, with a click beside it."""
        self.cell(cell_id).locator(".jp-Cell-inputWrapper .jp-InputPrompt").click()

    def menu(self, name: str, entry: str) -> None:
        """Choose an entry of the menu bar."""
        self.page.locator(".lm-MenuBar").get_by_role("menuitem", name=name, exact=True).click()
        self.page.locator(".lm-Menu").get_by_role("menuitem", name=entry).first.click()

    def confirm(self) -> None:
        """Press Ok in the dialog that JupyterLab shows."""
        self.page.get_by_role("dialog").get_by_role("button", name="Ok").click()

    def press(self, cell_id: str, label: str) -> None:
        """Press a button that a cell's output shows."""
        # By what is written on it: its name in the accessibility tree begins with its icon's code point.
        whole = re.compile(rf"^\s*{re.escape(label)}\s*$")
        self.outputs(cell_id).locator("button").filter(has_text=whole).click()

    def screenshot(self, name: str, cell_id: str) -> None:
        """Keep a picture of the screen, with this code cell's outputs on it; nothing of them may be cut off."""
        self.text(cell_id)
        self.page.screenshot(path=self._screenshots / f"{name}.png")
        if cut := self.page.evaluate("id => lesson.cut(id)", cell_id):
            pytest.fail(f"in the outputs of {cell_id} there is no room for {cut}: see {name}.png")

    @contextmanager
    def narrow(self, width: int) -> Iterator[None]:
        """A window of so many pixels, as for one who has two of them side by side; then as wide as before."""
        before = self.page.viewport_size
        assert before is not None
        self.page.set_viewport_size({"width": width, "height": before["height"]})
        self.page.wait_for_function("width => lesson.notebook.node.clientWidth < width", arg=width)
        try:
            yield
        finally:
            self.page.set_viewport_size(before)
        self.page.wait_for_function("width => lesson.notebook.node.clientWidth > width", arg=width)

    @property
    def _panel(self) -> Locator:
        # One of several tabs: those behind it stay in the page.
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def _click_into(self, cell_id: str) -> None:
        self.cell(cell_id).locator(".cm-content").click(position={"x": 2, "y": 2})
