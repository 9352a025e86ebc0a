"""Connecting on the page, with the real bot and simulated services: a key, a link, a code."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import BrowserContext, Locator, expect

from tests.browser.conftest import sandbox
from tests.browser.visitor import Visitor

SOON = 12000  # milliseconds: a code is asked about every 5 seconds


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def folder(tmp_path_factory) -> Path:
    """Where the sandbox keeps its state, its ports and keys among it."""
    return tmp_path_factory.mktemp("connecting") / "state"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def own_address(folder: Path) -> AsyncIterator[str]:
    """Run a sandbox with the real bot."""
    async with sandbox(folder) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="session")
async def mara(window: Visitor, own_address: str) -> AsyncIterator[Visitor]:
    """Be the admin in #social."""
    async with window.visit(own_address, (1280, 900)):
        await window.be("Mara")
        await window.go("social")
        yield window


async def give_key(mara: Visitor, key: str, service: str = "WAHDX") -> Locator:
    """Connect a service with a key; the answer."""
    count = await mara.messages.count()
    await mara.choose("/provider connect")
    form = mara.page.get_by_role("form")
    await form.get_by_role("button", name=re.compile("^service")).click()
    await mara.pick(service)
    await form.get_by_role("button", name="Run").click()
    modal = mara.page.get_by_role("dialog")
    await modal.get_by_label("API key").fill(key)
    await modal.get_by_role("button", name="Submit").click()
    await expect(modal).to_have_count(0)
    await expect(mara.messages).to_have_count(count + 1)
    return await mara.fixed(mara.last)


async def begin(mara: Visitor, connection: str) -> Locator:
    """Begin to connect an account behind a connection; the message that leads through it."""
    said = await mara.run("/account connect")
    await said.get_by_role("button", name=re.compile("Which connection")).click()
    await mara.pick(connection)
    return said


async def test_an_admin_connects_a_service_and_accounts(mara: Visitor, folder: Path) -> None:
    """A wrong key, a service that is away and a plan that is too small are told; the right key, a
    link that works once, and a code through its states connect.
    """
    memory = json.loads((folder / "sandbox.json").read_text())
    keys, port = memory["keys"], memory["ports"]["wahdx"]
    code = await begin(mara, "WAHDX")
    await code.get_by_role("button", name="Show the code").click()
    await expect(code.locator("img").last).to_be_visible()
    await expect(code).to_contain_text("expires in 5 minutes")
    phone = await mara.page.context.new_page()
    await phone.goto(f"http://127.0.0.1:{port}/dashboard")
    await phone.get_by_role("link", name="scan with the phone").click()
    await mara.page.bring_to_front()  # a page behind another one draws once a second
    await expect(await give_key(mara, "sk_wrong_0123456789")).to_contain_text("Invalid API key")
    genviral = mara.page.get_by_role("combobox", name="How Genviral behaves")
    await genviral.select_option("rate_limited")
    away = await give_key(mara, keys["genviral"], "Genviral")
    await expect(away).to_contain_text("Genviral asks to slow down")
    await genviral.select_option("none")
    await expect(await give_key(mara, keys["wahdx"])).to_contain_text("WAHDX is connected")
    await expect(code).to_contain_text("Scanned. Now confirm it in the app.", timeout=SOON)
    await follow_a_link(mara, mara.page.context)
    await phone.get_by_role("link", name="confirm with the phone").click()
    await mara.page.bring_to_front()
    await expect(code).to_contain_text("the account is connected", timeout=SOON)
    told = mara.messages.filter(has_text="TikTok · Harbour Coffee Van 1 is connected")
    await expect(told).to_contain_text("@Mara", timeout=SOON)
    await mara.page.get_by_role("combobox", name="How WAHDX behaves").select_option("small_plan")
    await code.get_by_role("button", name="Get a fresh code").click()
    await expect(mara.last).to_contain_text("QR login needs the Maximum plan")
    await phone.close()


async def follow_a_link(mara: Visitor, context: BrowserContext) -> None:
    """Open the address that WayinVideo gives, and read the accounts anew."""
    said = await begin(mara, "WayinVideo")
    await said.get_by_role("button", name=re.compile("Which platform")).click()
    await mara.pick("YouTube")
    await expect(said).to_contain_text("costs 10 API Units")
    await said.get_by_role("button", name="Get a link").click()
    async with context.expect_page() as opened:
        await said.get_by_role("link", name="Open the address").click()
    page = await opened.value
    await expect(page.locator("body")).to_contain_text("on youtube is connected")
    await page.close()
    await mara.page.bring_to_front()
    await mara.run("/account check")
    told = mara.messages.filter(has_text="YouTube · harbour_8_example is connected")
    await expect(told).to_contain_text("@Mara")
