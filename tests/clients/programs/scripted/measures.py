"""A module beside the script."""


def loss_of(x, epoch):
    return (x - 0.3) ** 2 + 1 / (epoch + 1)
