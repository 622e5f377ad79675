"""What letters say in Vietnamese."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "greeting": "Kính gửi {name},",
    "greeting_nobody": "Kính chào quý vị,",
    "greeting_guardian": "Kính gửi phụ huynh hoặc người giám hộ của {name},",
    "guardian": "Kính gửi phụ huynh hoặc người giám hộ của",
    "when": "Thời gian",
    "where": "Địa điểm",
    "with": "Gặp",
    "visit": "Nội dung khám",
    "before": "Trước đây",
    "duration": "Thời lượng",
    "minutes": "khoảng {minutes} phút",
    "prepare": "Cách chuẩn bị",
    "material": "Để đọc hoặc mang theo",
    "call": "gọi cho chúng tôi theo số {phone}",
    "call_plain": "gọi cho chúng tôi",
    "change": "Nếu thời gian này không thuận tiện hoặc quý vị có câu hỏi, xin vui lòng {call}.",
    "regards": "Trân trọng",
    "private": "Thư này chỉ dành cho người có tên ở trên. Nếu quý vị nhận được do nhầm lẫn, xin báo cho chúng tôi biết "
    "và xóa thư này.",
    "event": "Lịch hẹn: {office}",
    "confirmation.subject": "Lịch hẹn của quý vị",
    "confirmation.lead": "Chúng tôi đã đặt một cuộc hẹn cho quý vị:",
    "moved.subject": "Lịch hẹn của quý vị đã thay đổi",
    "moved.lead": "Cuộc hẹn của quý vị đã thay đổi. Xin vui lòng đến vào thời gian sau:",
    "cancelled.subject": "Cuộc hẹn của quý vị đã bị hủy",
    "cancelled.lead": "Cuộc hẹn sau đây đã bị hủy. Xin quý vị đừng đến vào thời gian này:",
    "cancelled.tail": "Nếu quý vị muốn có cuộc hẹn khác, xin vui lòng {call}.",
    "reminder.subject": "Nhắc lịch hẹn của quý vị",
    "reminder.lead": "Chúng tôi xin nhắc quý vị về cuộc hẹn sau:",
    "missed.subject": "Quý vị đã lỡ cuộc hẹn",
    "missed.lead": "Chúng tôi đã chờ quý vị trong cuộc hẹn này, nhưng quý vị không đến được:",
    "missed.tail": "Xin vui lòng {call} để tìm thời gian khác.",
    "lacking.subject": "Cuộc hẹn của quý vị còn thiếu giấy tờ",
    "lacking.authorisation": "Công ty bảo hiểm của quý vị yêu cầu giấy chấp thuận trước cuộc hẹn này, và chúng tôi "
    "chưa nhận được:",
    "lacking.referral": "Công ty bảo hiểm của quý vị yêu cầu giấy giới thiệu của bác sĩ trước cuộc hẹn này, và chúng "
    "tôi chưa nhận được:",
    "lacking.tail": "Xin vui lòng {call} để buổi khám có thể diễn ra và được bảo hiểm chi trả.",
    "offer.subject": "Có một cuộc hẹn còn trống",
    "offer.lead": "Một cuộc hẹn vừa trở nên trống. Quý vị có thể nhận nếu trả lời trước thời điểm này: {until}. Ai trả "
    "lời trước sẽ được nhận:",
    "offer.tail": "Để nhận cuộc hẹn, xin {call} hoặc trả lời thư này bằng chữ CÓ. Nếu quý vị không trả lời, sẽ không "
    "có gì thay đổi.",
    "taken.subject": "Cuộc hẹn chúng tôi đề nghị không còn trống",
    "taken.lead": "Người khác đã trả lời trước, nên cuộc hẹn mà chúng tôi đề nghị với quý vị không còn trống:",
    "taken.tail": "Ngoài ra không có gì thay đổi đối với quý vị.",
    "recall.subject": "Đã đến lúc cho lần khám tiếp theo",
    "recall.lead": "Đã đến lúc quý vị đặt hẹn cho lần khám tiếp theo, vào khoảng {date}.",
    "recall.tail": "Xin vui lòng {call} để chọn thời gian.",
    "balance.subject": "Tài khoản của quý vị",
    "balance.lead": "Tài khoản của quý vị tại phòng khám còn {amount} chưa thanh toán.",
    "balance.tail": "Nếu quý vị đã thanh toán, xin bỏ qua thư này. Nếu có câu hỏi, xin vui lòng {call}.",
}
