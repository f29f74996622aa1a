"""What is said of an answer, in English and Indonesian. Filled by `services.judge.words.explanation`."""

from __future__ import annotations

GAPS = ("topic", "part", "case", "own", "how", "why", "result", "fact", "order", "none")
"""What an answer lacks most: the subject asked for, a part of the question, a case of one's own, the speaker's own
part, the steps, the reason, the outcome, rightness, order, or nothing."""

BANDS = (80, 60, 40, 20)
"""From strong over solid, middling, weak to hardly an answer: equal fifths of the scale."""

ENGLISH = {
    "total": (
        "A strong answer, {total} of 100{interval}.",
        "A solid answer, {total} of 100{interval}.",
        "A middling answer, {total} of 100{interval}.",
        "A weak answer, {total} of 100{interval}.",
        "This hardly answers the question, {total} of 100{interval}.",
    ),
    "interval": "; a person would most likely give it {low} to {high}",
    "carried": "The sentence that counts most is “{quote}”: without it the quality would be {points} points lower.",
    "central": "Its most telling sentence is “{quote}”.",
    "flat": "No sentence stands out.",
    "nearest": "Closest to the question is “{quote}”.",
    "coherence": (
        "It is easy to follow, each step leading to the next (coherence {score} of 100).",
        "It can be followed without effort (coherence {score} of 100).",
        "It can be followed, with jumps (coherence {score} of 100).",
        "It is hard to follow (coherence {score} of 100).",
        "It is hardly more than loose words (coherence {score} of 100).",
    ),
    "relevance": (
        "It answers exactly what was asked (relevance {score} of 100).",
        "It answers the question, with some beside the point (relevance {score} of 100).",
        "It answers the question in part (relevance {score} of 100).",
        "It only touches the question (relevance {score} of 100).",
        "It is about something else (relevance {score} of 100).",
    ),
    "own": "On {name} it reaches {score} of 100.",
    "own_carried": "On {name} it reaches {score} of 100, above all for “{quote}”.",
    "gap": {
        "topic": "The question itself stays unanswered.",
        "part": "A part of the question is left out.",
        "case": "It stays general: there is no case of the candidate's own in it.",
        "own": "What the candidate did, and what others did, stays open.",
        "how": "What was done is named, but not how.",
        "why": "The reasons are missing.",
        "result": "What came of it is not said.",
        "fact": "Something in it may not be right; an expert should check it.",
        "order": "The order of events gets lost.",
        "none": "",
    },
    "missing": "The model answer also speaks of {points}.",
    "removed": "A sentence that speaks to whoever scores was left out: “{quote}”.",
    "long": "It is very long: {read} of its {parts} parts were read, evenly spread.",
    "next": "Worth asking next: {question}",
    "ask": {
        "topic": "“Let me come back to my question: {question}”",
        "part": "“You spoke of ‘{quote}’. And the rest of the question: {question}”",
        "case": "“You said ‘{quote}’. Tell me about one time when that happened: what did you do?”",
        "own": "“You said ‘{quote}’. Which part of that was yours?”",
        "how": "“You said ‘{quote}’. How did you go about it, step by step?”",
        "why": "“You said ‘{quote}’. Why that way?”",
        "result": "“You said ‘{quote}’. What came of it?”",
        "fact": "“You said ‘{quote}’. What makes you sure that this is right?”",
        "order": "“Could you tell me that once more from the beginning, one step at a time?”",
        "none": "“You said ‘{quote}’. What makes that difficult in practice?”",
    },
    "unscored": {
        "unsure": "There is no score: the model is too unsure of this answer ({low} to {high} of 100 are possible). "
        "Please listen to it and rate it by hand.",
        "unlike_known_answers": "There is no score: the answer is unlike any that the model has learned from. Please "
        "listen to it and rate it by hand.",
        "doubtful_transcript": "There is no score: too many of the recognised words are doubtful. Please listen to the "
        "answer and rate it by hand.",
        "too_short": "There is no score: the answer has too few words. Please listen to it.",
        "no_model": "There is no score: no language model could be asked. Please listen to the answer and rate it by "
        "hand.",
    },
}

INDONESIAN = {
    "total": (
        "Jawaban yang kuat, {total} dari 100{interval}.",
        "Jawaban yang baik, {total} dari 100{interval}.",
        "Jawaban yang sedang-sedang saja, {total} dari 100{interval}.",
        "Jawaban yang lemah, {total} dari 100{interval}.",
        "Pertanyaannya hampir tidak terjawab, {total} dari 100{interval}.",
    ),
    "interval": "; penilai manusia kemungkinan besar memberi {low} sampai {high}",
    "carried": "Kalimat yang paling berbobot adalah “{quote}”: tanpanya nilai kualitas turun {points} poin.",
    "central": "Kalimat yang paling penting adalah “{quote}”.",
    "flat": "Tidak ada kalimat yang menonjol.",
    "nearest": "Yang paling dekat dengan pertanyaan adalah “{quote}”.",
    "coherence": (
        "Alurnya mudah diikuti, langkah demi langkah (koherensi {score} dari 100).",
        "Alurnya bisa diikuti tanpa kesulitan (koherensi {score} dari 100).",
        "Alurnya bisa diikuti meskipun melompat-lompat (koherensi {score} dari 100).",
        "Alurnya sulit diikuti (koherensi {score} dari 100).",
        "Hampir hanya kata-kata lepas (koherensi {score} dari 100).",
    ),
    "relevance": (
        "Jawabannya tepat pada pertanyaan (relevansi {score} dari 100).",
        "Pertanyaannya terjawab, dengan sedikit hal di luar topik (relevansi {score} dari 100).",
        "Pertanyaannya terjawab sebagian (relevansi {score} dari 100).",
        "Pertanyaannya hanya disinggung (relevansi {score} dari 100).",
        "Yang dibicarakan hal lain (relevansi {score} dari 100).",
    ),
    "own": "Untuk {name} nilainya {score} dari 100.",
    "own_carried": "Untuk {name} nilainya {score} dari 100, terutama karena “{quote}”.",
    "gap": {
        "topic": "Pertanyaannya sendiri belum terjawab.",
        "part": "Sebagian dari pertanyaan belum dijawab.",
        "case": "Isinya masih umum: belum ada contoh dari pengalaman kandidat sendiri.",
        "own": "Belum jelas mana yang dikerjakan kandidat dan mana yang dikerjakan orang lain.",
        "how": "Apa yang dilakukan disebut, tetapi caranya belum.",
        "why": "Alasannya belum disebut.",
        "result": "Hasilnya belum disebut.",
        "fact": "Ada hal yang mungkin tidak benar; sebaiknya diperiksa oleh orang yang ahli.",
        "order": "Urutan kejadiannya kurang jelas.",
        "none": "",
    },
    "missing": "Jawaban acuan juga membahas {points}.",
    "removed": "Satu kalimat yang ditujukan kepada penilai tidak ikut dinilai: “{quote}”.",
    "long": "Jawabannya sangat panjang: {read} dari {parts} bagian dibaca, tersebar merata.",
    "next": "Layak ditanyakan berikutnya: {question}",
    "ask": {
        "topic": "“Saya ingin kembali ke pertanyaan tadi: {question}”",
        "part": "“Tadi Anda bercerita ‘{quote}’. Lalu bagaimana dengan bagian lain pertanyaannya: {question}”",
        "case": "“Tadi Anda bilang ‘{quote}’. Bisa ceritakan satu kejadian nyata: apa yang Anda lakukan?”",
        "own": "“Tadi Anda bilang ‘{quote}’. Bagian mana yang Anda kerjakan sendiri?”",
        "how": "“Tadi Anda bilang ‘{quote}’. Bagaimana caranya, langkah demi langkah?”",
        "why": "“Tadi Anda bilang ‘{quote}’. Mengapa begitu?”",
        "result": "“Tadi Anda bilang ‘{quote}’. Apa hasilnya?”",
        "fact": "“Tadi Anda bilang ‘{quote}’. Apa yang membuat Anda yakin bahwa itu benar?”",
        "order": "“Bisa diceritakan sekali lagi dari awal, satu per satu?”",
        "none": "“Tadi Anda bilang ‘{quote}’. Apa yang membuatnya sulit dalam praktik?”",
    },
    "unscored": {
        "unsure": "Tidak ada nilai: model terlalu ragu tentang jawaban ini (mungkin {low} sampai {high} dari 100). "
        "Mohon dengarkan jawabannya dan nilai sendiri.",
        "unlike_known_answers": "Tidak ada nilai: jawaban ini tidak mirip dengan jawaban mana pun yang pernah "
        "dipelajari model. Mohon dengarkan jawabannya dan nilai sendiri.",
        "doubtful_transcript": "Tidak ada nilai: terlalu banyak kata yang hasil pengenalannya meragukan. Mohon "
        "dengarkan jawabannya dan nilai sendiri.",
        "too_short": "Tidak ada nilai: jawabannya terlalu pendek. Mohon dengarkan jawabannya.",
        "no_model": "Tidak ada nilai: tidak ada model bahasa yang dapat ditanya. Mohon dengarkan jawabannya dan nilai "
        "sendiri.",
    },
}

PHRASES = {"en": ENGLISH, "id": INDONESIAN}
