"""Deleting many objects by one request: each key is judged by itself."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import anyio
import pytest
from botocore.exceptions import ClientError

from luthier.records.call import ApiError
from luthier.wire.aws_chunked import PlainReader
from luthier.wire.s3_deletion import LONGEST, MOST, Deletion, judge, read_deletion, with_refusals
from wire.s3_site import Site, a_site, code_of


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(tmp_path_factory.mktemp("deletion")) as made:
        yield made


def asked(*keys: str, **more: Any) -> dict[str, Any]:
    return {"Bucket": "mine", "Delete": {"Objects": [{"Key": each} for each in keys], **more}}


def keys_in(site: Site) -> set[str]:
    listed = site.s3("AKIAOWN").list_objects_v2(Bucket="mine").get("Contents", [])
    return {each["Key"] for each in listed}


def read(body: bytes, *, is_plain: bool = True) -> Deletion:
    async def arriving() -> AsyncIterator[bytes]:
        yield body

    async def whole() -> Deletion:
        return await read_deletion(PlainReader(len(body), None), arriving(), is_plain=is_plain)

    return anyio.run(whole)


def test_an_account_deletes_many_of_its_own(site: Site) -> None:
    own = site.s3("AKIAOWN")
    names = ["a b", "ü/ö", "x&y<z>", "%41", "plus+"]
    for name in names:
        own.put_object(Bucket="mine", Key=name, Body=b"")

    answer = own.delete_objects(**asked(*names))

    assert {each["Key"] for each in answer["Deleted"]} == set(names)
    assert not keys_in(site) & set(names)


def test_a_role_deletes_what_it_may_and_is_told_of_the_rest(site: Site) -> None:
    site.s3("AKIAOWN").put_object(Bucket="mine", Key="output/new", Body=b"")

    answer = site.s3("AKIAROLE").delete_objects(**asked("output/new", "data/rows.csv", "secret/plan"))

    assert [each["Key"] for each in answer["Deleted"]] == ["output/new"]
    assert {(each["Key"], each["Code"]) for each in answer["Errors"]} == {
        ("data/rows.csv", "AccessDenied"),
        ("secret/plan", "AccessDenied"),
    }
    assert {"data/rows.csv", "secret/plan"} <= keys_in(site)


def test_refusals_are_told_although_the_request_is_quiet(site: Site) -> None:
    answer = site.s3("AKIAROLE").delete_objects(**asked("output/gone", "secret/plan", Quiet=True))

    assert [each["Key"] for each in answer["Errors"]] == ["secret/plan"]
    assert "Deleted" not in answer


@pytest.mark.parametrize("key", ["line\r\nbreak", "tab\t", "\x7f"])
def test_a_key_that_would_not_be_found_again_is_refused(site: Site, key: str) -> None:
    with pytest.raises(ClientError, match="control character"):
        site.s3("AKIAOWN").put_object(Bucket="mine", Key=key, Body=b"")


def test_a_key_of_dots_reaches_no_other_object(site: Site) -> None:
    answer = site.s3("AKIAROLE").delete_objects(**asked("output/../secret/plan"))

    assert [each["Code"] for each in answer["Errors"]] == ["InvalidArgument"]
    assert "secret/plan" in keys_in(site)


def test_a_version_is_refused_where_there_are_none(site: Site) -> None:
    own = site.s3("AKIAOWN")
    wanted = {"Objects": [{"Key": "secret/plan", "VersionId": "3"}]}

    assert code_of(own.delete_objects, Bucket="mine", Delete=wanted) == "NotImplemented"
    assert "secret/plan" in keys_in(site)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<Delete/>",
        b"<Delete><Object><Key/></Object></Delete>",
        b"<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>",
        b"<Delete><Object><Key>a</Key></Object><Other/></Delete>",
        b"<Other><Object><Key>a</Key></Object></Other>",
        b'<!DOCTYPE d [<!ENTITY e "x">]><Delete><Object><Key>&e;</Key></Object></Delete>',
        b"<Delete><Object><Key>\xff</Key></Object></Delete>",
        b"<Delete>" + b"<Object><Key>a</Key></Object>" * (MOST + 1) + b"</Delete>",
        b"<Delete>" + b" " * LONGEST + b"<Object><Key>a</Key></Object></Delete>",
    ],
)
def test_a_body_that_is_wrong_is_refused_whole(body: bytes) -> None:
    with pytest.raises(ApiError, match="MalformedXML"):
        read(body)


def test_what_is_passed_on_is_what_was_judged() -> None:
    deletion = Deletion(objects=[{"Key": "a\rb"}, {"Key": "<&>"}, {"Key": " c "}], is_quiet=True)

    assert read(deletion.written()) == deletion


def test_the_server_alone_answers_for_what_is_not_refused() -> None:
    def check(key: str) -> None:
        if key == "b":
            raise ApiError("AccessDenied", "no")

    refused = judge(Deletion(objects=[{"Key": "a"}, {"Key": "b"}, {"Key": "b"}], is_quiet=False), check)
    answer = with_refusals(b"<DeleteResult><Deleted><Key>a</Key></Deleted></DeleteResult>", refused)

    assert answer.endswith(
        b"<DeleteResult><Deleted><Key>a</Key></Deleted>"
        b"<Error><Key>b</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>"
    )
