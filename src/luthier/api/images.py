"""The image that a request names, as the image catalogue knows it."""

from collections.abc import Collection

from luthier.algorithms.catalogue import CatalogueEntry, CatalogueError
from luthier.api.desk import Desk
from luthier.records.call import validation_error


def find_image(desk: Desk, image: str, hyperparameters: Collection[str] = ()) -> CatalogueEntry:
    """
    Give what stands for *image*, run with such *hyperparameters*.

    Raises ApiError, with the remedy, where nothing does or it cannot be run.
    """
    try:
        entry = desk.catalogue().find(image, hyperparameters)
    except CatalogueError as error:
        raise validation_error(f"TrainingImage {image!r} cannot be used: {error}") from error
    if entry is None:
        raise validation_error(
            f"TrainingImage {image!r} matches nothing in the image catalogue of this Luthier; add a pattern for it to "
            "images.toml, or run `luthier images add PATTERN ...`."
        )
    return entry
