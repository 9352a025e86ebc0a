"""A visitor of the page: what tests do there, in the visitor's words."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Self

from playwright.async_api import Locator, Page, expect

DESKTOP, PHONE = (1280, 800), (390, 780)
FORGET = """() => {
  localStorage.clear();
  sessionStorage.clear();
  Storage.prototype.setItem = () => {};
}"""


class Visitor:
    """One open page. Visits follow each other in it: in a new one, each would cost four times as much."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text) if message.type == "error" else None
            ),
        )

    @asynccontextmanager
    async def visit(self, address: str, size: tuple[int, int] = DESKTOP) -> AsyncGenerator[Self]:
        """Come as somebody new, and fail in the end for whatever the console complained about."""
        self.complaints.clear()
        await self.page.set_viewport_size({"width": size[0], "height": size[1]})
        await self.page.emulate_media(color_scheme="light")
        await self.page.goto(address)
        await self.messages.first.wait_for()
        try:
            yield self
            assert self.complaints == []
        finally:
            await self._leave()

    async def _leave(self) -> None:
        """Forget what the page kept, and have it keep nothing more."""
        await self.page.evaluate(FORGET)
        await self.page.goto("about:blank")

    @property
    def messages(self) -> Locator:
        """All messages of the channel."""
        return self.page.get_by_role("log").get_by_role("article")

    @property
    def last(self) -> Locator:
        """The newest message."""
        return self.messages.last

    @property
    def options(self) -> Locator:
        """What the open list offers."""
        return self.page.locator("[role=option]")

    async def pick(self, name: str) -> None:
        """Choose from the open list."""
        await self.options.filter(has_text=name).first.click()

    async def be(self, name: str) -> None:
        """Become one of the people."""
        button = self.page.get_by_role("radio", name=re.compile(rf"^{name} "))
        await button.click()
        await expect(button).to_be_checked()
        await self.settled()

    async def show(self, tab: str) -> None:
        """Open a tab, where the screen is narrow enough to have tabs."""
        tabs = self.page.get_by_role("navigation", name="Parts of the page")
        if await tabs.is_visible():
            await tabs.get_by_role("button", name=tab).click()

    async def go(self, channel: str) -> None:
        """Open a channel."""
        await self.show("Channels")
        await (
            self.page.get_by_role("navigation", name="Channels")
            .get_by_role("button", name=re.compile(rf"\b{channel}"))
            .click()
        )
        await expect(self.page.get_by_role("heading", level=1)).to_contain_text(channel)
        await self.settled()

    async def settled(self) -> None:
        """Wait until the channel's messages are there."""
        await expect(self.page.locator("#chat")).not_to_have_attribute("aria-busy", "true")

    async def write(self, text: str) -> Locator:
        """Send a message and return it."""
        await self.page.locator("#write").fill(text)
        await self.page.keyboard.press("Enter")
        message = self.messages.filter(has=self.page.locator(".markdown", has_text=text)).last
        return await self.fixed(message)

    async def fixed(self, message: Locator) -> Locator:
        """Return a locator of the very message that another one finds at the moment."""
        return self.page.locator(f"[id='{await message.get_attribute('id')}']")

    async def choose(self, command: str) -> None:
        """Choose a command from the slash picker."""
        await self.page.locator("#write").fill(command)
        await self.options.first.wait_for()
        await self.page.keyboard.press("Enter")
        await self.page.get_by_role("form", name=f"Command {command}").wait_for()

    async def run(self, command: str) -> Locator:
        """Run a command without options and return its answer."""
        origin = self.page.locator("p.origin code", has_text=command)
        answers = self.messages.filter(has=origin)  # others may speak meanwhile
        count = await answers.count()
        await self.choose(command)
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator("form.command")).to_have_count(0)
        await expect(answers).to_have_count(count + 1)
        return await self.fixed(answers.last)

    async def open_modal(self, command: str) -> Locator:
        """Run a command that answers with a modal, and return the modal."""
        await self.choose(command)
        await self.page.keyboard.press("Enter")
        modal = self.page.get_by_role("dialog")
        await modal.wait_for()
        return modal
