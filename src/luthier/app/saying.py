"""Lines of text in a terminal."""

from rich.console import Console
from rich.text import Text


def say(console: Console, text: str, style: str = "") -> None:
    """Print text as it is, long lines unbroken so that they can be copied."""
    console.print(Text(text, style=style), soft_wrap=True)
