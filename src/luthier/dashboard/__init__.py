"""Pages for people: the same views that the API shows, as HTML."""
