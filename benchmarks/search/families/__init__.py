"""
The families of problems: recorded trainings, surrogates of recorded trainings, functions, and live trainings.

Each module has `make(name, data)`. Only the modules of the families that are used are imported: most need a library.
"""
