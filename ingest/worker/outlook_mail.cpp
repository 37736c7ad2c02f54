#include "ingest/worker/outlook_mail.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <gsf/gsf.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/text.h"
#include "ingest/made_up_name.h"
#include "ingest/worker/compressed_rtf.h"
#include "ingest/worker/html_text.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/reduced_html.h"
#include "ingest/worker/shown_pictures.h"
#include "ingest/worker/text_encoding.h"

namespace muniment::ingest::worker {

namespace {

using core::Error;
using core::ErrorCode;

constexpr int kMostDepth = 8;  // messages within each other
constexpr int kMostChildren = 20'000;

struct Unreference {
  void operator()(void* object) const { g_object_unref(object); }
};
using Stream = std::shared_ptr<GsfInput>;

Stream owned(GsfInput* input) {
  return input == nullptr ? Stream() : Stream(input, Unreference());
}

std::string bytes_of(const Stream& stream) {
  if (stream == nullptr || gsf_input_seek(stream.get(), 0, G_SEEK_SET) != 0) return "";
  const auto size = gsf_input_size(stream.get());
  if (size <= 0) return "";
  std::string bytes(static_cast<std::size_t>(size), '\0');
  const auto* read = gsf_input_read(stream.get(), bytes.size(), reinterpret_cast<guint8*>(bytes.data()));
  return read == nullptr ? "" : bytes;
}

std::string decoded(const std::string& bytes, const std::string& encoding) {
  return encoding.empty() ? "" : core::to_nfc(decode_text(bytes, encoding, kMaxTextBytes));
}

// A message, an attachment or a recipient: properties by their number ([MS-OXPROPS]).
class Storage {
 public:
  explicit Storage(Stream input) : input_(std::move(input)) {}

  bool is_there() const { return input_ != nullptr && GSF_IS_INFILE(input_.get()); }
  Stream child(const std::string& name) const {
    return is_there() ? owned(gsf_infile_child_by_name(GSF_INFILE(input_.get()), name.c_str())) : Stream();
  }
  Stream stream(const std::string& number, const std::string& type) const {
    return child("__substg1.0_" + number + type);
  }
  std::string text(const std::string& number) const {
    if (const std::string wide = bytes_of(stream(number, "001F")); !wide.empty()) return decoded(wide, "UTF-16LE");
    const std::string narrow = bytes_of(stream(number, "001E"));
    return decoded(narrow, text_encoding(narrow));
  }
  std::string line(const std::string& number) const {
    std::string text = this->text(number);
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    return core::collapse_space(text);
  }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    const int count = std::min(is_there() ? gsf_infile_num_children(GSF_INFILE(input_.get())) : 0, kMostChildren);
    for (int i = 0; i < count; ++i) {
      const char* name = gsf_infile_name_by_index(GSF_INFILE(input_.get()), i);
      if (name != nullptr) names.emplace_back(name);
    }
    return names;
  }

 private:
  Stream input_;
};

std::string html_of(const Storage& message) {
  std::string html = message.text("1013");
  if (html.empty()) {
    const std::string bytes = bytes_of(message.stream("1013", "0102"));
    html = decoded(bytes, text_encoding(bytes));
  }
  return core::trim(html).empty() ? "" : html;
}

std::string text_of(const Storage& message, const std::string& html) {
  std::string text = message.text("1000");
  if (!core::trim(text).empty()) return text;
  return html.empty() ? text_of_packed_rtf(bytes_of(message.stream("1009", "0102"))) : html_text(html).text;
}

std::vector<Storage> attachments_of(const Storage& message) {
  std::vector<Storage> attachments;
  for (const std::string& name : message.names()) {
    if (name.starts_with("__attach_version1.0_")) attachments.emplace_back(message.child(name));
  }
  return attachments;
}

// What of it is laid out; empty when there is none or it is too long.
std::string laid_out(const std::vector<Storage>& attachments, const std::string& html, PictureBudget& budget) {
  if (html.empty() || html.size() > kMostHtml) return "";
  ShownPictures pictures(budget);
  for (const Storage& attachment : attachments) {
    const std::string id = attachment.line("3712");
    if (id.empty()) continue;
    pictures.add(id, [&attachment] {
      const Stream data = attachment.stream("3701", "0102");
      const bool fits = data != nullptr && gsf_input_size(data.get()) <= static_cast<gsf_off_t>(kMostShownPicture);
      return fits ? bytes_of(data) : "";
    });
  }
  return reduced_html(html, [&](std::string_view id) { return pictures.take(id); });
}

std::uint64_t number_in(const std::string& table, std::size_t at, int size) {
  std::uint64_t value = 0;
  while (size-- > 0) value = value << 8 | static_cast<unsigned char>(table[at + static_cast<std::size_t>(size)]);
  return value;
}

// The fixed properties of a storage stand in a table of 16 bytes each behind a header ([MS-OXMSG] 2.4).
constexpr std::size_t kPropertyEntry = 16;

// A small picture that only the text shows.
bool is_logo(const Storage& attachment, std::int64_t size) {
  constexpr std::size_t kHeader = 8;
  constexpr std::uint64_t kHidden = 0x7FFE000B;
  if (size > static_cast<std::int64_t>(kLargestLogo) || !attachment.line("370E").starts_with("image/")) return false;
  const std::string table = bytes_of(attachment.child("__properties_version1.0"));
  for (std::size_t at = kHeader; at + kPropertyEntry <= table.size(); at += kPropertyEntry) {
    if (number_in(table, at, 4) == kHidden && number_in(table, at + 8, 1) != 0) return true;
  }
  return false;
}

// The day (UTC) of the first of these properties that is there.
std::optional<core::Date> day_of(const Storage& message) {
  constexpr std::size_t kHeader = 32;
  constexpr std::uint64_t kUnixEpoch = 116'444'736'000'000'000;  // in the tenths of microseconds since 1601 used here
  constexpr std::uint64_t kLast = kUnixEpoch + 72'000'000'000'000'000;  // in 2198
  const std::string table = bytes_of(message.child("__properties_version1.0"));
  for (const std::uint64_t wanted : {0x00390040U, 0x0E060040U}) {  // sent, received
    for (std::size_t at = kHeader; at + kPropertyEntry <= table.size(); at += kPropertyEntry) {
      const std::uint64_t value = number_in(table, at + 8, 8);
      if (number_in(table, at, 4) != wanted || value <= kUnixEpoch || value > kLast) continue;
      return core::date_of(core::from_microseconds(static_cast<std::int64_t>((value - kUnixEpoch) / 10)));
    }
  }
  return std::nullopt;
}

std::string sender_of(const Storage& message) {
  const std::string name = message.line("0C1A");
  std::string address = message.line("5D01");
  if (address.empty()) address = message.line("0C1F");
  if (address.find('@') == std::string::npos || address == name) return name;
  return name.empty() ? address : name + " <" + address + ">";
}

// The header with which a mail travelled, if it did. Some begin with a line that is none.
std::optional<Mail> header_of(const Storage& message) {
  const std::string header = message.text("007D");
  std::string_view lines = core::trim(header);
  const auto end = lines.find('\n');
  if (lines.substr(0, end).find(':') == std::string_view::npos) lines.remove_prefix(std::min(end, lines.size()));
  lines = core::trim(lines);
  if (lines.empty()) return std::nullopt;
  try {
    return read_mail(std::string(lines) + "\r\n\r\n");
  } catch (const Error&) {
    return std::nullopt;  // the message itself says the same
  }
}

void add_headers(const Storage& message, Mail& mail) {
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) mail.headers.push_back({name, value});
  };
  add("From", sender_of(message));
  add("To", message.line("0E04"));
  add("Cc", message.line("0E03"));
  add("Subject", mail.subject);
  if (const auto travelled = header_of(message)) {
    mail.date = travelled->date;
    const auto date = std::ranges::find(travelled->headers, "Date", &storage::MessageHeader::name);
    if (date != travelled->headers.end()) add("Date", date->value);
  }
  if (!mail.date) mail.date = day_of(message);
  if (mail.date && std::ranges::find(mail.headers, "Date", &storage::MessageHeader::name) == mail.headers.end()) {
    add("Date", core::to_iso(*mail.date));
  }
  add("Message-ID", message.line("1035"));
}

// A message that stands in another is read with it.
void add_within(const Mail& within, Mail& mail) {
  std::string headers;
  for (const auto& header : within.headers) headers += header.name + ": " + header.value + "\n";
  if (!mail.html.empty() || !within.html.empty()) {
    if (mail.html.empty()) mail.html = html_of_text(mail.text);
    mail.html += "<hr/>" + html_of_text(headers) + (within.html.empty() ? html_of_text(within.text) : within.html);
  }
  mail.text += "\n\n" + headers + "\n" + within.text;
}

Mail read(const Storage& message, int depth, PictureBudget& budget) {
  Mail mail;
  mail.subject = message.line("0037");
  add_headers(message, mail);
  const std::string html = html_of(message);
  mail.text = text_of(message, html);
  const std::vector<Storage> attachments = attachments_of(message);
  mail.html = laid_out(attachments, html, budget);
  for (const Storage& attachment : attachments) {
    const Storage inner(attachment.stream("3701", "000D"));
    if (inner.is_there() && inner.child("__properties_version1.0") != nullptr) {
      if (depth >= kMostDepth) continue;
      const Mail within = read(inner, depth + 1, budget);
      add_within(within, mail);
      mail.attachments.insert(mail.attachments.end(), within.attachments.begin(), within.attachments.end());
      continue;
    }
    const Stream data = attachment.stream("3701", "0102");
    if (data == nullptr || gsf_input_size(data.get()) <= 0) continue;
    if (is_logo(attachment, gsf_input_size(data.get()))) continue;
    std::string filename = attachment.line("3707");
    if (filename.empty()) filename = attachment.line("3704");
    if (filename.empty()) filename = made_up_name(kUnnamedAttachment, mail.attachments.size() + 1);
    std::string type = attachment.line("370E");
    if (type.empty()) type = "application/octet-stream";
    mail.attachments.push_back({std::move(filename), std::move(type),
                                static_cast<std::uint64_t>(gsf_input_size(data.get())),
                                [data] { return bytes_of(data); }});
  }
  return mail;
}

}  // namespace

Mail read_outlook_mail(std::string_view bytes) {
  const Stream file = owned(
      gsf_input_memory_new(reinterpret_cast<const guint8*>(bytes.data()), static_cast<gsf_off_t>(bytes.size()), FALSE));
  const Stream root = owned(GSF_INPUT(gsf_infile_msole_new(file.get(), nullptr)));
  const Storage message(root);
  if (!message.is_there() || message.child("__properties_version1.0") == nullptr) {
    throw Error(ErrorCode::bad_file, "this message of Outlook is damaged");
  }
  PictureBudget budget;
  return read(message, 0, budget);
}

}  // namespace muniment::ingest::worker
