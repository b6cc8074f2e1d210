"""KMS keys, their aliases, and objects that are stored as ciphertext."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
Kind = sa.Text | sa.Double[float] | sa.Boolean | sa.Integer


def upgrade() -> None:
    """Go to this version of the tables."""
    _create_keys()
    _create_objects()


def _create_keys() -> None:
    op.create_table(
        "kms_keys",
        _column("arn", KEY, "The key's ARN."),
        _column("account", KEY, "The account it belongs to."),
        _column("region", KEY, "The region it belongs to."),
        _column("created_at", sa.Double(), "When it was added."),
        _column("is_enabled", sa.Boolean(), "Whether it may be used."),
        _column("allowed", sa.Text(), "Principals that may use it; none of its account: all of it."),
        _column("denied", sa.Text(), "Principals that may not use it."),
        _column(
            "material",
            KEY,
            "The key, encrypted with the secret of the data folder; null: it is in AWS KMS.",
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("arn", name="pk_kms_keys"),
        comment="KMS keys, one a row.",
    )
    op.create_table(
        "kms_aliases",
        _column("arn", KEY, "The alias's ARN."),
        _column("key", KEY, "The ARN of the key that it names."),
        sa.ForeignKeyConstraint(["key"], ["kms_keys.arn"], name="fk_kms_aliases_key"),
        sa.PrimaryKeyConstraint("arn", name="pk_kms_aliases"),
        comment="Other names of KMS keys, one a row.",
    )


def _create_objects() -> None:
    op.create_table(
        "sealed_objects",
        _column("id", KEY, "What the stored object begins with, drawn for it alone."),
        _column("bucket", KEY, "The object's bucket, with JSON's escapes."),
        _column("key", KEY, "The object's key, with JSON's escapes."),
        _column("kms_key", KEY, "The ARN of the KMS key, which may have been removed."),
        _column("created_at", sa.Double(), "When it was about to be stored."),
        _column("parts", sa.Text(), "Its parts, with their sizes as they are and as they are stored."),
        _column("upload", KEY, "The multipart upload that it comes from.", nullable=True),
        _column("etag", KEY, "The ETag of what is stored; null until that has been seen.", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sealed_objects"),
        comment="Objects that are stored as ciphertext, one a row, each written before the object.",
    )
    op.create_index("ix_sealed_objects_bucket_key", "sealed_objects", ["bucket", "key"])
    op.create_table(
        "sealed_parts",
        _column("object_id", KEY, "The object that it is to be a part of."),
        sa.Column(
            "number",
            sa.Integer(),
            nullable=False,
            autoincrement=False,
            comment="Its number in the multipart upload.",
        ),
        _column("etag", KEY, "The ETag of what is stored."),
        _column("size", sa.BigInteger(), "How many bytes of the object it is."),
        _column("stored", sa.BigInteger(), "How many bytes are stored."),
        sa.ForeignKeyConstraint(["object_id"], ["sealed_objects.id"], name="fk_sealed_parts_object_id"),
        sa.PrimaryKeyConstraint("object_id", "number", "etag", name="pk_sealed_parts"),
        comment="Parts of multipart uploads of such objects, as they were stored.",
    )


def _column(name: str, kind: Kind, comment: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=nullable, comment=comment)
