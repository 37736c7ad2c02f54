#include "ingest/worker/mail_message.h"

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <utility>

#include <gmime/gmime.h>
#include <gsf/gsf-utils.h>
#include <iconv.h>

#include "core/error.h"
#include "core/text.h"
#include "ingest/made_up_name.h"
#include "ingest/worker/html_text.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/reduced_html.h"
#include "ingest/worker/shown_pictures.h"
#include "ingest/worker/text_encoding.h"
#include "ingest/worker/tnef.h"

namespace muniment::ingest::worker {

namespace {

using core::Error;
using core::ErrorCode;

// Deeper parts are left out, as GMime itself does at some depth.
constexpr int kMostDepth = 50;
constexpr std::size_t kMostParts = 20'000;
constexpr const char* kUnknown = "application/octet-stream";
constexpr const char* kNotWhole = "is damaged, or holds what cannot be read; it is kept as it came";

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
  if (type == nullptr) return kUnknown;
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
    return (subject.empty() ? made_up_name(kUnnamedMessage, number) : subject) + ".eml";
  }
  return made_up_name(kUnnamedAttachment, number);
}

bool has_disposition(GMimeObject* part, std::string_view wanted) {
  const char* disposition = g_mime_object_get_disposition(part);
  return disposition != nullptr && core::fold_case(text_of(disposition)) == wanted;
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

std::string decoded_text(GMimePart* part) {
  const std::string bytes = decoded_bytes(part);
  const char* declared = g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
  std::string encoding = text_encoding(bytes, declared == nullptr ? "" : declared);
  if (encoding.empty()) encoding = "UTF-8";
  return decode_text(bytes, encoding, kMaxTextBytes);
}

// The Content-IDs of what HTML shows of its own mail (RFC 2392).
void find_shown_parts(std::string_view html, std::set<std::string, std::less<>>& shown) {
  constexpr std::string_view kScheme = "cid:";
  const std::string folded = core::fold_case(html.substr(0, kMaxTextBytes));
  for (std::size_t at = folded.find(kScheme); at != std::string::npos; at = folded.find(kScheme, at)) {
    at += kScheme.size();
    const std::string written = folded.substr(at, folded.find_first_of("\"'<>() \t\r\n", at) - at);
    const std::unique_ptr<char, void (*)(void*)> plain(g_uri_unescape_string(written.c_str(), nullptr), g_free);
    shown.insert(plain == nullptr ? written : std::string(plain.get()));
  }
}

// What there is to read in a part, and what is attached to it.
struct Content {
  std::string text;
  std::string html;    // for LaidOutHtml; empty when it is all plain
  bool plain = false;  // and no HTML
  std::vector<GMimeObject*> attachments;
  std::vector<GMimeObject*> pictures;        // attached too, unless its HTML shows them
  std::set<std::string, std::less<>> shown;  // Content-IDs, in lower case, of what its HTML shows

  void add(Content other) {
    shown.merge(other.shown);
    if (!html.empty() || !other.html.empty()) {
      if (html.empty()) html = laid_out();
      html += other.laid_out();
    }
    if (!text.empty() && !other.text.empty()) text += "\n\n";
    text += other.text;
    attachments.insert(attachments.end(), other.attachments.begin(), other.attachments.end());
    pictures.insert(pictures.end(), other.pictures.begin(), other.pictures.end());
  }

 private:
  std::string laid_out() const { return html.empty() && !text.empty() ? html_of_text(text) : html; }
};

// Forms of one text. Each of the two that are made of them takes its own kind, unless that only says that there is
// another.
void take_best(const std::vector<Content>& forms, Content& content) {
  constexpr std::size_t kStub = 5;  // times shorter than the other
  const Content* plain = nullptr;
  const Content* other = nullptr;
  for (const Content& form : forms) {
    if (!core::trim(form.text).empty()) (form.plain ? plain : other) = &form;
  }
  if (plain == nullptr && other == nullptr) return;
  const bool stub = plain == nullptr || (other != nullptr && plain->text.size() * kStub < other->text.size());
  content.text = (stub ? other : plain)->text;
  if (other != nullptr && (plain == nullptr || other->text.size() * kStub >= plain->text.size())) {
    content.html = other->html;
  }
}

// What an HTML may show where it stands; `related`: it is a part of multipart/related.
bool is_small_picture(GMimeObject* part, bool related) {
  if (!GMIME_IS_PART(part) || !(related ? !has_disposition(part, "attachment") : has_disposition(part, "inline")))
    return false;
  return media_type_of(part).starts_with("image/") && g_mime_part_get_content_id(GMIME_PART(part)) != nullptr &&
         decoded_bytes(GMIME_PART(part)).size() <= kLargestLogo;
}

// Of a picture: nobody looks by itself for what the HTML that it came with shows.
bool is_shown(GMimeObject* picture, const std::set<std::string, std::less<>>& shown) {
  return shown.contains(core::fold_case(text_of(g_mime_part_get_content_id(GMIME_PART(picture)))));
}

// All pictures with a Content-ID, wherever they stand.
class PictureSearch {
 public:
  explicit PictureSearch(ShownPictures& pictures) : pictures_(pictures) {}

  void find(GMimeObject* part, int depth) {
    if (part == nullptr || depth > kMostDepth || ++seen_ > kMostParts) return;
    if (GMIME_IS_MULTIPART(part)) {
      const int count = g_mime_multipart_get_count(GMIME_MULTIPART(part));
      for (int i = 0; i < count; ++i) find(g_mime_multipart_get_part(GMIME_MULTIPART(part), i), depth + 1);
    } else if (GMIME_IS_PART(part) && media_type_of(part).starts_with("image/")) {
      const char* id = g_mime_part_get_content_id(GMIME_PART(part));
      if (id != nullptr) pictures_.add(id, [part] { return decoded_bytes(GMIME_PART(part)); });
    }
  }

 private:
  ShownPictures& pictures_;
  std::size_t seen_ = 0;
};

class Walk {
 public:
  explicit Walk(GMimeObject* root) { PictureSearch(pictures_).find(root, 0); }

  Content walk(GMimeObject* part, bool related, int depth) {
    if (part == nullptr || depth > kMostDepth || ++seen_ > kMostParts) return {};
    if (GMIME_IS_MULTIPART(part)) return multipart(GMIME_MULTIPART(part), depth);
    const std::string type = media_type_of(part);
    if (is_signature(type)) {
      has_signature = true;
      return {};
    }
    Content content;
    if (GMIME_IS_PART(part) && !has_disposition(part, "attachment")) {
      GMimePart* leaf = GMIME_PART(part);
      const bool named = g_mime_part_get_filename(leaf) != nullptr;
      const bool text = type == "text/plain" || type == "text/html" || (type.starts_with("text/") && !named);
      if (is_report(type) || (text && (!named || !text_found_))) {
        content.text = decoded_text(leaf);
        content.plain = type != "text/html";
        if (!content.plain) {
          find_shown_parts(content.text, content.shown);
          if (content.text.size() <= kMostHtml) {
            content.html = reduced_html(content.text, [this](std::string_view id) { return pictures_.take(id); });
          }
          content.text = html_text(content.text).text;
        }
        text_found_ = true;
        return content;
      }
    }
    (is_small_picture(part, related) ? content.pictures : content.attachments).push_back(part);
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
      take_best(all, content);
      for (Content& form : all) {
        form.text.clear();
        form.html.clear();
      }
    }
    for (Content& one : all) content.add(std::move(one));
    if (type == "multipart/related") {
      std::erase_if(content.pictures, [&](GMimeObject* picture) { return is_shown(picture, content.shown); });
      content.shown.clear();
    }
    return content;
  }

  PictureBudget budget_;
  ShownPictures pictures_{budget_};
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

void attach(const Tnef::Attachment& attachment, Mail& mail) {
  std::string name = attachment.filename;
  if (name.empty()) name = made_up_name(kUnnamedAttachment, mail.attachments.size() + 1);
  if (attachment.is_message) {
    std::string subject = read_tnef(attachment.bytes).subject;
    if (!subject.empty()) name = std::move(subject);
    std::ranges::replace(name, '/', '-');
    name += ".tnef";
  }
  mail.attachments.push_back({std::move(name), attachment.is_message ? "application/vnd.ms-tnef" : kUnknown,
                              attachment.bytes.size(), [content = std::string(attachment.bytes)] { return content; }});
}

// In an order that must not change: members of a mail are known by their place, also those that were destroyed. So what
// was not always attached (messages in a winmail.dat, the file itself, pictures) stands behind all that was.
void attach_all(const std::shared_ptr<GMimeMessage>& message, const Content& content, Mail& mail) {
  // The part lives as long as its message.
  const auto attach_part = [&](GMimeObject* part, std::size_t size, const char* remark) {
    mail.attachments.push_back({filename_of(part, mail.attachments.size() + 1), media_type_of(part), size,
                                [message, part] { return bytes_of(part); }, remark});
  };
  std::vector<GMimeObject*> winmails;
  for (GMimeObject* part : content.attachments) {
    const std::string decoded = bytes_of(part);
    if (decoded.empty()) continue;
    if (!is_tnef(decoded)) {
      attach_part(part, decoded.size(), "");
      continue;
    }
    winmails.push_back(part);
    const Tnef tnef = read_tnef(decoded);
    if (core::trim(mail.text).empty()) mail.text = tnef.text;
    for (const Tnef::Attachment& attachment : tnef.attachments) {
      if (attachment.has_data) attach(attachment, mail);
    }
  }
  for (GMimeObject* part : winmails) {
    const std::string decoded = bytes_of(part);
    const Tnef tnef = read_tnef(decoded);
    for (const Tnef::Attachment& attachment : tnef.attachments) {
      if (!attachment.has_data) attach(attachment, mail);
    }
    if (!tnef.whole) attach_part(part, decoded.size(), kNotWhole);
  }
  for (GMimeObject* picture : content.pictures) {
    const std::size_t size = bytes_of(picture).size();
    if (size > 0) attach_part(picture, size, "");
  }
}

}  // namespace

MailEncodings::MailEncodings() {
  g_mime_init();
  gsf_init();
  constexpr std::array kEncodings = {
      "ISO-8859-1",   "ISO-8859-2",   "ISO-8859-5",   "ISO-8859-7",   "ISO-8859-9",   "ISO-8859-15",  "WINDOWS-1250",
      "WINDOWS-1251", "WINDOWS-1252", "WINDOWS-1253", "WINDOWS-1254", "WINDOWS-1255", "WINDOWS-1256", "WINDOWS-1257",
      "WINDOWS-1258", "WINDOWS-874",  "KOI8-R",       "SHIFT_JIS",    "EUC-JP",       "ISO-2022-JP",  "GBK",
      "GB18030",      "BIG5",         "EUC-KR",       "UTF-16",       "UTF-7",        "US-ASCII"};
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
  GMimeObject* root = g_mime_message_get_mime_part(message.get());
  Walk walk(root);
  Content content = walk.walk(root, false, 0);
  mail.text = std::move(content.text);
  mail.html = std::move(content.html);
  mail.is_signed = walk.has_signature;
  attach_all(message, content, mail);
  return mail;
}

Mail read_winmail(std::string_view bytes) {
  Mail mail;
  const Tnef tnef = read_tnef(bytes);
  mail.subject = tnef.subject;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) mail.headers.push_back({name, value});
  };
  add("From", tnef.from);
  add("To", tnef.to);
  add("Cc", tnef.cc);
  add("Subject", tnef.subject);
  mail.text = tnef.text;
  for (const Tnef::Attachment& attachment : tnef.attachments) attach(attachment, mail);
  if (!tnef.whole) mail.text += "\n\n(This file " + std::string(kNotWhole) + ")";
  return mail;
}

}  // namespace muniment::ingest::worker
