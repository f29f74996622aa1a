"""What a candidate is told, agrees to and promises, in both languages.

`docs/candidates.md` says what each sentence is based on. A change to any of them needs a new `VERSION`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.signals import Signal

VERSION = "2026-11-29.3"
JOBS_OWN = "job"
"""Version of a text that comes with a job: its hash identifies it."""
LANGUAGES = ("en", "id")


@dataclass(frozen=True, slots=True)
class ConsentText:
    """A text that somebody can agree to."""

    text: str
    language: str
    version: str

    @property
    def sha256(self) -> str:
        """Of the text in UTF-8, hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Offered:
    """Everything that is shown to a candidate. Lines that begin with `# ` are headings."""

    information: ConsentText
    consent: ConsentText
    pledge: str


@dataclass(frozen=True, slots=True)
class Played:
    """That the people who select may play a candidate's recordings, and how long: so many days after the result, or
    until a person has decided where that is None.
    """

    days: float | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """What the page notes while it records: whether pauses, and which signals."""

    pauses: bool = False
    signals: Sequence[Signal] = ()


def offered(
    language: str,
    kept_days: float,
    contact: str,
    compared: bool,
    played: Played | None = None,
    noted: Noted = Noted(),
) -> Offered:
    """The texts of a language, or English.

    `kept_days`: of results; `contact`: empty where none is configured; `compared`: whether voice and face are compared
    between a candidate's answers; `played`: whether recordings are kept to be played; `noted`: by the page. The texts
    mention these only where they are done.
    """
    language = language if language in LANGUAGES else LANGUAGES[0]
    told = _INFORMATION[language].format(
        days=f"{kept_days:g}",
        recordings=_recordings(language, played, kept_days),
        contact=contact or _WHOEVER_ASKED[language],
        compared=_COMPARED[language] if compared else "",
        noted=_noted(language, noted),
    )
    agreed = _CONSENT[language].format(
        compared=_COMPARED_TOO[language] if compared else "",
        played=_until(_PLAYED_TOO, language, played, kept_days) if played else "",
    )
    return Offered(
        ConsentText(told, language, VERSION),
        ConsentText(agreed, language, VERSION),
        _PLEDGE[language],
    )


def _noted(language: str, noted: Noted) -> str:
    """Lines of their own, each before its line feed."""
    lines = [_PAUSES[language]] if noted.pauses else []
    if noted.signals:
        told = "; ".join(_SIGNALS[language][signal] for signal in noted.signals)
        lines.append(_NOTES[language].format(signals=told))
    return "".join(f"{line}\n" for line in lines)


def named_signals(text: str, language: str) -> tuple[Signal, ...]:
    """The signals that a text told somebody of."""
    return tuple(signal for signal, words in _SIGNALS.get(language, {}).items() if words in text)


def _recordings(language: str, played: Played | None, kept_days: float) -> str:
    """What becomes of recordings."""
    if played is None:
        return _DELETED[language]
    return f"{_DELETED[language]} {_until(_KEPT, language, played, kept_days)}"


def _until(texts: dict[str, tuple[str, str]], language: str, played: Played, kept_days: float) -> str:
    """A text for recordings that are kept until the decision, or for days; never longer than results are."""
    until_decided, for_days = texts[language]
    if played.days is None:
        return until_decided
    return for_days.format(days=f"{min(played.days, kept_days):g}")


_DELETED = {
    "en": "Recordings are deleted as soon as they have been assessed; if that fails, a few days later.",
    "id": "Rekaman dihapus segera setelah dinilai; bila penilaian gagal, beberapa hari kemudian.",
}
_KEPT = {
    "en": (
        "A small copy is kept until the decision has been made, so that the people involved in this selection can play "
        "your answers, picture and sound; whoever does is recorded.",
        "A small copy is kept for {days} days after the assessment, so that the people involved in this selection can "
        "play your answers, picture and sound; whoever does is recorded.",
    ),
    "id": (
        "Salinan kecil disimpan sampai keputusan dibuat, agar orang-orang yang terlibat dalam seleksi ini dapat "
        "memutar jawaban Anda, gambar dan suara; siapa pun yang memutarnya dicatat.",
        "Salinan kecil disimpan selama {days} hari setelah penilaian, agar orang-orang yang terlibat dalam seleksi ini "
        "dapat memutar jawaban Anda, gambar dan suara; siapa pun yang memutarnya dicatat.",
    ),
}
_PLAYED_TOO = {
    "en": (
        ", and that a copy of my recordings is kept until the decision and may be played by the people involved",
        ", and that a copy of my recordings is kept for {days} days and may be played by the people involved",
    ),
    "id": (
        ", serta salinan rekaman saya disimpan sampai keputusan dibuat dan boleh diputar oleh orang yang terlibat",
        ", serta salinan rekaman saya disimpan selama {days} hari dan boleh diputar oleh orang yang terlibat",
    ),
}
_PAUSES = {
    "en": "Where you may pause, the people who see your answer also see when you paused and for how long.",
    "id": "Bila Anda boleh menjeda rekaman, orang yang melihat jawaban Anda juga melihat kapan dan berapa lama Anda "
    "menjedanya.",
}
_NOTES = {
    "en": "While you record, this page also notes for the people who see your answer: {signals}. It notes when and for "
    "how long, as far as your browser can tell; it never sees what you do elsewhere. None of it counts in a score or "
    "in what the program proposes.",
    "id": "Selama Anda merekam, halaman ini juga mencatat untuk orang yang melihat jawaban Anda: {signals}. Yang "
    "dicatat adalah kapan dan berapa lama, sejauh peramban Anda dapat mengetahuinya; halaman ini tidak pernah melihat "
    "apa yang Anda lakukan di tempat lain. Semua itu tidak dihitung dalam nilai atau usulan program.",
}
_SIGNALS: dict[str, dict[Signal, str]] = {
    "en": {
        "page_left": "that another tab or window is in front of it",
        "second_screen": "that a second screen is connected",
        "paste": "that something is pasted on it, but not what",
        "device_change": "that a camera, a microphone or a headset is plugged in or pulled out",
    },
    "id": {
        "page_left": "bahwa tab atau jendela lain berada di depannya",
        "second_screen": "bahwa layar kedua tersambung",
        "paste": "bahwa sesuatu ditempelkan di halaman ini, tetapi bukan isinya",
        "device_change": "bahwa kamera, mikrofon, atau headset dipasang atau dilepas",
    },
}

_WHOEVER_ASKED = {
    "en": "reply to the message that contained this link",
    "id": "balas pesan yang memuat tautan ini",
}

_COMPARED = {
    "en": "Your voice and face are compared between your own answers, to check that the same person gives them all. ",
    "id": "Suara dan wajah Anda dibandingkan di antara jawaban Anda sendiri untuk memastikan bahwa semuanya dijawab "
    "oleh orang yang sama. ",
}
_COMPARED_TOO = {
    "en": ", and that my voice and face are compared between my own answers",
    "id": ", serta suara dan wajah saya dibandingkan di antara jawaban saya sendiri",
}

_INFORMATION = {
    "en": """# What this is
Part of an interview: you answer questions by recording yourself, when and where it suits you. A program writes down \
what you say, measures the recordings and proposes scores, each with the words it is based on.
# Who sees it
The people involved in this selection at the organisation that invited you. Anyone who looks at the findings in an \
answer before deciding is recorded by name.
# What is measured
What you say, and how well it answers the question. How you speak: pace, pauses, loudness, how clearly you can be \
heard. In the picture: whether one face can be seen, whether lips and sound match, where head and eyes point. \
{compared}No conclusions are drawn about emotions, health, origin or character, and where you look never counts \
against you by itself.
{noted}# How long it is kept
{recordings} What was found in them is deleted {days} days after the assessment; only the reason for the decision is \
kept longer, for as long as somebody may go to court over it. Until you submit them, you can delete your recordings \
yourself.
# Who decides
A person. Scores are proposals, and that person looks at the evidence first.
# Questions, objections, another way
You may ask what is stored about you, have it corrected or deleted, object to a decision, or ask to speak with a \
person instead of recording, without giving a reason: {contact}. Once somebody has decided, you can also object under \
this link.""",
    "id": """# Apa ini
Ini bagian dari wawancara: Anda menjawab pertanyaan dengan merekam diri, kapan dan di mana pun Anda sempat. Sebuah \
program menuliskan ucapan Anda, mengukur rekamannya, dan mengusulkan nilai beserta kata-kata yang menjadi dasarnya.
# Siapa yang melihatnya
Orang-orang yang terlibat dalam seleksi ini di organisasi yang mengundang Anda. Nama setiap orang yang melihat \
temuan dalam sebuah jawaban sebelum memutuskan akan dicatat.
# Apa yang diukur
Isi ucapan Anda dan sejauh mana itu menjawab pertanyaan. Cara Anda berbicara: kecepatan, jeda, keras-lembut suara, dan \
seberapa jelas Anda terdengar. Pada gambar: apakah satu wajah terlihat, apakah gerak bibir sesuai dengan suara, ke \
mana kepala dan mata mengarah. {compared}Tidak ada yang disimpulkan tentang emosi, kesehatan, asal-usul, atau watak, \
dan arah pandangan saja tidak pernah merugikan Anda.
{noted}# Berapa lama disimpan
{recordings} Temuan dari rekaman dihapus {days} hari setelah penilaian; hanya alasan keputusan yang disimpan lebih \
lama, selama masih dapat digugat di pengadilan. Sebelum menyerahkannya, Anda dapat menghapus sendiri rekaman Anda.
# Siapa yang memutuskan
Manusia. Nilai hanyalah usulan, dan orang yang memutuskan melihat buktinya terlebih dahulu.
# Pertanyaan, keberatan, cara lain
Anda boleh menanyakan data apa yang disimpan tentang Anda, meminta perbaikan atau penghapusannya, mengajukan keberatan \
atas keputusan, atau meminta berbicara dengan seseorang sebagai ganti merekam, tanpa menyebutkan alasan: {contact}. \
Setelah ada keputusan, Anda juga dapat mengajukan keberatan melalui tautan ini.""",
}

_CONSENT = {
    "en": "I have read what this is, who sees it, what is measured and how long it is kept. I agree that my "
    "recordings, picture and sound, are processed for this selection as described{compared}{played}. I know that I "
    "need not agree, that I can withdraw my consent at any time, and that I can ask for another way instead.",
    "id": "Saya telah membaca penjelasan tentang wawancara ini, siapa yang melihatnya, apa yang diukur, dan berapa "
    "lama datanya disimpan. Saya setuju rekaman saya, gambar dan suara, diproses untuk seleksi ini seperti yang "
    "dijelaskan{compared}{played}. Saya tahu bahwa saya tidak wajib setuju, dapat menarik persetujuan ini kapan saja, "
    "dan dapat meminta cara lain.",
}

_PLEDGE = {
    "en": "My answers are my own: nobody answers for me or tells me what to say, and I do not read out text that "
    "somebody or something else has written.",
    "id": "Jawaban saya adalah jawaban saya sendiri: tidak ada yang menjawab untuk saya atau memberi tahu apa yang "
    "harus saya katakan, dan saya tidak membacakan teks yang ditulis orang atau program lain.",
}
