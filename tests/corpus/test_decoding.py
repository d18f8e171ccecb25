"""From bytes to text: UTF-8, other code pages, and files that are not of one kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.decoding import Decoded, decoded
from analysis.corpus.records import Reject

RUSSIAN = "Применение методов глубокого обучения в медицине\nОбзор подходов к анализу изображений"
CHINESE = "深度学习在医学图像分析中的应用\n基于卷积神经网络的肺结节检测方法研究"
TRADITIONAL = "深度學習在醫學影像分析中的應用\n基於卷積神經網路的肺結節檢測方法研究"
JAPANESE = "医用画像における深層学習の応用に関する研究\n肺結節の自動検出について"
KOREAN = "의료 영상 분석에서 딥러닝의 응용\n폐 결절 자동 검출 연구"
FRENCH = "Étude de la forêt tempérée\nLa santé publique à l’hôpital"


def read(content: bytes) -> Decoded:
    found = decoded(content, "a.ris")
    assert isinstance(found, Decoded)
    return found


def export(text: str) -> str:
    title, abstract = text.split("\n")
    plain = "TY  - JOUR\nTI  - A plain English title\nAB  - We look at many things and find some of them.\nER  - \n"
    return f"TY  - JOUR\nTI  - {title}\nAB  - {abstract}\nER  - \n" + 3 * plain


@pytest.mark.parametrize(
    ("text", "page"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (CHINESE, "gbk"),
        (CHINESE, "gb18030"),
        (TRADITIONAL, "big5"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "euc_kr"),
    ],
)
def test_a_code_page_of_another_script_is_recognised_and_told(text: str, page: str) -> None:
    found = read(export(text).encode(page))
    assert found.text == export(text)
    [told] = found.rejects
    assert told.scope == "damage"
    assert "not UTF-8; read as" in told.reason


@pytest.mark.parametrize("page", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [RUSSIAN, CHINESE, FRENCH])
def test_unicode_is_read_with_its_mark_and_without(text: str, page: str) -> None:
    whole = export(text)
    found = read(whole.encode(page))
    assert found.text == whole
    assert found.rejects == []


def test_windows_1252_is_read_without_a_word() -> None:
    found = read(export(FRENCH).encode("cp1252"))
    assert found.text == export(FRENCH)
    assert found.rejects == []


def test_one_record_of_another_encoding_spoils_no_other() -> None:
    found = read(export(FRENCH).encode() + "TI  - Un café pour deux\nAU  - Lenó, A.".encode("latin-1"))
    assert "Étude de la forêt tempérée" in found.text
    assert "Un café pour deux\nAU  - Lenó" in found.text
    [told] = found.rejects
    assert "2 line(s) of a UTF-8 file are not UTF-8" in told.reason
    assert told.line == found.text.split("\n").index("TI  - Un café pour deux") + 1


def test_one_stray_byte_in_a_line_of_good_letters_is_one_letter() -> None:
    found = read("Größe und Läge ".encode() + b"\xe9" + " der Städte".encode())
    assert found.text == "Größe und Läge é der Städte"


def test_a_nul_in_a_text_is_left_out_and_told_and_a_binary_is_refused() -> None:
    found = read(b"Title,Year\nA ti\x00tle,2020\n" * 40)
    assert "\x00" not in found.text
    assert isinstance(decoded(b"\x00\x01\x02\x03" * 10, "a"), Reject)
    one = read(b"Title,Year\nA ti\x00tle,2020\n")
    assert one.text == "Title,Year\nA title,2020\n"
    assert "NUL" in one.rejects[0].reason
    assert one.rejects[0].line == 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_alike(end: str) -> None:
    whole = export(FRENCH)
    assert read(whole.replace("\n", end).encode()).text == whole


def test_a_lone_return_ends_a_line_only_where_a_tag_follows() -> None:
    found = read(b"TY  - JOUR\nTI  - One\rtitle\rPY  - 2020\nAB  - x\nER  - \n" + b"TY  - X\n" * 20)
    assert found.text.startswith("TY  - JOUR\nTI  - One title\nPY  - 2020\nAB  - x\n")


@given(st.binary(max_size=300))
def test_any_bytes_give_a_text_or_a_reason(content: bytes) -> None:
    found = decoded(content, "a")
    if isinstance(found, Reject):
        assert found.reason
    else:
        assert "\r" not in found.text
        assert "\x00" not in found.text or content[:2] in (b"\xff\xfe", b"\xfe\xff")
