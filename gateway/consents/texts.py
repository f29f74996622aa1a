"""What a candidate is told, agrees to and promises, in both languages.

`docs/candidates.md` says what each sentence rests on. Whoever changes one changes `VERSION` with it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

VERSION = "2026-11"
JOBS_OWN = "job"
"""Version of a text that a job brings along: its hash tells which."""
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
    """Everything that is laid before a candidate. Lines that begin with `# ` are headings."""

    information: ConsentText
    consent: ConsentText
    pledge: str


def offered(language: str, kept_days: float, contact: str, compared: bool) -> Offered:
    """The texts of a language, or English.

    `kept_days`: of results; `contact`: empty where none is configured; `compared`: whether voice and face are compared
    between a candidate's answers, which is told and agreed to only then.
    """
    language = language if language in LANGUAGES else LANGUAGES[0]
    told = _INFORMATION[language].format(
        days=f"{kept_days:g}",
        contact=contact or _WHOEVER_ASKED[language],
        compared=_COMPARED[language] if compared else "",
    )
    agreed = _CONSENT[language].format(compared=_COMPARED_TOO[language] if compared else "")
    return Offered(
        ConsentText(told, language, VERSION),
        ConsentText(agreed, language, VERSION),
        _PLEDGE[language],
    )


_WHOEVER_ASKED = {
    "en": "answer the message in which you were sent this link",
    "id": "balas pesan yang memuat tautan ini",
}

_COMPARED = {
    "en": "Your voice and face are compared between your own answers, to see that one person gives them all. ",
    "id": "Suara dan wajah Anda dibandingkan di antara jawaban Anda sendiri untuk melihat bahwa satu orang yang "
    "menjawab semuanya. ",
}
_COMPARED_TOO = {
    "en": ", and that my voice and face are compared between my own answers",
    "id": ", serta suara dan wajah saya dibandingkan di antara jawaban saya sendiri",
}

_INFORMATION = {
    "en": """# What this is
Part of an interview: you answer questions by recording yourself, when and where it suits you. A program writes down \
what you say, measures the recordings and proposes scores, each with the words it rests on.
# Who sees it
The people who take part in this selection, at the organisation that invited you. Whoever looks at what was found in \
an answer before deciding is recorded by name.
# What is measured
What you say, and how far it answers the question. How you speak: pace, pauses, loudness, how well you can be heard. \
In the picture: whether one face can be seen, whether lips and sound belong together, where head and eyes point. \
{compared}Nothing is concluded about emotions, health, origin or character, and where you look never counts against \
you by itself.
# How long it is kept
Recordings are deleted as soon as they have been assessed; where that fails, a few days later. What was found in them \
is deleted {days} days after that. Until you hand them in, you can delete your recordings yourself.
# Who decides
A person. Scores are proposals, and that person sees the evidence first.
# Questions, objections, another way
You may ask what is stored about you, have it corrected or deleted, object to a decision, or ask to speak with a \
person instead of recording, without giving a reason: {contact}.""",
    "id": """# Apa ini
Bagian dari wawancara: Anda menjawab pertanyaan dengan merekam diri, kapan dan di mana pun Anda sempat. Sebuah program \
menuliskan ucapan Anda, mengukur rekamannya, dan mengusulkan nilai beserta kata-kata yang menjadi dasarnya.
# Siapa yang melihatnya
Orang-orang yang terlibat dalam seleksi ini di organisasi yang mengundang Anda. Siapa pun yang melihat temuan dari \
sebuah jawaban sebelum memutuskan dicatat namanya.
# Apa yang diukur
Isi ucapan Anda dan sejauh mana itu menjawab pertanyaan. Cara Anda berbicara: kecepatan, jeda, keras-lembut suara, dan \
seberapa jelas Anda terdengar. Pada gambar: apakah satu wajah terlihat, apakah gerak bibir sesuai dengan suara, ke \
mana kepala dan mata mengarah. {compared}Tidak ada yang disimpulkan tentang emosi, kesehatan, asal-usul, atau watak, \
dan arah pandangan saja tidak pernah merugikan Anda.
# Berapa lama disimpan
Rekaman dihapus segera setelah dinilai; bila penilaian gagal, beberapa hari kemudian. Temuan dari rekaman dihapus \
{days} hari setelah itu. Sebelum menyerahkannya, Anda dapat menghapus sendiri rekaman Anda.
# Siapa yang memutuskan
Manusia. Nilai hanyalah usulan, dan orang yang memutuskan melihat buktinya terlebih dahulu.
# Pertanyaan, keberatan, cara lain
Anda boleh menanyakan data apa yang disimpan tentang Anda, meminta perbaikan atau penghapusannya, mengajukan keberatan \
atas keputusan, atau meminta berbicara dengan seseorang sebagai ganti merekam, tanpa menyebutkan alasan: {contact}.""",
}

_CONSENT = {
    "en": "I have read what this is, who sees it, what is measured and how long it is kept. I agree that my "
    "recordings, picture and sound, are processed for this selection as described{compared}. I know that I "
    "need not agree, that I can take this back at any time, and that I can ask for another way instead.",
    "id": "Saya telah membaca apa ini, siapa yang melihatnya, apa yang diukur, dan berapa lama disimpan. Saya setuju "
    "rekaman saya, gambar dan suara, diproses untuk seleksi ini seperti yang dijelaskan{compared}. Saya tahu bahwa "
    "saya tidak wajib setuju, dapat menarik persetujuan ini kapan saja, dan dapat meminta cara lain.",
}

_PLEDGE = {
    "en": "My answers are my own: nobody answers for me or tells me what to say, and I read out no text that somebody "
    "or something else has written.",
    "id": "Jawaban saya adalah jawaban saya sendiri: tidak ada yang menjawab untuk saya atau memberi tahu apa yang "
    "harus saya katakan, dan saya tidak membacakan teks yang ditulis orang atau program lain.",
}
