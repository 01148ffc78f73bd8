"""The little Markdown of cards as HTML."""

from fraudguard.wording.markdown import as_html

CARD = """# Title <1>

A paragraph with **weight**
over two lines.

## Table

| a | b |
|---|---|
| 1 < 2 | **x** |

## List
- one
  goes on
- two
"""


def test_blocks_become_elements() -> None:
    """Headings, a paragraph, a table with its head, and a list whose items may go on."""
    page = as_html(CARD)

    assert "<h1>Title &lt;1&gt;</h1>" in page
    assert "<p>A paragraph with <b>weight</b> over two lines.</p>" in page
    assert page.count("<th ") == 2
    assert ">1 &lt; 2</td>" in page
    assert "<li>one goes on</li><li>two</li>" in page
    assert "---" not in page


def test_nothing_in_a_card_becomes_markup() -> None:
    """What looks like HTML in a name stays text."""
    assert "<script" not in as_html("# <script>alert(1)</script>\n\n| <script> |\n|---|\n| <img src=x> |")
