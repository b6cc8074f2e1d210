"""A user's source folder, with a requirement that needs no network."""

import shutil
import zipfile
from pathlib import Path


def a_source_folder():
    """Copy the folder `scripted` into the working folder, with the wheel that its requirements.txt names."""
    folder = Path.cwd() / "source"
    shutil.copytree(Path(__file__).parent / "scripted", folder, ignore=shutil.ignore_patterns("__pycache__"))
    place = "greeting-1.0.dist-info"
    with zipfile.ZipFile(folder / "greeting-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("greeting.py", "WORD = 'hello'\n")
        wheel.writestr(f"{place}/METADATA", "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n")
        wheel.writestr(f"{place}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{place}/RECORD", "")
    return str(folder)
