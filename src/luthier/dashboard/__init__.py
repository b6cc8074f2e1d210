"""Dashboard: pages for people, the rows as HTML. They only read, and ask no question that changes anything."""
