#include "ingest/worker/mail_message.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <gmime/gmime.h>
#include <gsf/gsf-utils.h>
#include <iconv.h>

#include "core/error.h"
#include "core/text.h"
#include "ingest/worker/html_text.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/text_encoding.h"
#include "ingest/worker/tnef.h"

namespace muniment::ingest::worker {

namespace {

using core::Error;
using core::ErrorCode;

// Deeper parts are left out, as GMime itself does at some depth.
constexpr int kMostDepth = 50;
constexpr std::size_t kMostParts = 20'000;

struct Unreference {
  void operator()(void* object) const {
    if (object != nullptr) g_object_unref(object);
  }
};
template <typename Object>
using Reference = std::unique_ptr<Object, Unreference>;

std::string text_of(const char* text) {
  return text == nullptr ? "" : core::to_nfc(text);
}

// On one line, without control characters.
std::string one_line(const char* text) {
  std::string line = text_of(text);
  std::ranges::replace_if(
      line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return core::collapse_space(line);
}

std::string media_type_of(GMimeObject* part) {
  GMimeContentType* type = g_mime_object_get_content_type(part);
  if (type == nullptr) return "application/octet-stream";
  const std::unique_ptr<char, void (*)(void*)> name(g_mime_content_type_get_mime_type(type), g_free);
  return core::fold_case(text_of(name.get()));
}

std::string decoded_bytes(GMimePart* part) {
  GMimeDataWrapper* content = g_mime_part_get_content(part);
  if (content == nullptr) return "";
  const Reference<GMimeStream> stream(g_mime_stream_mem_new());
  g_mime_data_wrapper_write_to_stream(content, stream.get());
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
  return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

std::string bytes_of(GMimeObject* part) {
  if (GMIME_IS_PART(part)) return decoded_bytes(GMIME_PART(part));
  if (!GMIME_IS_MESSAGE_PART(part)) return "";
  GMimeMessage* message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
  if (message == nullptr) return "";
  const Reference<GMimeStream> stream(g_mime_stream_mem_new());
  g_mime_object_write_to_stream(GMIME_OBJECT(message), nullptr, stream.get());
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
  return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

std::string filename_of(GMimeObject* part, std::size_t number) {
  if (GMIME_IS_PART(part)) {
    std::string name = one_line(g_mime_part_get_filename(GMIME_PART(part)));
    if (!name.empty()) return name;
  }
  if (GMIME_IS_MESSAGE_PART(part)) {
    GMimeMessage* message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
    std::string subject = message == nullptr ? "" : one_line(g_mime_message_get_subject(message));
    std::ranges::replace(subject, '/', '-');
    return (subject.empty() ? "message " + std::to_string(number) : subject) + ".eml";
  }
  return "attachment " + std::to_string(number);
}

bool has_disposition(GMimeObject* part, std::string_view wanted) {
  const char* disposition = g_mime_object_get_disposition(part);
  return disposition != nullptr && core::fold_case(text_of(disposition)) == wanted;
}

bool is_attached(GMimeObject* part) {
  return has_disposition(part, "attachment");
}

bool is_inline(GMimeObject* part) {
  return has_disposition(part, "inline");
}

// Texts that servers write into reports.
bool is_report(std::string_view type) {
  return type == "message/delivery-status" || type == "message/disposition-notification" ||
         type == "text/rfc822-headers";
}

// What guards a mail, of no use by itself.
bool is_signature(std::string_view type) {
  return type == "application/pgp-signature" || type == "application/pkcs7-signature" ||
         type == "application/x-pkcs7-signature";
}

std::string shown_text(GMimePart* part, std::string_view type) {
  const std::string bytes = decoded_bytes(part);
  const char* declared = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
  std::string encoding = text_encoding(bytes, declared == nullptr ? "" : declared);
  if (encoding.empty()) encoding = "UTF-8";
  std::string text = decode_text(bytes, encoding, kMaxTextBytes);
  return type == "text/html" ? html_text(text).text : text;
}

// What there is to read in a part, and what is attached to it.
struct Content {
  std::string text;
  bool plain = false;  // and no HTML
  std::vector<GMimeObject*> attachments;

  void add(Content other) {
    if (!text.empty() && !other.text.empty()) text += "\n\n";
    text += other.text;
    attachments.insert(attachments.end(), other.attachments.begin(), other.attachments.end());
  }
};

// Forms of one text: the plain one, unless it only says that there is another.
std::string best_of(const std::vector<Content>& forms) {
  constexpr std::size_t kStub = 5;  // times shorter than the other
  const std::string* plain = nullptr;
  const std::string* other = nullptr;
  for (const Content& form : forms) {
    if (core::trim(form.text).empty()) continue;
    (form.plain ? plain : other) = &form.text;
  }
  if (plain == nullptr) return other == nullptr ? "" : *other;
  return other != nullptr && plain->size() * kStub < other->size() ? *other : *plain;
}

class Walk {
 public:
  Content walk(GMimeObject* part, bool related, int depth) {
    if (part == nullptr || depth > kMostDepth || ++seen_ > kMostParts) return {};
    if (GMIME_IS_MULTIPART(part)) return multipart(GMIME_MULTIPART(part), depth);
    const std::string type = media_type_of(part);
    if (is_signature(type)) {
      has_signature = true;
      return {};
    }
    Content content;
    if (GMIME_IS_PART(part) && !is_attached(part)) {
      GMimePart* leaf = GMIME_PART(part);
      const bool named = g_mime_part_get_filename(leaf) != nullptr;
      const bool text = type == "text/plain" || type == "text/html" || (type.starts_with("text/") && !named);
      if (is_report(type) || (text && (!named || !text_found_))) {
        content.text = shown_text(leaf, type);
        content.plain = type != "text/html";
        text_found_ = true;
        return content;
      }
      const bool shown_by_text = related || is_inline(part);
      if (shown_by_text && type.starts_with("image/") && g_mime_part_get_content_id(leaf) != nullptr &&
          decoded_bytes(leaf).size() <= kLargestLogo) {
        return content;
      }
    }
    content.attachments.push_back(part);
    return content;
  }

  bool has_signature = false;

 private:
  Content multipart(GMimeMultipart* parts, int depth) {
    const std::string type = media_type_of(GMIME_OBJECT(parts));
    std::vector<Content> all;
    const int count = g_mime_multipart_get_count(parts);
    const bool found_before = text_found_;
    for (int i = 0; i < count; ++i) {
      if (type == "multipart/alternative") text_found_ = found_before;
      all.push_back(walk(g_mime_multipart_get_part(parts, i), type == "multipart/related", depth + 1));
    }
    Content content;
    content.plain = std::ranges::all_of(all, [](const Content& one) { return one.plain || one.text.empty(); });
    if (type == "multipart/alternative") {
      content.text = best_of(all);
      for (Content& form : all) form.text.clear();
    }
    for (Content& one : all) content.add(std::move(one));
    return content;
  }

  bool text_found_ = false;
  std::size_t seen_ = 0;
};

std::vector<storage::MessageHeader> shown_headers(GMimeMessage* message) {
  constexpr std::array<const char*, 6> kShown = {"From", "To", "Cc", "Subject", "Date", "Message-ID"};
  std::vector<storage::MessageHeader> headers;
  for (const char* name : kShown) {
    const char* raw = g_mime_object_get_header(GMIME_OBJECT(message), name);
    std::string value = one_line(raw);
    if (!value.empty()) headers.push_back({name, std::move(value)});
  }
  return headers;
}

std::optional<core::Date> date_of(GMimeMessage* message) {
  GDateTime* date = g_mime_message_get_date(message);
  if (date == nullptr) return std::nullopt;
  int year = 0;
  int month = 0;
  int day = 0;
  g_date_time_get_ymd(date, &year, &month, &day);
  const core::Date found = std::chrono::year(year) / month / day;
  constexpr int kFirstYear = 1970;  // before that, it is a clock that was never set
  return found.ok() && year > kFirstYear && year < 2200 ? std::optional(found) : std::nullopt;
}

// False when it is none.
bool unpack_winmail(const std::string& bytes, Mail& mail) {
  if (!is_tnef(bytes)) return false;
  Tnef tnef = read_tnef(bytes);
  if (core::trim(mail.text).empty()) mail.text = std::move(tnef.text);
  for (Tnef::Attachment& attachment : tnef.attachments) {
    std::string name = std::move(attachment.filename);
    if (name.empty()) name = "attachment " + std::to_string(mail.attachments.size() + 1);
    mail.attachments.push_back({std::move(name), "application/octet-stream", attachment.bytes.size(),
                                [content = std::string(attachment.bytes)] { return content; }});
  }
  return true;
}

}  // namespace

MailEncodings::MailEncodings() {
  g_mime_init();
  gsf_init();
  constexpr std::array kEncodings = {"ISO-8859-1",   "ISO-8859-2",   "ISO-8859-5",   "ISO-8859-7",   "ISO-8859-9",
                                     "ISO-8859-15",  "WINDOWS-1250", "WINDOWS-1251", "WINDOWS-1252", "WINDOWS-1254",
                                     "WINDOWS-1257", "KOI8-R",       "SHIFT_JIS",    "EUC-JP",       "ISO-2022-JP",
                                     "GBK",          "GB18030",      "BIG5",         "EUC-KR",       "UTF-16",
                                     "UTF-7",        "US-ASCII"};
  // A module stays loaded while a converter is open.
  for (const char* encoding : kEncodings) {
    const iconv_t converter = ::iconv_open("UTF-8", encoding);
    if (converter != reinterpret_cast<iconv_t>(-1)) converters_.push_back(converter);
  }
}

MailEncodings::~MailEncodings() {
  for (void* converter : converters_) ::iconv_close(converter);
}

Mail read_mail(std::string_view bytes) {
  const Reference<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
  const Reference<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  g_mime_parser_set_format(parser.get(), bytes.starts_with("From ") ? GMIME_FORMAT_MBOX : GMIME_FORMAT_MESSAGE);
  const std::shared_ptr<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr), Unreference());
  if (message == nullptr) throw Error(ErrorCode::bad_file, "this is no mail, or nothing of it can be read");
  Mail mail;
  mail.subject = one_line(g_mime_message_get_subject(message.get()));
  mail.headers = shown_headers(message.get());
  mail.date = date_of(message.get());
  Walk walk;
  Content content = walk.walk(g_mime_message_get_mime_part(message.get()), false, 0);
  mail.text = std::move(content.text);
  mail.is_signed = walk.has_signature;
  for (GMimeObject* part : content.attachments) {
    const std::string decoded = bytes_of(part);
    if (decoded.empty() || unpack_winmail(decoded, mail)) continue;
    // The part lives as long as its message.
    mail.attachments.push_back({filename_of(part, mail.attachments.size() + 1), media_type_of(part), decoded.size(),
                                [message, part] { return bytes_of(part); }});
  }
  return mail;
}

}  // namespace muniment::ingest::worker
