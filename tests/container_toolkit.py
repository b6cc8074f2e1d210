"""SageMaker's own training toolkit in a training image, as in the images of its frameworks."""

import io
import tarfile
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from container_image import add_libraries, build, digest, locked, training_image
from luthier.runtimes.container.engine import Engine

_MAIN = "from sagemaker_training.cli.train import main; main()"
_PLACE = "opt/site"


def toolkit_image(engine: Engine) -> str:
    """Give an image whose entrypoint is the toolkit's."""
    base = training_image(engine)
    made_of = digest(base, metadata.version("sagemaker-training"), Path(__file__).read_text())
    name = f"localhost/luthier-test-toolkit:{made_of}"
    with locked():
        if engine.image(name) is None:
            build(engine, name, _context(base))
    return name


def _context(base: str) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        extensions = []
        for package in sorted(_needed("sagemaker-training")):
            for file in metadata.distribution(package).files or ():
                path = Path(str(file.locate()))
                if path.is_file() and ".." not in file.parts and "tests" not in file.parts:
                    tar.add(path, f"files/{_PLACE}/{file}")
                    extensions += [str(path)] if path.suffix == ".so" else []
        add_libraries(tar, extensions, "files/")
        lines = (
            f"FROM {base}",
            "COPY files/ /",
            f"ENV PYTHONPATH=/{_PLACE}",
            f'ENTRYPOINT ["python3", "-c", "{_MAIN}"]',
        )
        entry = tarfile.TarInfo("Dockerfile")
        text = "\n".join(lines).encode()
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
    return content.getvalue()


def _needed(package: str) -> set[str]:
    """Name a package and all that it requires."""
    found, waiting = set[str](), [package]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for text in metadata.requires(name) or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    return found
