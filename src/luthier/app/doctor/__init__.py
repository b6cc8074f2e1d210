"""The doctor: runs each installed AWS client end to end against a Luthier of its own, and says what it saw."""
