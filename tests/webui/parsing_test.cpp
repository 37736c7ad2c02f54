// What clients send, taken apart: pure functions and their limits.
#include <gtest/gtest.h>

#include "core/error.h"
#include "webui/download.h"
#include "webui/exchange.h"
#include "webui/fields.h"
#include "webui/multipart.h"
#include "webui/tus.h"

namespace muniment::webui {
namespace {

// Gives the body in pieces of this size, so that every border falls everywhere.
MultipartReader::Source in_pieces(std::string body, std::size_t size) {
  auto at = std::make_shared<std::size_t>(0);
  return [body = std::move(body), size, at](std::span<std::byte> buffer) {
    const std::size_t given = std::min({size, buffer.size(), body.size() - *at});
    std::memcpy(buffer.data(), body.data() + *at, given);
    *at += given;
    return given;
  };
}

core::ErrorCode code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const core::Error& error) {
    return error.code();
  }
  return core::ErrorCode::internal;
}

TEST(Exchange, BelievesForwardedHeadersOfThisMachineOnly) {
  EXPECT_EQ(believed_client("127.0.0.1", "203.0.113.9"), "203.0.113.9");
  EXPECT_EQ(believed_client("::1", "192.0.2.1, 203.0.113.9"), "203.0.113.9") << "what the sender put there is before";
  EXPECT_EQ(believed_client("127.0.0.1", std::nullopt), "127.0.0.1");
  for (const char* peer : {"203.0.113.5", "10.0.0.1", "192.168.1.20", "2001:db8::1", "::"}) {
    EXPECT_EQ(believed_client(peer, "127.0.0.1"), peer);
    EXPECT_FALSE(is_believed_secure(peer, "https")) << peer;
  }
  EXPECT_TRUE(is_believed_secure("127.0.0.1", "https"));
  EXPECT_FALSE(is_believed_secure("127.0.0.1", "http"));
  EXPECT_FALSE(is_believed_secure("127.0.0.1", std::nullopt));
}

TEST(Multipart, GivesPartsWhateverThePieces) {
  const std::string body =
      "--B\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nHej\r\n"
      "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".pdf\"\r\nContent-Type: x/y\r\n\r\n"
      "line\r\n--A-not a border\r\n\r\n--\r\n--B--\r\nepilogue";
  for (std::size_t size = 1; size < 40; ++size) {
    MultipartReader reader("B", in_pieces(body, size));
    auto part = reader.next();
    ASSERT_TRUE(part) << size;
    EXPECT_EQ(part->name, "title");
    EXPECT_FALSE(part->filename);
    EXPECT_EQ(reader.read_text(10), "Hej");
    part = reader.next();
    ASSERT_TRUE(part) << size;
    EXPECT_EQ(part->filename, "a \"b\".pdf");
    EXPECT_EQ(reader.read_text(100), "line\r\n--A-not a border\r\n\r\n--");
    EXPECT_FALSE(reader.next());
  }
}

TEST(Multipart, RefusesWhatIsNotWellFormed) {
  const std::string part = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n";
  for (const std::string& body :
       {std::string(), std::string("no border"), part, std::string("--B\r\nContent-Dispo"),
        std::string("--B\r\nX: y\r\n\r\nx\r\n--B--"), "--B\r\nA: " + std::string(9000, 'a') + "\r\n\r\nx\r\n--B--"}) {
    MultipartReader reader("B", in_pieces(body, 7));
    EXPECT_EQ(code_of([&] {
                while (reader.next()) {
                }
              }),
              core::ErrorCode::invalid_argument)
        << body.substr(0, 40);
  }
  std::string many;
  for (int i = 0; i < 101; ++i) many += part;
  MultipartReader reader("B", in_pieces(many + "--B--", 1000));
  EXPECT_EQ(code_of([&] {
              while (reader.next()) {
              }
            }),
            core::ErrorCode::invalid_argument);
  MultipartReader long_field("B", in_pieces(part + "--B--", 1000));
  long_field.next();
  EXPECT_EQ(code_of([&] { long_field.read_text(0); }), core::ErrorCode::too_large);
}

TEST(Multipart, FindsTheBoundary) {
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(multipart_boundary("Multipart/Form-Data; charset=x; Boundary=\"a b;c\""), "a b;c");
  EXPECT_FALSE(multipart_boundary("multipart/form-data"));
  EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary=\"" + std::string(71, 'a') + "\""));
  EXPECT_FALSE(multipart_boundary("application/json; boundary=abc"));
}

TEST(Disposition, PrefersTheExtendedName) {
  const auto part = parse_disposition("form-data; name=file; filename=\"r.pdf\"; filename*=UTF-8''r%C3%A4kning.pdf");
  ASSERT_TRUE(part);
  EXPECT_EQ(part->filename, "r\xC3\xA4kning.pdf");
  EXPECT_EQ(parse_disposition("form-data; name=\"a\"; filename=\"x%22y%0D%0A\"")->filename, "x\"y  ");
  EXPECT_FALSE(parse_disposition("attachment; name=file"));
  EXPECT_FALSE(parse_disposition("form-data; filename=x"));
}

TEST(Disposition, SaysNamesSoThatNoHeaderBreaks) {
  EXPECT_EQ(attachment_named("a.pdf"), "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf");
  EXPECT_EQ(attachment_named("\xC3\xA5\"\r\n.pdf"),
            "attachment; filename=\"_____.pdf\"; filename*=UTF-8''%C3%A5%22%0D%0A.pdf");
}

TEST(Range, FollowsRfc9110) {
  const auto is = [](std::string_view header, std::uint64_t first, std::uint64_t length) {
    const auto range = parse_range(header, 100);
    return range && range->satisfiable && range->first == first && range->length == length;
  };
  EXPECT_TRUE(is("bytes=0-9", 0, 10));
  EXPECT_TRUE(is("bytes=90-", 90, 10));
  EXPECT_TRUE(is("bytes=90-1000", 90, 10));
  EXPECT_TRUE(is("bytes=-10", 90, 10));
  EXPECT_TRUE(is("bytes=-1000", 0, 100));
  for (const char* outside : {"bytes=100-", "bytes=100-200", "bytes=-0"}) {
    EXPECT_FALSE(parse_range(outside, 100)->satisfiable) << outside;
  }
  for (const char* ignored : {"", "bytes=", "bytes=-", "bytes=9-1", "bytes=a-b", "bytes=0-1,3-4", "lines=0-1",
                              "bytes=0-99999999999999999999", "bytes=--1"}) {
    EXPECT_FALSE(parse_range(ignored, 100)) << ignored;
  }
  EXPECT_FALSE(parse_range("bytes=0-9", 0)->satisfiable);
}

TEST(Tus, ReadsMetadata) {
  const auto pairs = tus::parse_metadata("filename csOkay5wZGY=,empty ,flag");
  ASSERT_TRUE(pairs);
  EXPECT_EQ(pairs->at("filename"), "r\xC3\xA4k.pdf");
  EXPECT_EQ(pairs->at("empty"), "");
  EXPECT_EQ(pairs->at("flag"), "");
  EXPECT_TRUE(tus::parse_metadata("")->empty());
  for (const char* bad : {"a !!", "a YQ==,a YQ==", ",", "a YQ", "a YQ=", "\x01 YQ=="}) {
    EXPECT_FALSE(tus::parse_metadata(bad)) << bad;
  }
}

TEST(Tus, ReadsChecksums) {
  EXPECT_EQ(tus::parse_checksum("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=")->digest.size(), 20U);
  EXPECT_FALSE(tus::parse_checksum("md5 XrY7u+Ae7tCTyyK7j1rNww=="));
  EXPECT_FALSE(tus::parse_checksum("sha256 Kq5sNclPz7QV2+lfQIuc6R7oRu0="));
  EXPECT_FALSE(tus::parse_checksum("sha1"));
}

TEST(PercentEncoding, LeavesWhatIsMalformed) {
  EXPECT_EQ(percent_decoded("a%20b+c%zz%4", false), "a b+c%zz%4");
  EXPECT_EQ(percent_decoded("a+b%2B", true), "a b+");
}

// An object with objects inside, so many deep.
std::string nested(int depth) {
  std::string text = "{}";
  for (int i = 1; i < depth; ++i) text = "{\"a\":" + text + "}";
  return text;
}

TEST(FieldsOfABody, NamesWhatIsWrong) {
  Fields fields(R"({"title": 7, "extra": 1, "tags": [1, "x"], "date": "2026-02-30"})");
  const auto pointer_of = [](const std::function<void()>& action) {
    try {
      action();
    } catch (const core::Error& error) {
      return error.fields().at(0).pointer;
    }
    return std::string("nothing was thrown");
  };
  EXPECT_EQ(pointer_of([&] { fields.text("title"); }), "/title");
  EXPECT_EQ(pointer_of([&] { fields.numbers("tags"); }), "/tags");
  EXPECT_EQ(pointer_of([&] { fields.nullable_date("date"); }), "/date");
  EXPECT_EQ(pointer_of([&] { fields.text("missing"); }), "/missing");
  EXPECT_EQ(pointer_of([&] { fields.finish(); }), "/extra");
  for (const std::string& bad : {std::string("[]"), std::string("{"), std::string("{\"a\": \"\xFF\"}"),
                                 std::string(100, '['), std::string("1e400"), nested(65)}) {
    EXPECT_EQ(code_of([&] { Fields{bad}; }), core::ErrorCode::invalid_argument) << bad;
  }
  EXPECT_NO_THROW(Fields{nested(64)});
}

TEST(FieldsOfABody, RefusesANameThatOneObjectHasTwice) {
  const std::pair<const char*, const char*> twice[] = {
      {R"({"title": "a", "title": "b"})", "/title"},
      {R"({"title": "a", "\u0074itle": "a"})", "/title"},
      {R"({"a": [1, {"b": 1}, {"c": {"d": null, "d": [}}]})", "/a/2/c/d"},
      {R"({"a": {"x": 1}, "a": {"y": 1}})", "/a"},
  };
  for (const auto& [body, pointer] : twice) {
    try {
      parse_body(body);
      ADD_FAILURE() << body;
    } catch (const core::Error& error) {
      EXPECT_EQ(error.code(), core::ErrorCode::bad_request) << body;
      EXPECT_EQ(error.fields().at(0).pointer, pointer) << body;
    }
  }
  EXPECT_EQ(parse_body(R"({"a": {"x": 1}, "b": [{"x": 1}, {"x": 2}, [[]], {"a": 3}], "x": 1})").size(), 3U);
}

}  // namespace
}  // namespace muniment::webui
