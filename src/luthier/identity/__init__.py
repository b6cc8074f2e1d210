"""Temporary credentials, derived secrets and what a role allows. Pure: whoever asks brings time and the secret."""
