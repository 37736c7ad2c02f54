#include "ingest/internal/extract_protocol.h"

#include <gmock/gmock.h>
#include <sys/socket.h>

namespace muniment::ingest {
namespace {

using core::ErrorCode;

Inspection full_inspection() {
  Inspection inspection;
  inspection.media_type = "application/pdf";
  inspection.kind = FileKind::pdf;
  inspection.page_count = 31;
  inspection.encrypted = inspection.has_signature = inspection.repaired = true;
  inspection.title = "Årsredovisning";
  inspection.author = "Östen";
  inspection.created = core::from_microseconds(1'700'000'000'000'000);
  return inspection;
}

template <typename Call>
ErrorCode code_of(Call call) {
  try {
    call();
  } catch (const core::Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no error";
  return ErrorCode::internal;
}

TEST(ExtractProtocol, ValuesSurvive) {
  EXPECT_EQ(decode_inspection(encode(full_inspection())), full_inspection());
  Request request;
  request.task = Task::read_pages;
  request.files = {{12345, "brev.pdf"}, {1, ""}};
  request.password = "hemligt";
  request.first = 7;
  request.count = 9;
  request.read = {"swe", true};
  request.render = {800, 270};
  request.memory_bytes = 1ULL << 40;
  EXPECT_EQ(decode_request(encode(request)), request);
  const SandboxReport report{SandboxLevel::files,
                             {{"read_passwd", true, "Permission denied"}, {"fork", false, "succeeded"}}};
  EXPECT_EQ(decode_report(encode(report)), report);
  EXPECT_EQ(decode_number(encode(-7)), -7);
  const auto hash = core::Sha256::of("a picture");
  EXPECT_EQ(decode_hash(encode(hash)), hash);
  EXPECT_EQ(decode_page(encode(PageMessage{3, "layer", hash})).picture, hash);
  EXPECT_EQ(decode_page(encode(PageMessage{3, "layer", {}})).picture, std::nullopt);
  EXPECT_EQ(decode_page(encode(PageMessage{3, "layer", {}, "too much"})).problem, "too much");
}

TEST(ExtractProtocol, EveryCutAndEveryExcessIsRefused) {
  const std::string whole = encode(full_inspection());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(code_of([&] { decode_inspection(whole.substr(0, size)); }), ErrorCode::corrupt) << size;
  }
  EXPECT_EQ(code_of([&] { decode_inspection(whole + "x"); }), ErrorCode::corrupt);
}

TEST(ExtractProtocol, RefusesWhatAChildMayNotSay) {
  auto inspection = full_inspection();
  inspection.media_type = "text/html\r\nSet-Cookie: a";
  EXPECT_EQ(code_of([&] { decode_inspection(encode(inspection)); }), ErrorCode::corrupt);
  inspection = full_inspection();
  inspection.page_count = -1;
  EXPECT_EQ(code_of([&] { decode_inspection(encode(inspection)); }), ErrorCode::corrupt);
  EXPECT_EQ(code_of([&] { decode_page(encode(PageMessage{0, "x", {}})); }), ErrorCode::corrupt);
  EXPECT_EQ(code_of([&] { decode_hash("short"); }), ErrorCode::corrupt);
  // Only codes that speak of the file.
  EXPECT_EQ(decode_failure(encode(FailureMessage{ErrorCode::unauthenticated, "m", "c"})).code, ErrorCode::bad_file);
  EXPECT_EQ(decode_failure(encode(FailureMessage{ErrorCode::password_needed, "m", "c"})).code,
            ErrorCode::password_needed);
}

TEST(ExtractProtocol, AMessageOfManyPacketsComesTogether) {
  const std::string body(3 * kMaxPacketBytes + 17, 'b');
  const auto packets = packets_of(MessageKind::picture, body);
  EXPECT_EQ(packets.size(), 4U);
  MessageReader reader;
  for (std::size_t i = 0; i + 1 < packets.size(); ++i) {
    EXPECT_LE(packets[i].size(), kMaxPacketBytes);
    EXPECT_FALSE(reader.add(packets[i]));
  }
  const auto message = reader.add(packets.back());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->kind, MessageKind::picture);
  EXPECT_EQ(message->body, body);
}

TEST(ExtractProtocol, AMessageLongerThanItsKindAllowsIsRefusedBeforeItArrives) {
  const std::string announced("\x02\x01\0\0\0", 5);  // `started` has no body
  EXPECT_EQ(code_of([&] { MessageReader().add(announced); }), ErrorCode::corrupt);
  const std::string huge("\x06\xFF\xFF\xFF\xFF", 5);
  EXPECT_EQ(code_of([&] { MessageReader().add(huge); }), ErrorCode::corrupt);
  EXPECT_EQ(code_of([&] { MessageReader().add(std::string("\x63\0\0\0\0", 5)); }), ErrorCode::corrupt);
  EXPECT_EQ(code_of([&] { MessageReader().add(std::string("\x0C\0\0\0\0more", 9)); }), ErrorCode::corrupt);
}

TEST(ExtractProtocol, PacketsCarryDescriptors) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
  core::FileDescriptor here(ends[0]);
  const core::FileDescriptor there(ends[1]);
  const int sent[] = {0, 1};
  ASSERT_TRUE(send_packet(here.get(), "hello", sent));
  const auto packet = receive_packet(there.get(), 2, 0);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->bytes, "hello");
  EXPECT_EQ(packet->descriptors.size(), 2U);
  bool ended = true;
  EXPECT_FALSE(receive_packet(there.get(), 0, MSG_DONTWAIT, &ended));
  EXPECT_FALSE(ended);
  here.reset();
  EXPECT_FALSE(receive_packet(there.get(), 0, 0, &ended));
  EXPECT_TRUE(ended);
  EXPECT_FALSE(send_packet(there.get(), "hello"));
}

}  // namespace
}  // namespace muniment::ingest
