"""
How training programs' logs become metrics, and what helps where they do not. Pure.

    patterns ─┬─ scraper                    what hosts read metrics with
              ├─ lint                       what is probably wrong with a pattern
              └─ reading ── proposal        what a pattern finds in lines, and one that would find something
                      workbench             all of that together, of one pattern on some lines
"""
