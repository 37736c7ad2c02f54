#include "records/internal/xml_writer.h"

#include "core/text.h"

namespace muniment::records {

XmlWriter::XmlWriter() : out_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {}

void XmlWriter::begin(std::string_view name, Attributes attributes) {
  out_.append(open_.size() * 2, ' ');
  out_ += '<';
  out_ += name;
  for (const auto& [attribute, value] : attributes) {
    out_ += ' ';
    out_ += attribute;
    out_ += "=\"";
    escape(value);
    out_ += '"';
  }
}

void XmlWriter::escape(std::string_view text) {
  const std::string clean = core::to_utf8(text);
  for (std::size_t i = 0; i < clean.size(); ++i) {
    const char c = clean[i];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&') {
      out_ += "&amp;";
    } else if (c == '<') {
      out_ += "&lt;";
    } else if (c == '>') {
      out_ += "&gt;";
    } else if (c == '"') {
      out_ += "&quot;";
    } else if (c == '\t' || c == '\n' || c == '\r') {
      // As references, because attributes would turn them into spaces.
      out_ += c == '\t' ? "&#9;" : c == '\n' ? "&#10;" : "&#13;";
    } else if (byte < 0x20 || clean.compare(i, 3, "\xEF\xBF\xBE") == 0 || clean.compare(i, 3, "\xEF\xBF\xBF") == 0) {
      // XML has no control characters, nor U+FFFE and U+FFFF.
      out_ += "\xEF\xBF\xBD";
      if (byte >= 0x20) i += 2;
    } else {
      out_ += c;
    }
  }
}

XmlWriter& XmlWriter::open(std::string_view name, Attributes attributes) {
  begin(name, attributes);
  out_ += ">\n";
  open_.emplace_back(name);
  return *this;
}

XmlWriter& XmlWriter::close() {
  const std::string name = std::move(open_.back());
  open_.pop_back();
  out_.append(open_.size() * 2, ' ');
  out_ += "</" + name + ">\n";
  return *this;
}

XmlWriter& XmlWriter::element(std::string_view name, std::string_view text, Attributes attributes) {
  if (text.empty() && attributes.size() == 0) return *this;
  begin(name, attributes);
  out_ += '>';
  escape(text);
  out_ += "</";
  out_ += name;
  out_ += ">\n";
  return *this;
}

XmlWriter& XmlWriter::empty(std::string_view name, Attributes attributes) {
  begin(name, attributes);
  out_ += "/>\n";
  return *this;
}

}  // namespace muniment::records
