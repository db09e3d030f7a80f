"""Vietnamese of the newsroom's own: words and templates. Every sentence here was made up for it."""

from __future__ import annotations

from archiver.demo.prose import vocabulary

WORDS = vocabulary("""
family: Nguyễn | Trần | Lê | Phạm | Hoàng | Vũ | Đặng | Bùi | Đỗ | Hồ | Ngô | Dương | Đinh | Lâm | Mai | Tạ | Chu |
    Kiều | Thái | Lưu
middle: Văn | Thị | Đức | Minh | Thanh | Quang | Hồng | Ngọc | Xuân | Hải | Thu | Tuấn | Khánh | Gia | Bảo | Diệu |
    Hữu | Thúy
given: An | Bình | Châu | Dũng | Giang | Hà | Hạnh | Hiếu | Hòa | Khoa | Lan | Linh | Long | Nga | Phong | Quân |
    Sơn | Tâm | Thảo | Thủy | Trang | Tùng | Vinh | Yến | Đạt | Điệp | Ước | Ẩn
rank: PGS,TS | GS,TS | TS | ThS | nhà nghiên cứu | đồng chí
name: {family} {middle} {given}
short: {middle} {given}
person: {rank} {name}
study: Nghiên cứu văn hóa vùng | Chính sách nông thôn | Khoa học thư viện | Lịch sử địa phương | Quản trị công |
    Ngôn ngữ và bản đồ | Kinh tế ven biển | Nghiên cứu làng nghề
subject: Địa lý nhân văn | Quản lý đô thị | Xã hội học ứng dụng | Báo chí trường học | Ngoại ngữ chuyên ngành |
    Thống kê thực hành | Tâm lý học đường | Luật môi trường
service: Học liệu số | Tư liệu ảnh | Bồi dưỡng giảng viên | Khảo sát thực địa | Hỗ trợ người học
office: Công tác học viên | Kế hoạch và Tổng hợp | Xuất bản nội bộ | Lưu trữ
unit: Viện {study} | Khoa {subject} | Trung tâm {service} | Ban {office} | Phòng {office}
place: Hà Nội | Thái Nguyên | Bắc Ninh | Nghệ An | Huế | Đà Nẵng | Khánh Hòa | Đắk Lắk | Cần Thơ | An Giang | Lâm
    Đồng | Quảng Ninh | Sơn La | Lào Cai | Cà Mau | Vĩnh Long
aim: nâng cao chất lượng | đổi mới cách làm | phát huy vai trò của | nhân rộng mô hình | hoàn thiện quy trình | mở
    rộng mạng lưới | gìn giữ và phát triển | đo lường hiệu quả | chuẩn hóa
object: dạy học kết hợp | thư viện số | giảng viên trẻ | văn hóa đọc | khảo sát thực địa | dịch vụ công ở cơ sở |
    hợp tác xã kiểu mới | bảo tồn nghề thủ công | kho tư liệu mở | không gian học tập chung | bản đồ di sản | tư vấn
    học đường | truyền thông khoa học
setting: ở vùng trung du | tại các trường tỉnh | trong giai đoạn mới | ở vùng ven biển | giai đoạn 2026 - 2030 |
    trong điều kiện chuyển đổi số | từ góc nhìn người học | qua mười năm thực hiện | ở các huyện miền núi
theme: {aim} {object} {setting}
event: hội thảo khoa học | tọa đàm | hội nghị chuyên đề | buổi sinh hoạt học thuật | diễn đàn mở | lớp tập huấn |
    cuộc họp chuyên môn | phiên làm việc | khóa bồi dưỡng
occasion: tuần lễ sách mùa xuân | mười lăm năm ngày thành lập đơn vị | ngày hội học viên | dịp khai giảng năm học
    mới
angle: nhìn từ thực tế | ba bài học và một đề xuất | những câu hỏi còn mở | kinh nghiệm của người trong cuộc
quality: thiết thực | rõ ràng | cụ thể | gần gũi | sinh động | đáng tin | mạch lạc | có kiểm chứng
tool: bảng hỏi | nhật ký thực địa | bản đồ số | sổ tay nghiệp vụ | phần mềm nguồn mở | danh mục dùng chung | băng
    ghi âm | bộ ảnh tư liệu
people: các nhóm nghiên cứu | cán bộ thư viện | học viên năm cuối | giảng viên thỉnh giảng | người dân địa phương |
    các nghệ nhân | cộng tác viên | đại biểu các trường bạn
count: 12 | 27 | 35 | 48 | 60 | hơn 70 | gần 90 | trên 120 | khoảng 150
gain: rút ngắn thời gian chờ | giảm chi phí in ấn | tăng số lượt mượn sách | giữ được nghề cũ | có thêm tư liệu gốc
    | hiểu rõ nhu cầu của người học | phối hợp nhịp nhàng hơn
next: công bố bộ câu hỏi khảo sát | in lại tập kỷ yếu | mở đợt thử nghiệm thứ hai | bàn giao tư liệu cho thư viện |
    tổ chức chuyến khảo sát tiếp theo | hoàn thành báo cáo tổng hợp
spot: xưởng gốm ven sông | thư viện huyện | khu vườn thực nghiệm | nhà truyền thống | phòng đọc mở
said: cho rằng | nhấn mạnh | lưu ý | đề xuất | chia sẻ | nhận xét
part_of_day: Sáng | Chiều | Tối
keyword: thư viện số | văn hóa đọc | làng nghề | khảo sát | di sản | giảng viên trẻ | học liệu mở | bồi dưỡng | hợp
    tác | bản đồ | tư liệu ảnh | chuyển đổi số
""")

TITLES: dict[str, tuple[str, ...]] = {
    "event": (
        "{Event} “{Theme}”",
        "{unit} tổ chức {event} về {theme}",
        "Khai mạc {event} {theme} tại {place}",
        "{Event} “{Theme}”: {angle}",
        "{unit} phối hợp với {unit2} tổ chức {event} “{Theme}”, gắn công việc hằng ngày với yêu cầu {aim} {object}, nhân {occasion}",
        "{unit} sơ kết công tác tháng {month}/{year}",
    ),
    "visit": (
        "Đoàn công tác {unit} thăm và trao đổi kinh nghiệm tại {place}",
        "{unit} đón đoàn khách đến từ {place}",
        "{unit} và {unit2} ký thỏa thuận hợp tác về {object}",
        "Gặp gỡ đối tác tại {place}: mở hướng {theme}",
    ),
    "course": (
        "Khai giảng khóa bồi dưỡng {object} tại {place}",
        "Bế giảng lớp tập huấn “{Theme}”",
        "Chương trình chia sẻ kinh nghiệm “{Theme}” cho học viên năm {year}",
        "Thông báo kế hoạch học tập tháng {month}/{year}",
    ),
    "essay": (
        "{Theme}",
        "{Theme}: {angle}",
        "Bàn thêm về {object} {setting}",
        "Từ {tool} đến {object}: một hướng tiếp cận {quality}",
    ),
    "club": (
        "Ngày hội đọc sách và {object} tại {place}",
        "Chi đoàn {unit} trồng cây ở {spot}",
        "Giải bóng bàn {unit} mở rộng năm {year}",
    ),
    "notice": (
        "Luận án và tóm tắt luận án của Nghiên cứu sinh {name} sau bảo vệ cấp Học viện",
        "Luận án và tóm tắt luận án của Nghiên cứu sinh {name}",
    ),
}

LEADS: dict[str, tuple[str, ...]] = {
    "event": (
        "{day}, tại {place}, {unit} tổ chức {event} về chủ đề {theme}. {Chair} chủ trì buổi làm việc.",
        "{day}, {event} “{Theme}” diễn ra tại {place} với {count} người góp mặt. {Chair} và {guest} cùng điều hành thảo luận.",
        "{day}, {unit} cùng {unit2} mở {event} bàn việc {theme}.",
    ),
    "visit": (
        "{day}, đoàn công tác của {unit} đã đến {place} để trao đổi việc {theme}. {Chair} dẫn đầu đoàn.",
        "Nhận lời mời của {unit2}, {day_lower}, {unit} có chuyến làm việc tại {place}. {Chair} tiếp đoàn.",
    ),
    "course": (
        "{day}, {unit} khai giảng khóa học dành cho {count} học viên đến từ {place}. {Chair} dự lễ khai giảng.",
        "Khóa học do {unit} thiết kế kéo dài {count} buổi, xoay quanh việc {theme}.",
    ),
    "essay": (
        "Bài viết phân tích việc {theme}, từ đó gợi ý vài hướng đi {quality} cho {people}.",
        "Từ kết quả khảo sát tại {place}, tác giả bàn về {object} và điều kiện để {people} {gain}.",
    ),
    "club": (
        "{day}, tại {spot}, {unit} tổ chức ngày hoạt động chung của {people}. {Chair} trao quà cho các đội.",
        "Hoạt động thường niên của {unit} năm nay thu hút {count} người tham gia.",
    ),
    "notice": ("Nội dung đính kèm",),
}

SENTENCES: tuple[str, ...] = (
    "Mở đầu buổi làm việc, {person} giới thiệu {tool} do {people} chuẩn bị suốt {count} ngày.",
    "{Person} {said} muốn {aim} {object} thì trước hết phải nghe {people} nói.",
    "Theo {person}, {object} {setting} chỉ bền khi {people} được tham gia từ đầu.",
    "Báo cáo của {unit} cho thấy {count} đơn vị đã {gain} sau một năm.",
    "Trong phần trao đổi, {people} nêu nhiều ví dụ {quality} từ {place}.",
    "{People} kể rằng {tool} đang giúp họ {gain}.",
    "Một khó khăn được nhắc lại là {tool} của {place} chưa thống nhất với nơi khác.",
    "Vì vậy, {person} đề nghị {people} sớm {next}.",
    "Sau giờ nghỉ, {people} đi thăm {spot} và ghi chép vào {tool}.",
    "Ở {place}, cách làm này đã được thử với {count} hộ và cho kết quả {quality}.",
    "{Person} kể lại lần đầu dùng {tool} tại {spot}, khi cả nhóm chỉ có một chiếc máy ảnh.",
    "Ý kiến của {people} được ghi vào biên bản để {unit} tiếp tục {next}.",
    "Nhiều câu hỏi xoay quanh việc {aim} {object} khi kinh phí còn ít.",
    "Trả lời câu hỏi này, {person} {said} nên bắt đầu từ {tool}, làm từng bước {quality}.",
    "Đại diện {unit} cam kết cùng {unit2} {next} trước mùa mưa.",
    "Kết quả khảo sát với {count} phiếu cho thấy {people} mong được hướng dẫn về {object}.",
    "Từ kinh nghiệm của {place}, {people} hiểu rằng muốn {gain} cần có {tool}.",
    "Phần lớn tư liệu được {people} thu thập tại {place} rồi gửi về {unit}.",
    "So với kỳ trước, số người theo dõi {object} tăng lên đáng kể, nhất là ở {place}.",
    "{Unit} cũng trưng bày {tool} để {people} xem và góp ý.",
    "Buổi chiều dành cho thảo luận nhóm, mỗi nhóm chọn một vấn đề về {object}.",
    "Nhóm thứ nhất trình bày cách {aim} {object}, nhóm thứ hai phản biện bằng {tool}.",
    "Không khí trao đổi {quality}, có lúc phải kéo dài thêm nửa giờ.",
    "Trước đó, {unit} đã gửi tài liệu cho {people} đọc trước.",
    "{Person} cảm ơn {people} và hẹn gặp lại tại {place}.",
    "Những gợi ý {quality} sẽ được tổng hợp thành {tool} gửi các đơn vị.",
    "Dự kiến trong tháng tới, {unit} sẽ {next}.",
    "Điều đáng mừng là {people} đã tự tổ chức nhóm đọc ở {spot}.",
    "Cách làm ấy tuy chậm nhưng {quality}, lại giúp {people} {gain}.",
    "Nếu thiếu {tool}, việc {aim} {object} khó có thể kiểm tra được.",
    "Tại {place}, {object} gắn với sinh hoạt hằng tuần ở {spot}.",
    "{Person} dẫn số liệu của {unit}: {count} lớp học đã chuyển sang dùng {tool}.",
    "Có thể thấy {object} {setting} không còn là chuyện riêng của một đơn vị.",
    "Cuối buổi, {people} thống nhất lịch làm việc và phân công người phụ trách.",
)

QUOTES: tuple[str, ...] = (
    "Chúng tôi không cần nhiều máy móc, chúng tôi cần người chịu ngồi lại với {tool}.",
    "Mỗi lần về {place}, tôi lại học thêm được một cách {aim} {object}.",
    "Điều khó nhất không phải là {tool} mà là thói quen của chính mình.",
)

HEADINGS: tuple[str, ...] = (
    "Thực trạng {object}",
    "Bài học từ {place}",
    "Hướng đi tiếp theo",
    "Vai trò của {people}",
    "Một vài gợi ý {quality}",
)

ITEMS: tuple[str, ...] = (
    "{Aim} {object}",
    "Bổ sung {tool} cho {unit}",
    "Tập huấn {people} tại {place}",
    "Thu thập ý kiến của {people}",
    "Lập {tool} dùng chung",
)

VERSES: tuple[str, ...] = (
    "Sông quê chảy chậm qua mùa,\nthuyền ai chở chữ về trưa nắng vàng,\ntrang thơm mở giữa xóm làng.",
    "Đèn khuya soi một góc bàn,\nchữ nằm như mạ đợi hàng mưa sang,\nngày mai gặt tiếng cười vang.",
)

CAPTIONS: tuple[str, ...] = (
    "{chair} phát biểu mở đầu",
    "Quang cảnh {event}",
    "Toàn cảnh buổi làm việc",
    "{People} trao đổi bên lề",
    "{person} giới thiệu {tool}",
    "{People} tham quan {spot}",
    "{guest} trình bày ý kiến",
    "Chụp ảnh lưu niệm tại {spot}",
    "Một góc {spot}",
    "{guest} tặng sách cho {people}",
    "{chair} và {guest} tại {place}",
)

COMMENTS: tuple[str, ...] = (
    "Bài viết rất {quality}, cảm ơn tòa soạn.",
    "Mong có thêm tin về {object} ở {place}!",
    "Cho tôi hỏi {tool} có thể tải ở đâu?",
    "Tôi đã tham dự và thấy {people} làm việc {quality}.",
)
