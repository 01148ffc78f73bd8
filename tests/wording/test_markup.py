"""Small pages of HTML."""

from fraudguard.wording.markup import Table, bar, card, page


def test_text_is_escaped_and_bars_are_kept() -> None:
    """What comes from data cannot become markup; a bar is markup already."""
    told = card(
        "<b>", subtitle="<i>", tables=[Table(columns=["<u>", ""], rows=[["<script>", bar(0.5)]])], notes=["<s>"]
    )

    for odd in ("<b>", "<i>", "<u>", "<script>", "<s>"):
        assert odd not in told
    assert 'aria-label="50 %"' in told


def test_empty_tables_are_left_out() -> None:
    """A heading without rows says nothing."""
    assert "<table" not in card("x", tables=[Table(title="t", columns=["a"], rows=[])])


def test_bars_stay_within_their_cell() -> None:
    """A share above the whole or below nothing is drawn as the whole or nothing."""
    assert "width:120px" in bar(7)
    assert "width:0px" in bar(-1)


def test_page_says_its_language() -> None:
    """A screen reader must know whether to read Chinese or English."""
    assert 'lang="zh-CN"' in page("x", "", lang="zh")
    assert 'lang="en"' in page("x", "", lang="en")
