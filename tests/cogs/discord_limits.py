"""What Discord refuses in a message or form (its documentation, "Embed Limits", "Component")."""

import discord
from discord import ui


def assert_embed_fits(embed: discord.Embed) -> None:
    """Fail where Discord would answer 400."""
    assert len(embed.title or "") <= 256
    assert len(embed.description or "") <= 4096
    assert len(embed.footer.text or "") <= 2048
    assert len(embed.fields) <= 25
    for field in embed.fields:
        assert 1 <= len((field.name or "").strip(" \n")) <= 256
        assert 1 <= len((field.value or "").strip()) <= 1024
    assert len(embed) <= 6000


def assert_form_fits(form: ui.Modal) -> None:
    """Fail where Discord would refuse to open the form."""
    assert 1 <= len(form.title) <= 45
    assert len(form.custom_id) <= 100
    assert 1 <= len(form.children) <= 5
    names: list[str] = []
    for label in form.children:
        assert isinstance(label, ui.Label)
        assert 1 <= len(label.text) <= 45
        assert len(label.description or "") <= 100
        entry = label.component
        names.append(entry.custom_id)  # pyright: ignore[reportAttributeAccessIssue]
        match entry:
            case ui.TextInput():
                assert len(entry.placeholder or "") <= 100
                assert len(entry.default or "") <= (entry.max_length or 4000) <= 4000
            case ui.Select():
                _assert_select_fits(entry)
            case ui.FileUpload():
                assert entry.max_values is not None
                assert 0 <= (entry.min_values or 0) <= entry.max_values <= 10
            case _:
                raise AssertionError(f"{entry!r} is not known here")
    assert all(1 <= len(name) <= 100 for name in names)
    assert len(set(names)) == len(names)


def _assert_select_fits(select: ui.Select) -> None:
    assert 1 <= len(select.options) <= 25
    assert 0 <= select.min_values <= select.max_values <= len(select.options)
    assert len(select.placeholder or "") <= 150
    assert len({option.value for option in select.options}) == len(select.options)
    assert sum(option.default for option in select.options) <= select.max_values
    for option in select.options:
        assert 1 <= len(option.label.strip()) <= 100
        assert 1 <= len(option.value) <= 100
        assert len(option.description or "") <= 100
