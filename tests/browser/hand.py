"""A hand that counts: every key press and click beyond the words themselves.

The words of a source, a code or an address cost nothing; what the page asks for beside them does.
"""

from playwright.sync_api import Locator, Page


class Hand:
    """Works a page as a person does, by keys and clicks, and counts them."""

    def __init__(self, page: Page) -> None:
        """Begin with nothing pressed."""
        self.page = page
        self.count = 0

    def type(self, words: str) -> None:
        """Type words where the cursor stands; the words themselves do not count."""
        self.page.keyboard.insert_text(words)

    def type_keys(self, letters: str) -> None:
        """Press one key for each letter, as somebody chooses from a list; each counts."""
        for letter in letters:
            self.press(letter)

    def press(self, key: str, times: int = 1) -> None:
        """Press a key."""
        for _time in range(times):
            self.page.keyboard.press(key)
            self.count += 1

    def click(self, what: Locator) -> None:
        """Click on something."""
        what.click()
        self.count += 1

    def tab_to(self, what: Locator, most: int = 12) -> None:
        """Go on with Tab until something has the focus; each Tab counts."""
        for _time in range(most):
            if what.evaluate("one => one === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"{most} Tabs do not lead to {what}")
