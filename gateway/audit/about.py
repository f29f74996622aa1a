"""What each file of an export of personal data is, in both languages."""

from __future__ import annotations

import re

_ABOUT: tuple[tuple[str, str, str], ...] = (
    (r"result\.json", "the assessment as published", "penilaian sebagaimana diterbitkan"),
    (r"files/consent.*\.json", "your consent, with the texts", "persetujuan Anda, beserta teksnya"),
    (r"files/.*stills/.*", "a picture of a finding", "gambar dari suatu temuan"),
    (r"files/.*(upload|recording|sound|wav).*", "your recording, or its sound", "rekaman Anda, atau suaranya"),
    (r"files/.*", "what was measured of an answer", "hasil pengukuran atas suatu jawaban"),
    (r"database/sessions\.json", "your session: name, state, result in brief", "sesi Anda: nama, status, ringkasan"),
    (r"database/answers\.json", "your answers: questions, state", "jawaban Anda: pertanyaan, status"),
    (r"database/stages\.json", "steps of the work on your answers", "tahap pengerjaan jawaban Anda"),
    (r"database/reviews\.json", "decisions of people with their reasons", "keputusan orang beserta alasannya"),
    (r"database/decision_reasons\.json", "reasons as sealed in the audit", "alasan yang disegel dalam audit"),
    (r"database/audit_entries\.json", "what was done to your session", "apa yang dilakukan pada sesi Anda"),
    (r"database/chain_entries\.json", "who has seen and done what", "siapa yang melihat dan melakukan apa"),
    (r"database/scorecards\.json", "how people have rated you", "bagaimana orang menilai Anda"),
    (r"database/comments\.json", "what people have noted on you", "catatan orang tentang Anda"),
    (r"database/group_answers\.json", "the groups that you have told", "kelompok yang Anda sebutkan"),
    (r"database/(similar_answers|answer_sketches)\.json", "comparison of texts", "perbandingan teks"),
    (r"database/(links|invitations)\.json", "your link and invitation", "tautan dan undangan Anda"),
    (r"database/deliveries\.json", "what other systems were told", "apa yang diberitahukan ke sistem lain"),
    (r"database/.*", "other rows about your session", "baris lain tentang sesi Anda"),
)


def about(name: str) -> dict[str, str]:
    """By the file's name in the zip."""
    return next({"en": en, "id": indonesian} for pattern, en, indonesian in _ABOUT if re.fullmatch(pattern, name))
