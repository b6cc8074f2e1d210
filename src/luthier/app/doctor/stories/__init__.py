"""What the doctor has each client do: programs as a user writes them, run in the client's own environment."""
