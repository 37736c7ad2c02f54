#include "ingest/worker/tnef.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/text.h"
#include "ingest/worker/compressed_rtf.h"
#include "ingest/worker/html_text.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/text_encoding.h"

namespace muniment::ingest::worker {

namespace {

constexpr std::uint32_t kSignature = 0x223E9F78;
constexpr std::size_t kMostAttachments = 10'000;

// Attributes, by their numbers.
constexpr std::uint32_t kSubjectLine = 0x00018004;
constexpr std::uint32_t kBody = 0x0002800C;
constexpr std::uint32_t kMessageProperties = 0x00069003;
constexpr std::uint32_t kAttachmentBegins = 0x00069002;
constexpr std::uint32_t kAttachmentTitle = 0x00018010;
constexpr std::uint32_t kAttachmentData = 0x0006800F;
constexpr std::uint32_t kAttachmentProperties = 0x00069005;

// Properties, likewise.
constexpr std::uint16_t kSubject = 0x0037;
constexpr std::uint16_t kSenderName = 0x0C1A;
constexpr std::uint16_t kSenderAddress = 0x0C1F;
constexpr std::uint16_t kShownTo = 0x0E04;
constexpr std::uint16_t kShownCc = 0x0E03;
constexpr std::uint16_t kPlainBody = 0x1000;
constexpr std::uint16_t kRtfBody = 0x1009;
constexpr std::uint16_t kHtmlBody = 0x1013;
constexpr std::uint16_t kLongFilename = 0x3707;
constexpr std::uint16_t kAttachedObject = 0x3701;

// Types of properties.
constexpr std::uint16_t kObject = 0x000D;
constexpr std::uint16_t kWideText = 0x001F;
constexpr std::size_t kGuid = 16;

// Little-endian numbers and runs of bytes; empty at the end.
class Bytes {
 public:
  explicit Bytes(std::string_view left) : left_(left) {}
  bool empty() const { return left_.empty(); }
  std::optional<std::uint64_t> number(std::size_t size) {
    const auto bytes = take(size);
    if (!bytes) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>((*bytes)[i]);
    return value;
  }
  std::optional<std::string_view> take(std::uint64_t size) {
    if (size > left_.size()) return std::nullopt;
    const std::string_view taken = left_.substr(0, static_cast<std::size_t>(size));
    left_.remove_prefix(static_cast<std::size_t>(size));
    return taken;
  }

 private:
  std::string_view left_;
};

struct Property {
  std::uint16_t type = 0;
  std::uint16_t number = 0;
  std::string_view value;  // the first, where there are several
};

std::uint64_t padded(std::uint64_t size) {
  return (size + 3) / 4 * 4;
}

// Bytes of a value of this type; nothing when it says its size itself.
std::optional<std::size_t> fixed_size(std::uint16_t type) {
  switch (type) {
    case 0x0002:
    case 0x0003:
    case 0x0004:
    case 0x000A:
    case 0x000B:
      return 4;
    case 0x0005:
    case 0x0006:
    case 0x0007:
    case 0x0014:
    case 0x0040:
      return 8;
    case 0x0048:
      return 16;
    default:
      return std::nullopt;
  }
}

// False when what follows cannot be told apart.
bool skip_name(Bytes& bytes) {
  if (!bytes.take(kGuid)) return false;
  const auto kind = bytes.number(4);
  const auto size = bytes.number(4);
  if (!kind || !size) return false;
  return *kind == 0 || bytes.take(padded(*size)).has_value();
}

// `whole` becomes false when some of them cannot be read.
std::vector<Property> properties_of(std::string_view table, bool& whole) {
  constexpr std::uint16_t kSeveral = 0x1000;
  constexpr std::uint16_t kNamed = 0x8000;
  std::vector<Property> all;
  Bytes bytes(table);
  const auto count = bytes.number(4);
  const bool was_whole = std::exchange(whole, false);
  for (std::uint64_t i = 0; count && i < *count; ++i) {
    const auto type = bytes.number(2);
    const auto number = bytes.number(2);
    if (!type || !number) return all;
    Property property{
        static_cast<std::uint16_t>(*type & ~std::uint64_t{kSeveral}), static_cast<std::uint16_t>(*number), {}};
    if (property.number >= kNamed && !skip_name(bytes)) return all;
    const auto fixed = fixed_size(property.type);
    std::uint64_t values = 1;
    if (!fixed || (*type & kSeveral) != 0) {
      const auto said = bytes.number(4);
      if (!said) return all;
      values = *said;
    }
    for (std::uint64_t n = 0; n < values; ++n) {
      const auto size = fixed ? std::optional<std::uint64_t>(*fixed) : bytes.number(4);
      const auto value = size ? bytes.take(*size) : std::nullopt;
      if (!value) return all;
      bytes.take(padded(*size) - *size);
      if (n == 0) property.value = *value;
    }
    all.push_back(property);
  }
  whole = was_whole && count.has_value();
  return all;
}

// Texts end with a zero, which is none of theirs.
std::string decoded(std::string_view bytes, bool wide) {
  while (!wide && bytes.ends_with('\0')) bytes.remove_suffix(1);
  std::string encoding = wide ? "UTF-16LE" : text_encoding(bytes);
  if (encoding.empty()) return "";
  std::string text = core::to_nfc(decode_text(bytes, encoding, kMaxTextBytes));
  std::erase(text, '\0');
  return text;
}

std::string one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return core::collapse_space(text);
}

std::string body_in(const std::vector<Property>& properties) {
  std::string best;
  for (const Property& property : properties) {
    const bool wide = property.type == kWideText;
    std::string text;
    if (property.number == kPlainBody) text = decoded(property.value, wide);
    if (property.number == kHtmlBody) text = html_text(decoded(property.value, wide)).text;
    if (property.number == kRtfBody) text = text_of_packed_rtf(property.value);
    if (core::trim(best).empty()) best = std::move(text);
  }
  return best;
}

std::string line_in(const std::vector<Property>& properties, std::uint16_t number) {
  const auto line = std::ranges::find(properties, number, &Property::number);
  return line == properties.end() ? "" : one_line(decoded(line->value, line->type == kWideText));
}

std::string sender_in(const std::vector<Property>& properties) {
  const std::string name = line_in(properties, kSenderName);
  const std::string address = line_in(properties, kSenderAddress);
  if (address.find('@') == std::string::npos || address == name) return name;
  return name.empty() ? address : name + " <" + address + ">";
}

void read_message(std::string_view table, Tnef& tnef) {
  const std::vector<Property> properties = properties_of(table, tnef.whole);
  if (core::trim(tnef.text).empty()) tnef.text = body_in(properties);
  if (std::string subject = line_in(properties, kSubject); !subject.empty()) tnef.subject = std::move(subject);
  tnef.from = sender_in(properties);
  tnef.to = line_in(properties, kShownTo);
  tnef.cc = line_in(properties, kShownCc);
}

void read_attachment(std::string_view table, Tnef::Attachment& attachment, bool& whole) {
  const std::vector<Property> properties = properties_of(table, whole);
  if (std::string name = line_in(properties, kLongFilename); !name.empty()) attachment.filename = std::move(name);
  const auto object = std::ranges::find_if(properties, [](const Property& property) {
    return property.number == kAttachedObject && property.type == kObject;
  });
  if (object == properties.end()) return;
  // Behind the identifier of what kind of object it is.
  const std::string_view message = object->value.substr(std::min(kGuid, object->value.size()));
  if (!is_tnef(message)) return;
  attachment.bytes = message;
  attachment.is_message = true;
}

// False when it goes no further.
bool read_attribute(Bytes& left, Tnef& tnef) {
  constexpr std::size_t kChecksum = 2;
  left.number(1);  // the level: of the message or an attachment, which the attribute's number says too
  const auto attribute = left.number(4);
  const auto size = left.number(4);
  const auto value = size ? left.take(*size) : std::nullopt;
  if (!attribute || !value) return false;
  if (*attribute == kAttachmentBegins) {
    if (tnef.attachments.size() == kMostAttachments) return false;
    tnef.attachments.emplace_back();
  }
  if (*attribute == kBody) tnef.text = decoded(*value, false);
  if (*attribute == kSubjectLine && tnef.subject.empty()) tnef.subject = one_line(decoded(*value, false));
  if (*attribute == kMessageProperties) read_message(*value, tnef);
  if (!tnef.attachments.empty()) {
    Tnef::Attachment& attachment = tnef.attachments.back();
    if (*attribute == kAttachmentData) {
      attachment.has_data = !value->empty();
      if (!attachment.is_message) attachment.bytes = *value;
    }
    if (*attribute == kAttachmentTitle && attachment.filename.empty()) {
      attachment.filename = one_line(decoded(*value, false));
    }
    if (*attribute == kAttachmentProperties) read_attachment(*value, attachment, tnef.whole);
  }
  return left.take(kChecksum).has_value();
}

}  // namespace

bool is_tnef(std::string_view bytes) {
  return Bytes(bytes).number(4) == kSignature;
}

Tnef read_tnef(std::string_view bytes) {
  constexpr std::size_t kKey = 2;
  Tnef tnef;
  Bytes left(bytes);
  bool goes_on = left.number(4) == kSignature && left.take(kKey).has_value();
  while (goes_on && !left.empty()) goes_on = read_attribute(left, tnef);
  const std::size_t begun = tnef.attachments.size();
  std::erase_if(tnef.attachments, [](const Tnef::Attachment& attachment) { return attachment.bytes.empty(); });
  tnef.whole = tnef.whole && goes_on && tnef.attachments.size() == begun;
  return tnef;
}

}  // namespace muniment::ingest::worker
