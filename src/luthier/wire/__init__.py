"""AWS's protocols: bytes to Call, result to bytes. It knows AWS and nothing of tuning."""
