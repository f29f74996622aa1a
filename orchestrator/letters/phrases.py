"""The fixed words of letters, in English and Indonesian. Filled by `orchestrator.letters.composition`.

Each sentence stands on something measured; none says a score, and none praises or blames. Of a gap the first sentence
is for the first answer of a letter that has it, the second for the others.
"""

from __future__ import annotations

from typing import Any

OPEN, CLOSE = "[[", "]]"
"""Around what a person has to write: with these in it a letter is not sent."""

ENGLISH = {
    "greeting": "Hello {name},",
    "opening": "Thank you for your interview. Below is what we took from each of your answers. The words in quotation "
    "marks are your own, as our program wrote them down, with the minute and second of the recording. It may have "
    "misheard a word.",
    "began": "You began with {quote}.",
    "ended": "You ended with {quote}.",
    "ran": "You began with {opening} and ended with {closing}.",
    "said": "You said {quote}.",
    "unheard": "We could not make out your words at {times}.",
    "answered": "The part that answered the question most directly was {quote}.",
    "touched": "The part that came closest to the question was {quote}.",
    "carried": "The strongest part of your answer was {quote}.",
    "both": "The strongest part of your answer, which also goes straight to the question, was {quote}.",
    "noted": "We also noted {quote}.",
    "gap": {
        "topic": (
            "What we did not hear is an answer to the question itself.",
            "Here, too, the question itself stayed open.",
        ),
        "part": (
            "A part of the question stayed open.",
            "Here, too, a part of the question stayed open.",
        ),
        "case": (
            "We would have liked to hear one example of your own: when it happened, and what you did.",
            "Here, too, an example of your own would have helped.",
        ),
        "own": (
            "It stayed open for us which part of the work was yours.",
            "Here, too, we could not tell which part was yours.",
        ),
        "how": (
            "We would have liked to hear how you went about it, step by step.",
            "Here, too, the single steps would have helped: what you did first, and what after that.",
        ),
        "why": (
            "We would have liked to hear your reasons: why this way and not another.",
            "Here, too, we missed your reasons.",
        ),
        "result": (
            "We would have liked to hear how it turned out.",
            "Here, too, we did not hear how it turned out.",
        ),
        "order": (
            "We lost track of what came first and what came after. It would have helped to hear it once from the "
            "beginning, one step at a time.",
            "Here, too, we lost track of what came first and what came after.",
        ),
        "none": (
            "As far as we can tell, your answer left out nothing that the question asks for.",
            "Here, too, we found nothing missing.",
        ),
    },
    "points": "We had also hoped to hear about this: {points}.",
    "to_write": "[[What answered this question, and what was missing? Please write it yourself: the program has not "
    "rated this answer.]]",
    "to_write_gap": "[[What was missing in this answer? The program has not said; please write it yourself, or delete "
    "this line.]]",
    "to_check": "[[Something in this answer may not be right. Please have somebody check it who knows the subject, and "
    "write what was missing, or delete this line.]]",
    "silent": "There were no words in this recording that we could understand.",
    "unusable": "We could not use the recording of this answer.",
    "person": "A person has read this letter before sending it, and a person decides about your application.",
    "under_link": "If we misunderstood something, please tell us. Under the link of your interview you can read this "
    "letter again, and once there is a decision you can object to it.",
    "reply": "If we misunderstood something, or if you disagree with the decision, please tell us.",
    "regards": "Thank you again for your time, and all the best,",
    "and": " and ",
}

INDONESIAN = {
    "greeting": "Halo {name},",
    "opening": "Terima kasih sudah mengikuti wawancara ini. Berikut yang kami catat dari setiap jawaban Anda. Kalimat "
    "dalam tanda kutip adalah ucapan Anda sendiri seperti yang dituliskan program kami, disertai menit dan detiknya "
    "dalam rekaman. Mungkin ada kata yang salah terdengar.",
    "began": "Anda memulai dengan {quote}.",
    "ended": "Anda menutup dengan {quote}.",
    "ran": "Anda memulai dengan {opening} dan menutup dengan {closing}.",
    "said": "Anda mengatakan {quote}.",
    "unheard": "Ucapan Anda pada {times} tidak terdengar jelas.",
    "answered": "Bagian yang paling menjawab pertanyaan adalah {quote}.",
    "touched": "Bagian yang paling dekat dengan pertanyaan adalah {quote}.",
    "carried": "Bagian yang paling menguatkan jawaban Anda adalah {quote}.",
    "both": "Bagian yang menjawab pertanyaan sekaligus paling menguatkan jawaban Anda adalah {quote}.",
    "noted": "Kami juga mencatat {quote}.",
    "gap": {
        "topic": (
            "Yang belum kami dengar adalah jawaban atas pertanyaan itu sendiri.",
            "Di sini pun pertanyaannya sendiri belum terjawab.",
        ),
        "part": (
            "Sebagian dari pertanyaan belum terjawab.",
            "Di sini pun sebagian dari pertanyaan belum terjawab.",
        ),
        "case": (
            "Kami masih ingin mendengar satu contoh dari pengalaman Anda sendiri: kapan itu terjadi, dan apa yang Anda "
            "lakukan.",
            "Di sini pun satu contoh dari pengalaman Anda sendiri akan membantu.",
        ),
        "own": (
            "Belum jelas bagi kami bagian mana yang Anda kerjakan sendiri.",
            "Di sini pun belum jelas bagian mana yang Anda kerjakan sendiri.",
        ),
        "how": (
            "Kami masih ingin mendengar bagaimana Anda melakukannya, langkah demi langkah.",
            "Di sini pun langkah-langkahnya akan membantu: apa yang Anda lakukan lebih dulu, dan apa sesudahnya.",
        ),
        "why": (
            "Kami masih ingin mendengar alasan Anda: mengapa dengan cara itu.",
            "Di sini pun alasan Anda belum kami dengar.",
        ),
        "result": (
            "Kami masih ingin mendengar bagaimana hasilnya.",
            "Di sini pun hasilnya belum kami dengar.",
        ),
        "order": (
            "Kami sempat kehilangan urutan ceritanya. Akan lebih mudah diikuti bila diceritakan sekali lagi dari awal, "
            "satu per satu.",
            "Di sini pun kami sempat kehilangan urutan ceritanya.",
        ),
        "none": (
            "Sejauh yang kami lihat, tidak ada bagian pertanyaan yang terlewat dalam jawaban Anda.",
            "Di sini pun tidak ada yang terlewat.",
        ),
    },
    "points": "Kami juga berharap mendengar tentang hal ini: {points}.",
    "to_write": "[[Apa yang menjawab pertanyaan ini, dan apa yang kurang? Mohon ditulis sendiri: program tidak menilai "
    "jawaban ini.]]",
    "to_write_gap": "[[Apa yang kurang dalam jawaban ini? Program tidak menyebutkannya; mohon ditulis sendiri, atau "
    "hapus baris ini.]]",
    "to_check": "[[Mungkin ada yang tidak benar dalam jawaban ini. Mohon diperiksa oleh orang yang ahli, lalu tulis "
    "apa yang kurang, atau hapus baris ini.]]",
    "silent": "Tidak ada kata yang dapat kami pahami dalam rekaman ini.",
    "unusable": "Rekaman jawaban ini tidak dapat kami gunakan.",
    "person": "Surat ini dibaca oleh seseorang sebelum dikirim, dan keputusan atas lamaran Anda dibuat oleh manusia.",
    "under_link": "Bila ada yang kami salah pahami, sampaikanlah kepada kami. Melalui tautan wawancara Anda, surat ini "
    "dapat dibaca lagi, dan setelah ada keputusan Anda dapat mengajukan keberatan.",
    "reply": "Bila ada yang kami salah pahami, atau bila Anda keberatan dengan keputusannya, sampaikanlah kepada kami.",
    "regards": "Sekali lagi terima kasih atas waktu Anda. Salam hangat,",
    "and": " dan ",
}

PHRASES: dict[str, dict[str, Any]] = {"en": ENGLISH, "id": INDONESIAN}
