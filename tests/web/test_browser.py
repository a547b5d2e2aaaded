"""A real browser labels an article: the link, the page, the keys, the project, the end."""

from pathlib import Path

import pytest
from web_kit import Serving, browser, browser_path, labels_of, make_project, state_of, until

from annotator.model.annotation import State


@pytest.mark.skipif(not browser_path(), reason="no Chromium or Chrome is installed")
async def test_an_article_is_labelled_in_a_real_browser(tmp_path: Path) -> None:
    path = make_project(tmp_path / "p.db")
    (tmp_path / "profile").mkdir()
    with Serving(tmp_path, path, "--people", "iva,boris") as serving:
        token = serving.token("iva")
        async with browser(tmp_path / "profile") as tab:
            await tab.open(serving.links["iva"])
            await tab.wait("document.body.classList.contains('-first-byte')")
            assert await tab.value("document.title") == "annotator: iva"
            assert await tab.value("document.fonts.check('16px \"Roboto Mono\"')")
            await tab.press("t", 84)
            await until(lambda: len(labels_of(path, "iva", "a0")) == 1)
            await tab.press("d", 68, ctrl=True)
            await until(lambda: state_of(path, "iva", "a0") is State.DONE)
            await tab.press("q", 81, ctrl=True)
            await tab.wait("!document.getElementById('said').hidden")
            said = await tab.value("document.querySelector('#said span').textContent")
            assert said == "You left. Everything is saved."
            await until(lambda: not serving.children())
            await tab.press("Enter", 13)  # the button to go on has the focus
            await until(lambda: len(serving.children()) == 1)
            assert token not in await tab.value("location.href")
            assert token not in await tab.value("document.cookie")
            assert all(url.replace("ws:", "http:").startswith(serving.url) for url in tab.requests)
            assert not any(token in url for url in tab.requests)
            assert tab.complaints == []
            await tab.open(f"{serving.url}#{token}x")
            await tab.wait("document.getElementById('door').hidden === false")
            said = await tab.value("document.querySelector('#said span').textContent")
            assert said.startswith("This link is not good")
            await tab.call("Input.insertText", text=f" {serving.links['boris']} ")
            await tab.press("Enter", 13)
            await tab.wait("document.title === 'annotator: boris'")
        # the browser was killed: so are the sittings over
        await until(lambda: not serving.children())
        assert serving.stop() == 0
        assert token not in serving.output
    assert labels_of(path, "boris", "a0") == []
