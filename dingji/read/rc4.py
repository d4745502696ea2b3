"""RC4: the stream of bytes that is added to a text to hide it, and to show it again. The library has none."""

from __future__ import annotations


def keystream(key: bytes, length: int) -> bytes:
    """Return so many bytes of the stream that a key makes."""
    state, other = list(range(256)), 0
    for place in range(256):
        other = (other + state[place] + key[place % len(key)]) & 0xFF
        state[place], state[other] = state[other], state[place]
    found, other = bytearray(length), 0
    for number in range(length):
        place = (number + 1) & 0xFF
        one = state[place]
        other = (other + one) & 0xFF
        two = state[other]
        state[place], state[other] = two, one
        found[number] = state[(one + two) & 0xFF]
    return bytes(found)
