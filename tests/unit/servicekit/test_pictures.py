"""Recordings of kinds that go wrong, read for their picture: one clock, the right way round, every loss named."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from servicekit.decoding import Picture, PictureReader
from servicekit.wire import Span
from tests.support.recordings import Pictures, Sounds, every, hum, hurt, joined, silence, with_matrix, write


def seen(path: Path) -> tuple[list[Picture], tuple[Span, ...]]:
    """All pictures of a recording, and where there is none."""
    with closing(PictureReader(path)) as reader:
        pictures = list(reader.pictures())
        return pictures, reader.missing


def rounded(spans: tuple[Span, ...]) -> list[tuple[float, float]]:
    """To tenths of a second."""
    return [(round(span.start_s, 1), round(span.end_s, 1)) for span in spans]


def test_a_damaged_packet_of_picture_is_only_its_own_loss(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.mp4", Pictures(every(4)), Sounds([(0.0, hum(4))]))
    pictures, missing = seen(hurt(whole, "video", 2.2))
    assert len(pictures) == 99
    assert rounded(missing) == [(2.2, 2.2)]
    assert pictures[-1].offset_s == pytest.approx(3.96, abs=0.01)


def test_a_damaged_first_packet_costs_what_builds_on_it(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.mp4", Pictures(every(4), key_each=50), Sounds([(0.0, hum(4))]))
    pictures, missing = seen(hurt(whole, "video", 0.0))
    assert pictures[0].offset_s == pytest.approx(2.0, abs=0.01)
    assert len(pictures) == 50
    assert rounded(missing) == [(0.0, 2.0)]


def test_a_picture_that_starts_late_is_late(tmp_path: Path) -> None:
    pictures, missing = seen(write(tmp_path / "a.mp4", Pictures(every(2, start_s=3.0)), Sounds([(0.0, hum(5))])))
    assert pictures[0].offset_s == pytest.approx(3.0, abs=0.01)
    assert rounded(missing) == [(0.0, 3.0)]


def test_a_camera_that_is_switched_off_is_missed_to_the_end(tmp_path: Path) -> None:
    _, missing = seen(write(tmp_path / "a.mp4", Pictures(every(2)), Sounds([(0.0, hum(5))])))
    assert rounded(missing) == [(2.0, 5.0)]


def test_a_picture_that_stands_still_is_not_missing(tmp_path: Path) -> None:
    times = every(2) + every(2, start_s=8.0)
    _, missing = seen(
        write(tmp_path / "a.webm", Pictures(times, codec="libvpx"), Sounds([(0.0, hum(10))], codec="libopus"))
    )
    assert missing == ()


def test_a_computer_that_slept_leaves_a_gap(tmp_path: Path) -> None:
    times = every(2) + every(2, start_s=602.0)
    sound = Sounds([(0.0, hum(2)), (602.0, hum(2))], codec="libopus")
    pictures, missing = seen(write(tmp_path / "a.webm", Pictures(times, codec="libvpx"), sound))
    assert rounded(missing) == [(2.0, 602.0)]
    assert pictures[-1].offset_s == pytest.approx(603.96, abs=0.01)


def test_two_recordings_joined_are_one_after_the_other(tmp_path: Path) -> None:
    sounds = Sounds([(0.0, silence(3))], codec="libopus")
    part = write(tmp_path / "a.webm", Pictures(every(3), codec="libvpx"), sounds, live="1")
    pictures, missing = seen(joined(tmp_path / "b.webm", [part, part]))
    assert len(pictures) == 150
    assert np.diff([picture.offset_s for picture in pictures]).max() < 0.1
    assert pictures[-1].offset_s == pytest.approx(5.96, abs=0.1)
    assert missing == ()


def corner(_time_s: float) -> NDArray[np.uint8]:
    """White in the upper left quarter, grey in the upper right, black below."""
    picture = np.zeros((120, 160, 3), np.uint8)
    picture[:60, :80], picture[:60, 80:] = 255, 128
    return picture


WAYS: dict[tuple[int, int, int, int], Callable[[NDArray[np.uint8]], NDArray[np.uint8]]] = {
    (1, 0, 0, 1): lambda stored: stored,
    (-1, 0, 0, 1): lambda stored: stored[:, ::-1],
    (1, 0, 0, -1): lambda stored: stored[::-1],
    (-1, 0, 0, -1): lambda stored: stored[::-1, ::-1],
    (0, 1, -1, 0): lambda stored: np.rot90(stored, -1),
    (0, -1, 1, 0): lambda stored: np.rot90(stored),
    (0, 1, 1, 0): lambda stored: stored.swapaxes(0, 1),
    (0, -1, -1, 0): lambda stored: np.rot90(stored, 2).swapaxes(0, 1),
}
"""Where the matrix takes (x, y), y pointing down, and what is then to be seen."""


@pytest.mark.parametrize("matrix", WAYS)
def test_left_is_left_whatever_the_matrix_does(tmp_path: Path, matrix: tuple[int, int, int, int]) -> None:
    path = with_matrix(write(tmp_path / "a.mp4", Pictures(every(0.2), corner)), *matrix)
    pictures, _ = seen(path)
    right = WAYS[matrix](corner(0.0)[..., 0]).astype(int)
    luma = pictures[0].luma().astype(int)
    assert luma.shape == right.shape
    assert np.abs(luma - right).mean() < 25
    assert pictures[0].size_px == right.shape[::-1]


@pytest.mark.parametrize(
    ("pixel", "size_px"),
    [
        (Fraction(2, 1), (320, 120)),
        (Fraction(64, 45), (228, 120)),
        (Fraction(1, 2), (160, 240)),
        (Fraction(100, 1), (160, 120)),
    ],
)
def test_pixels_are_made_square(tmp_path: Path, pixel: Fraction, size_px: tuple[int, int]) -> None:
    pictures, _ = seen(write(tmp_path / "a.mkv", Pictures(every(0.2), corner, pixel=pixel)))
    assert pictures[0].size_px == size_px
    assert pictures[0].shape == size_px[::-1]
    assert pictures[0].luma()[: size_px[1] // 3, : size_px[0] // 3].mean() > 200


def test_of_several_pictures_the_chosen_one_is_read(tmp_path: Path) -> None:
    def dark(_time_s: float) -> NDArray[np.uint8]:
        return np.full((120, 160, 3), 20, np.uint8)

    path = write(tmp_path / "a.mkv", Pictures(every(5), dark), Pictures(every(5), corner))
    with closing(PictureReader(path)) as reader:
        assert [track.index for track in reader.probe.pictures] == [0, 1]
        looks = [(place, picture.luma().max() > 200) for place, picture in reader.looks()]
        assert {place for place, _ in looks} == {0, 1}
        assert all(bright == (place == 1) for place, bright in looks)
        reader.choose(1)
        pictures = list(reader.pictures())
    assert len(pictures) == 125
    assert all(picture.luma().max() > 200 for picture in pictures)


def test_a_picture_comes_as_it_was_decoded(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", Pictures(every(0.4)))
    with av.open(str(path)) as container:
        direct = [frame.to_ndarray() for frame in container.decode(video=0)]
    through = [picture.frame().to_ndarray() for picture in seen(path)[0]]
    assert all(np.array_equal(a, b) for a, b in zip(direct, through, strict=True))
