"""Commands and modals on the page, by mouse and by keyboard."""

from playwright.async_api import FilePayload, expect

from tests.browser.visitor import Visitor


def a_file(name: str) -> FilePayload:
    """Return a small file to upload."""
    return {"name": name, "mimeType": "text/plain", "buffer": b"text"}


async def test_options_of_every_kind(visitor: Visitor) -> None:
    """A command's options are fields: required first, optional addable, suggested by the bot."""
    page = visitor.page
    await visitor.choose("/sample options")
    form = page.get_by_role("form")
    await form.get_by_role("combobox", name="post").fill("open")
    await expect(visitor.options).to_have_text(["Opening hours", "Open day"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await form.get_by_label("count").fill("9")
    await form.get_by_role("button", name="Run").click()
    await expect(form.get_by_text("At most 5.")).to_be_visible()
    await expect(form.get_by_label("count")).to_be_focused()
    await form.get_by_label("count").fill("2")
    for name, choice in {
        "loud": "True", "who": "Paul", "where": "approvals", "role": "Author", "mood": "Good",
    }.items():  # fmt: skip
        await form.get_by_role("button", name=f"Add option {name}").click()
        await form.get_by_role("button", name=f"{name}: nothing chosen").click()
        await visitor.pick(choice)
    await form.get_by_role("button", name="Add option share").click()
    await form.get_by_label("share", exact=True).fill("0.5")
    await form.get_by_role("button", name="Add option file").click()
    await form.get_by_label("file", exact=True).set_input_files(a_file("a.txt"))
    await form.get_by_role("button", name="Run").click()
    given = "p3 | 2 | True | 0.5 | paul | approvals | Author | a.txt | Good"
    await expect(visitor.last).to_contain_text(given)


async def test_modal_with_text_select_and_files(visitor: Visitor) -> None:
    """A modal counts characters, says what is wrong beside the field, and sends everything."""
    page = visitor.page
    modal = await visitor.open_modal("/sample modal")
    await modal.get_by_role("button", name="Submit").click()
    await expect(modal.get_by_role("alert")).to_have_count(0)
    await expect(modal.get_by_text("This is required.")).to_be_visible()
    caption = modal.get_by_label("Caption")
    await expect(caption).to_be_focused()
    await caption.fill("☕" * 21)
    await expect(modal.get_by_text("21 / 20")).to_be_visible()
    await caption.fill("Fresh ☕")
    await modal.get_by_role("button", name="Accounts: nothing chosen").click()
    for name in ("TikTok", "Facebook", "Threads"):  # the third is one too many
        await visitor.pick(name)
    await page.keyboard.press("Escape")
    await modal.get_by_label("Media").set_input_files([a_file("a.txt"), a_file("b.txt")])
    await modal.get_by_role("button", name="Submit").click()
    await expect(modal).to_have_count(0)
    expected = "caption: Fresh ☕\nwhen: now\naccounts: tiktok, facebook\nmedia: a.txt, b.txt"
    await expect(visitor.last.locator(".markdown")).to_have_text(expected, use_inner_text=True)


async def test_modal_with_choices_submits_again(visitor: Visitor) -> None:
    """Radios, checkboxes and entity selects work; a failed submit keeps them for the next."""
    page = visitor.page
    modal = await visitor.open_modal("/sample choices")
    await modal.get_by_label("Loud").check()
    for day in ("Monday", "Tuesday", "Friday"):
        await modal.get_by_label(day).check()
    await modal.get_by_label("Tell everybody").check()
    await modal.get_by_role("button", name="Who: nothing chosen").click()
    await visitor.pick("Paul")
    await page.keyboard.press("Escape")
    await modal.get_by_role("button", name="Submit").click()
    await expect(modal.get_by_text("Choose at most 2; 3 are chosen.")).to_be_visible()
    await modal.get_by_label("Tuesday").uncheck()
    await modal.get_by_role("button", name="Submit").click()
    await expect(modal.get_by_role("alert")).to_contain_text("you can submit it again")
    await modal.get_by_label("Calm").check()
    await modal.get_by_role("button", name="Submit").click()
    await expect(modal).to_have_count(0)
    await expect(visitor.last).to_contain_text("calm | monday, friday | True | paul | none")


async def test_keyboard_alone(visitor: Visitor) -> None:
    """The picker, the options, a select and a modal can be used without a mouse."""
    page, keys = visitor.page, visitor.page.keyboard
    await page.locator("#write").focus()
    await keys.type("/sample m")
    await expect(visitor.options).to_have_count(1)
    await keys.press("Escape")
    await expect(visitor.options).to_have_count(0)
    await keys.type("o")
    await visitor.options.wait_for()
    await keys.press("Enter")
    await keys.press("Enter")
    await page.get_by_role("dialog").wait_for()
    await keys.type("By keys")
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await keys.press("Escape")
    await expect(page.get_by_role("button", name="Accounts: Threads")).to_be_focused()
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(visitor.last).to_contain_text("caption: By keys")
    await expect(page.locator("#write")).to_be_focused()


async def test_escape_leaves_a_modal(visitor: Visitor) -> None:
    """Escape closes an open list first, then the modal."""
    modal = await visitor.open_modal("/sample modal")
    await modal.get_by_role("button", name="Accounts").click()
    await visitor.page.keyboard.press("Escape")
    await expect(modal).to_be_visible()
    await visitor.page.keyboard.press("Escape")
    await expect(modal).to_have_count(0)
