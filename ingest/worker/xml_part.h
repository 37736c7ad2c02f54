// One XML file of a package, or a flat one, from front to back.
#pragma once

#include <memory>
#include <new>
#include <string>
#include <string_view>

#include <libxml/xmlreader.h>

namespace muniment::ingest::worker {

// Nothing outside of it is loaded, entities are not replaced; of a damaged one what stands before the damage is read.
// `xml` outlives it.
class XmlPart {
 public:
  explicit XmlPart(const std::string& xml)
      : reader_(::xmlReaderForMemory(xml.data(), static_cast<int>(xml.size()), nullptr, nullptr,
                                     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_RECOVER),
                ::xmlFreeTextReader) {
    if (reader_ == nullptr) throw std::bad_alloc();
  }

  bool next() { return ::xmlTextReaderRead(reader_.get()) == 1; }
  bool begins() const { return type() == XML_READER_TYPE_ELEMENT; }
  bool ends() const {
    return type() == XML_READER_TYPE_END_ELEMENT || (begins() && ::xmlTextReaderIsEmptyElement(reader_.get()) == 1);
  }
  bool is_text() const {
    return type() == XML_READER_TYPE_TEXT || type() == XML_READER_TYPE_CDATA ||
           type() == XML_READER_TYPE_SIGNIFICANT_WHITESPACE;
  }
  bool is_document_type() const { return type() == XML_READER_TYPE_DOCUMENT_TYPE; }
  std::string_view name() const { return view(::xmlTextReaderConstLocalName(reader_.get())); }  // without prefix
  std::string_view value() const { return view(::xmlTextReaderConstValue(reader_.get())); }
  // Of the name as it is written, with its prefix.
  std::string attribute(const char* name) const {
    const std::unique_ptr<xmlChar, void (*)(void*)> found(
        ::xmlTextReaderGetAttribute(reader_.get(), reinterpret_cast<const xmlChar*>(name)), ::xmlFree);
    return std::string(view(found.get()));
  }

 private:
  int type() const { return ::xmlTextReaderNodeType(reader_.get()); }
  static std::string_view view(const xmlChar* text) {
    return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
  }
  std::unique_ptr<xmlTextReader, void (*)(xmlTextReader*)> reader_;
};

}  // namespace muniment::ingest::worker
