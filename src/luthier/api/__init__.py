"""One function for each operation that is answered. It knows tuning and nothing of bytes."""
