"""Vietnamese for large archives: words as often as news use them, every onset, rime and tone among them, nothing told.

The words of news come first, by Zipf's law a good half of the text, then compounds of drawn syllables.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_ONSETS = ("", *"b c ch d đ g gi h kh l m n ng nh p ph qu r s t th tr v x".split())
_SOFT = {"c": "k", "g": "gh", "ng": "ngh"}
"""How these onsets are spelled before e, ê, i."""
# `*` stands behind the vowel that bears the tone.
_OPEN = (
    "a* a*i a*o a*u a*y â*u â*y e* e*o ê* ê*u i* i*a i*u o* o*i ô* ô*i ơ* ơ*i u* u*a u*i ư* ư*a ươ*i ươ*u iê*u uô*i o*a"
    " o*e u*y uê* a*n ă*n â*n e*n ê*n i*n o*n ô*n ơ*n u*n a*m ă*m â*m e*m ê*m i*m o*m ô*m ơ*m u*m a*ng ă*ng â*ng ê*nh"
    " i*nh a*nh o*ng ô*ng u*ng ư*ng iê*n iê*ng iê*m uô*n uô*ng ươ*n ươ*ng oa*n oa*ng oa*nh uâ*n uyê*n"
).split()
_STOPPED = (
    "a*c ă*c â*c i*ch ê*ch a*ch o*c ô*c u*c ư*c a*t ă*t â*t e*t ê*t i*t o*t ô*t ơ*t u*t ư*t a*p ă*p â*p e*p i*p o*p ô*p"
    " ơ*p u*p iê*c iê*t iê*p uô*c ươ*c ươ*t ươ*p oa*t uyê*t"
).split()
_TONES = ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
_SYLLABLES, _COMPOUNDS = 7_000, 24_000

_NEWS = """và | của | các | trong | được | chính trị | là | có | cho | với | không | những | công tác | một | đã | quốc gia |
    kinh tế | phát triển | người | Hồ Chí Minh | nghiên cứu | xã hội | giáo dục | văn hóa | học viện | lãnh đạo | này | ngày
    | về | Việt Nam | Hà Nội | hòa bình | ủy ban | Đồng Nai | tọa đàm | tại | đến | khi | cũng | toàn quốc | Khánh Hòa |
    thủy lợi | nghị quyết | đồng chí | nhân dân | nhà nước | Đảng Cộng sản | khoa học | quản lý | hội nghị | thành phố | tổ
    chức | cơ sở | chương trình | cán bộ | đào tạo | lý luận | nhiệm vụ | chất lượng | thế giới | đại hội | nâng cao | đổi
    mới | yêu cầu | thực tiễn | ra | phải | sẽ | từ | để | như | trên | theo | còn | vào | làm | nhiều | bằng | hơn | sau |
    lại | do | quan hệ | hợp tác | tỉnh ủy | đường lối | sinh viên | nội dung | giảng viên | lịch sử | báo cáo | trao đổi |
    kết quả | hoạt động | khó khăn | điều kiện | tư tưởng | xây dựng | bảo vệ | môi trường | nông thôn | công nghiệp hóa |
    hiện đại hóa | doanh nghiệp | thị trường | Hòa Bình | Thanh Hóa | Đà Nẵng | Cần Thơ | Quảng Ninh | Bắc Ninh | Nghệ An |
    Lâm Đồng | Đắk Lắk | Thừa Thiên Huế | Vũng Tàu | Bình Dương | Cà Mau | hòa giải | khỏe mạnh | tòa án | họa sĩ | thủy
    sản | ủy viên | lũy kế | hủy bỏ | tùy chọn | chỉnh trị | chinh phục | tri thức | giá trị | trí tuệ | trì hoãn | dòng
    sông | đóng góp | đông nam | dong nai | nái | nài | quý báu | quá trình | qua loa | quả quyết | quy hoạch | quyết định |
    thuế suất | xuất khẩu | thuở trước | khuya | khuấy động | ngoại giao | đối ngoại | toàn dân | hoàn thành | khoảng |
    khuyến học | nguyên tắc | chuyển đổi số | truyền thông | tuyên giáo | thanh niên | phụ nữ | cựu chiến binh | mặt trận |
    công đoàn | dân chủ | kỷ luật | kiểm tra | giám sát | tham nhũng | lãng phí | ngân sách | đầu tư | hạ tầng | giao thông
    | y tế | bệnh viện | dịch vụ | du lịch | di sản | bảo tàng | thư viện | tạp chí | phóng viên | bạn đọc | bão lũ | hạn
    hán | biến đổi khí hậu | biển đảo | chủ quyền | quốc phòng | an ninh | quân đội | công an | pháp luật | hiến pháp | bầu
    cử | đại biểu | cử tri"""

_OLDER = {"oa": ("òóỏõọ", "àáảãạ"), "oe": ("òóỏõọ", "èéẻẽẹ"), "uy": ("ùúủũụ", "ỳýỷỹỵ")}
_MOVED = {
    tone + pair[1]: pair[0] + moved
    for pair, (tones, others) in _OLDER.items()
    for tone, moved in zip(tones, others, strict=True)
}
_BEARING = re.compile(rf"(?:{'|'.join(_MOVED)})(?!\w)")


def words(rng: Random) -> tuple[list[str], list[float]]:
    """Words of one to four syllables, and how often each is drawn, summed up as random.choices wants it."""
    drawn = rng.sample(syllables(), _SYLLABLES)
    weights = [*itertools.accumulate(1 / (rank + 20) for rank in range(_SYLLABLES))]
    pairs = zip(*[iter(rng.choices(drawn, cum_weights=weights, k=2 * _COMPOUNDS))] * 2, strict=True)
    news = [" ".join(word.split()) for word in _NEWS.split("|")]
    found = [*dict.fromkeys([*news, *(" ".join(pair) for pair in pairs), *drawn])]
    return found, [*itertools.accumulate(1 / (rank + 6) for rank in range(len(found)))]


def syllables() -> list[str]:
    """Every syllable that the spelling allows, NFC, the tone where it is now taught to stand (hòa, thúy)."""
    found = dict.fromkeys(
        _spelled(onset, rime, tone)
        for onset in _ONSETS
        for rimes, tones in ((_OPEN, _TONES), (_STOPPED, (_TONES[1], _TONES[5])))
        for rime, tone in itertools.product(rimes, tones)
        if not (onset == "qu" and rime[0] in "uoôưu") and not (onset == "gi" and rime[0] == "i")
    )
    return [*found]


def with_older_tones(text: str) -> str:
    """`text` with the tone where many still write it: hoà, khoẻ, thuý."""
    return _BEARING.sub(lambda found: _MOVED[found[0]], text)


def _spelled(onset: str, rime: str, tone: str) -> str:
    start = _SOFT.get(onset, onset) if rime[0] in "eêi" else onset
    return unicodedata.normalize("NFC", start + rime.replace("*", tone))
