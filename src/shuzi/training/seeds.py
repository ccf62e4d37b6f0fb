"""Seeds made of seeds, so that every step draws its own random numbers and none need saving."""

from __future__ import annotations


def seed_for(*numbers: int) -> int:
    """One 63-bit seed from several numbers, such as (run's seed, step), spread by splitmix64.

    Every step draws its random numbers (dropout, augmentation) from a seed of its own, so that a resumed
    run needs no saved generator to draw the same.
    """
    mixed = 0
    for number in numbers:
        mixed = (mixed + number + 0x9E3779B97F4A7C15) % 2**64
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % 2**64
        mixed ^= mixed >> 31
    return mixed >> 1
