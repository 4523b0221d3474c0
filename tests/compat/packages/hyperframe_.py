from hyperframe.exceptions import InvalidFrameError
from hyperframe.frame import DataFrame, Frame, HeadersFrame, PingFrame, SettingsFrame

frame = SettingsFrame(0)
frame.settings = {SettingsFrame.MAX_FRAME_SIZE: 32768}
data = frame.serialize()
parsed, size = Frame.parse_frame_header(memoryview(data[:9]))
parsed.parse_body(memoryview(data[9:]))
assert parsed.settings == {5: 32768} and size == 6
frame = DataFrame(3, data=b"abc", flags=["END_STREAM"])
assert frame.serialize() == b"\0\0\3\0\1\0\0\0\3abc"
assert "END_STREAM" in frame.flags and "DataFrame(stream_id=3" in repr(frame)
headers = HeadersFrame(1, data=b"x", flags=["END_HEADERS", "PRIORITY"])
headers.stream_weight = 16
assert len(headers.serialize()) == 15
try:
    PingFrame(0, opaque_data=b"too long to be a ping").serialize()
    raise AssertionError("no error")
except InvalidFrameError:
    pass
