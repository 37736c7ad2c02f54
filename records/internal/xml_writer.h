// XML 1.0 in UTF-8, written from the start to the end: well-formed whatever the texts are.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muniment::records {

class XmlWriter {
 public:
  using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  XmlWriter();
  XmlWriter& open(std::string_view name, Attributes attributes = {});
  XmlWriter& close();
  // With a text in it; nothing at all where the text is empty and there are no attributes.
  XmlWriter& element(std::string_view name, std::string_view text, Attributes attributes = {});
  XmlWriter& empty(std::string_view name, Attributes attributes = {});
  // What was written, complete when all is closed.
  std::string take() { return std::move(out_); }

 private:
  void begin(std::string_view name, Attributes attributes);
  void escape(std::string_view text);

  std::string out_;
  std::vector<std::string> open_;
};

}  // namespace muniment::records
