"""The members that every listing has."""

from luthier.api.ledger.entry import Honoured

PAGED = Honoured("goes on where the page that gave it ended", "test_pages_follow_one_another_without_a_gap")
LIMITED = Honoured("entries of a page, at most; 10 where left out", "test_a_page_has_ten_entries_unless_told_otherwise")
TURNED = Honoured("`Ascending`, the default, or `Descending`", "test_a_listing_can_be_turned_round")
BETWEEN = Honoured("only those strictly after or before", "test_a_listing_can_be_bounded_in_time")


def sorted_by(orders: str) -> Honoured:
    """Say how a listing can be sorted."""
    return Honoured(f"{orders}; by name where left out", "test_a_listing_can_be_sorted")
