"""Which parts of a data set a host gets in an epoch."""

from luthier.host.channels.order import Share, share_of
from luthier.records.channel import Channel, Distribution

PARTS = list(range(100))
PLAIN = Channel(name="train", uri="s3://data/train")
SHARDED = Distribution.SHARDED_BY_S3_KEY


def shuffled(seed: int, **changes: Distribution) -> Channel:
    return Channel(name="train", uri="s3://data/train", shuffle_seed=seed, **changes)


def test_without_a_seed_every_epoch_has_the_order_of_the_data_set() -> None:
    assert [share_of(PARTS, PLAIN, Share(), epoch) for epoch in range(3)] == [PARTS] * 3


def test_a_seed_gives_another_order_in_each_epoch() -> None:
    first, second = (share_of(PARTS, shuffled(7), Share(), epoch) for epoch in range(2))

    assert sorted(first) == sorted(second) == PARTS
    assert PARTS != first != second != PARTS


def test_the_same_seed_gives_the_same_orders_again() -> None:
    assert share_of(PARTS, shuffled(7), Share(), 3) == share_of(PARTS, shuffled(7), Share(), 3)
    assert share_of(PARTS, shuffled(7), Share(), 3) != share_of(PARTS, shuffled(8), Share(), 3)


def test_a_seed_may_be_negative() -> None:
    assert sorted(share_of(PARTS, shuffled(-(1 << 63)), Share())) == PARTS


def test_shares_of_hosts_are_disjoint_and_complete() -> None:
    channel = Channel(name="train", uri="s3://data/train", distribution=SHARDED)
    shares = [share_of(PARTS, channel, Share(host=host, hosts=3)) for host in range(3)]

    assert sorted(part for each in shares for part in each) == PARTS
    assert [len(each) for each in shares] == [34, 33, 33]
    assert shares[1] == share_of(PARTS, channel, Share(host=1, hosts=3), epoch=5)


def test_a_seed_shuffles_shares_across_hosts_in_each_epoch() -> None:
    channel = shuffled(7, distribution=SHARDED)
    shares = [[set(share_of(PARTS, channel, Share(host=host, hosts=2), epoch)) for host in (0, 1)] for epoch in (0, 1)]

    assert shares[0][0] | shares[0][1] == set(PARTS)
    assert shares[0][0] != shares[1][0]


def test_a_host_without_a_part_gets_nothing() -> None:
    channel = Channel(name="train", uri="s3://data/train", distribution=SHARDED)

    assert share_of([1], channel, Share(host=1, hosts=2)) == []


def test_replicated_parts_go_to_every_host() -> None:
    assert share_of(PARTS, PLAIN, Share(host=1, hosts=2)) == PARTS
