"""What a candidate is told, agrees to and promises, in both languages.

`docs/candidates.md` says what each sentence is based on. A change to any of them needs a new `VERSION`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

VERSION = "2026-11-29.2"
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


def offered(language: str, kept_days: float, contact: str, compared: bool) -> Offered:
    """The texts of a language, or English.

    `kept_days`: of results; `contact`: empty where none is configured; `compared`: whether voice and face are compared
    between a candidate's answers; only then do the texts mention it.
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
# How long it is kept
Recordings are deleted as soon as they have been assessed; if that fails, a few days later. What was found in them \
is deleted {days} days after that; only the reason for the decision is kept longer, for as long as somebody may go to \
court over it. Until you submit them, you can delete your recordings yourself.
# Who decides
A person. Scores are proposals, and that person looks at the evidence first.
# Questions, objections, another way
You may ask what is stored about you, have it corrected or deleted, object to a decision, or ask to speak with a \
person instead of recording, without giving a reason: {contact}.""",
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
# Berapa lama disimpan
Rekaman dihapus segera setelah dinilai; bila penilaian gagal, beberapa hari kemudian. Temuan dari rekaman dihapus \
{days} hari setelah itu; hanya alasan keputusan yang disimpan lebih lama, selama masih dapat digugat di pengadilan. \
Sebelum menyerahkannya, Anda dapat menghapus sendiri rekaman Anda.
# Siapa yang memutuskan
Manusia. Nilai hanyalah usulan, dan orang yang memutuskan melihat buktinya terlebih dahulu.
# Pertanyaan, keberatan, cara lain
Anda boleh menanyakan data apa yang disimpan tentang Anda, meminta perbaikan atau penghapusannya, mengajukan keberatan \
atas keputusan, atau meminta berbicara dengan seseorang sebagai ganti merekam, tanpa menyebutkan alasan: {contact}.""",
}

_CONSENT = {
    "en": "I have read what this is, who sees it, what is measured and how long it is kept. I agree that my "
    "recordings, picture and sound, are processed for this selection as described{compared}. I know that I "
    "need not agree, that I can withdraw my consent at any time, and that I can ask for another way instead.",
    "id": "Saya telah membaca penjelasan tentang wawancara ini, siapa yang melihatnya, apa yang diukur, dan berapa "
    "lama datanya disimpan. Saya setuju rekaman saya, gambar dan suara, diproses untuk seleksi ini seperti yang "
    "dijelaskan{compared}. Saya tahu bahwa saya tidak wajib setuju, dapat menarik persetujuan ini kapan saja, dan "
    "dapat meminta cara lain.",
}

_PLEDGE = {
    "en": "My answers are my own: nobody answers for me or tells me what to say, and I do not read out text that "
    "somebody or something else has written.",
    "id": "Jawaban saya adalah jawaban saya sendiri: tidak ada yang menjawab untuk saya atau memberi tahu apa yang "
    "harus saya katakan, dan saya tidak membacakan teks yang ditulis orang atau program lain.",
}
