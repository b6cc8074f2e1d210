"""The nouns of the house: frozen records and statuses, which every room may import and which import nothing of ours."""
