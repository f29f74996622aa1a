"""What the two answers say and do. Times are seconds of media time; everything here becomes the ground truth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """The head turns to the candidate's left by `degrees` and comes back."""

    start_s: float
    end_s: float
    degrees: float


@dataclass(frozen=True, slots=True)
class Content:
    """One answer: sentences with the pause after each, blinks by start and length, and looks away."""

    file: str
    language: str
    question: str
    sentences: tuple[tuple[str, float], ...]
    blinks: tuple[tuple[float, float], ...]
    looks: tuple[Look, ...]
    mirrored: bool


ENGLISH = Content(
    "answer_en.mp4",
    "en",
    "Tell me about a time you found and fixed a difficult bug.",
    (
        ("Last spring, our payment service lost about one order in two thousand.", 0.45),
        ("The logs showed nothing, so I added a request number to every call and compared both sides.", 1.0),
        ("After three days I saw that a retry could arrive before the first answer was saved.", 0.4),
        ("I wrote a test that repeats the race, then made the call safe to repeat with a unique key.", 0.9),
        ("Since that release we have not lost a single order, and the team uses the same check elsewhere.", 0.5),
    ),
    ((2.1, 0.16), (5.4, 0.2), (8.9, 0.14), (11.6, 0.24), (17.9, 0.18), (21.2, 0.15), (24.7, 0.2), (27.3, 0.16)),
    (Look(13.2, 16.0, 30.0),),
    mirrored=False,
)

INDONESIAN = Content(
    "answer_id.webm",
    "id",
    "Ceritakan tantangan terbesar dalam proyek tim Anda dan bagaimana Anda mengatasinya.",
    (
        ("Tantangan terbesar kami adalah memindahkan data pelanggan ke sistem baru dalam dua minggu.", 0.45),
        ("Tim kami hanya empat orang, dan layanan tidak boleh berhenti.", 0.9),
        ("Saya membagi pekerjaan menjadi bagian kecil dan membuat daftar pemeriksaan setiap hari.", 0.4),
        ("Setiap malam kami memindahkan sebagian data, lalu membandingkan jumlahnya dengan sistem lama.", 0.8),
        ("Akhirnya semua data pindah tanpa kesalahan, dan kami selesai dua hari lebih cepat.", 0.5),
    ),
    ((1.7, 0.18), (4.6, 0.15), (8.2, 0.22), (10.9, 0.16), (14.3, 0.2), (17.8, 0.14), (21.5, 0.18), (25.2, 0.2)),
    (),
    mirrored=True,
)
