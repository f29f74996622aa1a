from __future__ import annotations

import pytest

from services.judge.words.mismatches import mismatches


@pytest.mark.parametrize(
    ("source", "translation", "found"),
    [
        ("Kami mengirim 1.200 paket.", "We sent 1,200 parcels.", ()),
        ("Kami mengirim 1.200 paket.", "We sent 1,300 parcels.", ("1.200", "1,300")),
        ("We sent 12 parcels.", "Kami mengirim dua belas paket.", ()),
        ("Saya bekerja di Gojek dengan Sari.", "I worked at Gojek with Sally.", ("Sari",)),
        ("Pertama saya ke sana. Lalu pulang.", "First I went there. Then home.", ()),
        ("I came on Monday.", "Saya datang hari Senin.", ()),
    ],
)
def test_numbers_and_names_are_compared(source: str, translation: str, found: tuple[str, ...]) -> None:
    assert mismatches(source, translation) == found
