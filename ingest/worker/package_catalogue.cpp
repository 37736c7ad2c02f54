#include "ingest/worker/package_catalogue.h"

#include <cstring>
#include <map>
#include <memory>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "core/error.h"

namespace muniment::ingest::worker {

using core::Error;
using core::ErrorCode;

namespace {

constexpr int kDeepestAggregation = 32;

struct Free {
  void operator()(xmlDoc* document) const { ::xmlFreeDoc(document); }
};
using Xml = std::unique_ptr<xmlDoc, Free>;

Xml parsed(std::string_view xml, const char* what) {
  // No entity can be declared without one; and what cannot be declared cannot grow.
  if (xml.find("<!DOCTYPE") != std::string_view::npos) {
    throw Error(ErrorCode::bad_file, std::string("this package cannot be read: ") + what + " has a document type");
  }
  Xml document(::xmlReadMemory(
      xml.data(), static_cast<int>(xml.size()), what, "UTF-8",
      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOBLANKS | XML_PARSE_COMPACT));
  if (!document || document->intSubset != nullptr || ::xmlDocGetRootElement(document.get()) == nullptr) {
    throw Error(ErrorCode::bad_file, std::string("this package cannot be read: ") + what + " is not well-formed XML");
  }
  return document;
}

bool is(const xmlNode* node, const char* name) {
  return node->type == XML_ELEMENT_NODE && std::strcmp(reinterpret_cast<const char*>(node->name), name) == 0;
}

const xmlNode* first(const xmlNode* parent, const char* name) {
  for (const xmlNode* child = parent == nullptr ? nullptr : parent->children; child != nullptr; child = child->next) {
    if (is(child, name)) return child;
  }
  return nullptr;
}

template <typename Each>
void for_each(const xmlNode* parent, const char* name, const Each& each) {
  for (const xmlNode* child = parent == nullptr ? nullptr : parent->children; child != nullptr; child = child->next) {
    if (is(child, name)) each(child);
  }
}

struct FreeText {
  void operator()(xmlChar* text) const { ::xmlFree(text); }
};

std::string text_of(const xmlNode* node) {
  if (node == nullptr) return "";
  const std::unique_ptr<xmlChar, FreeText> text(::xmlNodeGetContent(node));
  return text ? reinterpret_cast<const char*>(text.get()) : "";
}

// Whatever its namespace: xlink:href, csip:...
std::string attribute(const xmlNode* node, const char* name) {
  for (const xmlAttr* one = node == nullptr ? nullptr : node->properties; one != nullptr; one = one->next) {
    if (std::strcmp(reinterpret_cast<const char*>(one->name), name) != 0) continue;
    const std::unique_ptr<xmlChar, FreeText> text(
        ::xmlNodeListGetString(const_cast<xmlDoc*>(one->doc), one->children, 1));
    return text ? reinterpret_cast<const char*>(text.get()) : "";
  }
  return "";
}

MetsReference reference(const xmlNode* node, const xmlNode* location) {
  return {attribute(location, "href"), attribute(node, "CHECKSUM"), attribute(node, "CHECKSUMTYPE"),
          attribute(node, "SIZE"), false};
}

void add_group(const xmlNode* group, Mets& mets, int depth) {
  if (depth > kDeepestAggregation)
    throw Error(ErrorCode::bad_file, "this package cannot be read: METS.xml is too deep");
  for_each(group, "file",
           [&](const xmlNode* file) { mets.references.push_back(reference(file, first(file, "FLocat"))); });
  for_each(group, "fileGrp", [&](const xmlNode* inner) { add_group(inner, mets, depth + 1); });
}

struct Place {
  std::string folder;
  std::string class_code;
  std::string class_title;
};

template <typename Each>
void for_each_own(const xmlNode* parent, const char* wanted, const Each& each) {
  for_each(parent, "ownElement", [&](const xmlNode* one) {
    if (attribute(one, "name") == wanted) each(one);
  });
}

// The value of the first one with that name.
std::string own_text(const xmlNode* parent, const char* wanted) {
  std::string found;
  for_each_own(parent, wanted, [&](const xmlNode* one) {
    if (found.empty()) found = text_of(first(one, "value"));
  });
  return found;
}

// As this program writes them: those with a file, the oldest first.
std::vector<ListedVersion> versions_of(const xmlNode* more) {
  std::map<std::string, std::string> names;  // of files, by path
  for_each(more, "appendix",
           [&](const xmlNode* file) { names.emplace(attribute(file, "path"), attribute(file, "name")); });
  std::vector<ListedVersion> versions;
  for_each(more, "ownElement", [&](const xmlNode* outer) {
    for_each_own(outer, "versions", [&](const xmlNode* list) {
      for_each_own(list, "version", [&](const xmlNode* one) {
        ListedVersion version;
        version.path = own_text(one, "path");
        if (version.path.empty()) return;
        version.filename = names[version.path];
        version.created = own_text(one, "created");
        version.comment = own_text(one, "comment");
        for_each_own(one, "label",
                     [&](const xmlNode* label) { version.labels.push_back(text_of(first(label, "value"))); });
        versions.push_back(std::move(version));
      });
    });
  });
  return versions;
}

// Fields, events and relations, as this program writes them.
void add_described(const xmlNode* outer, ListedDocument& document) {
  const auto each = [&](const char* list, const char* name, const auto& add) {
    for_each_own(outer, list, [&](const xmlNode* all) {
      for_each_own(all, name, [&](const xmlNode* one) { add(one, text_of(first(one, "value"))); });
    });
  };
  each("fields", "field", [&](const xmlNode* one, const std::string& value) {
    document.fields.push_back({own_text(one, "key"), own_text(one, "title"), own_text(one, "kind"), value});
  });
  each("events", "event", [&](const xmlNode* one, const std::string& value) {
    document.events.push_back({value, own_text(one, "date")});
  });
  each("relations", "relation", [&](const xmlNode* one, const std::string& value) {
    document.relations.push_back({value, own_text(one, "document")});
  });
}

ListedDocument document_of(const xmlNode* record, const Place& place) {
  ListedDocument document;
  document.id = text_of(first(record, "objectId"));
  document.title = text_of(first(record, "title"));
  const xmlNode* own = first(record, "classification");
  document.class_code = own == nullptr ? place.class_code : attribute(own, "classificationCode");
  document.class_title = own == nullptr ? place.class_title : text_of(own);
  document.folder = place.folder;
  for_each(first(record, "keywords"), "keyword", [&](const xmlNode* tag) { document.tags.push_back(text_of(tag)); });
  for_each(first(record, "agents"), "agent", [&](const xmlNode* agent) {
    const std::string role = attribute(agent, "agentType");
    const bool outside = role == "counterpart" || role == "sender" || role == "recipient";
    if (outside && document.correspondent.empty()) document.correspondent = text_of(first(agent, "name"));
  });
  for_each(first(record, "dates"), "date", [&](const xmlNode* date) {
    const std::string kind = attribute(date, "dateType");
    if (kind == "created") document.date = text_of(date).substr(0, 10);
    if (kind == "captured") document.captured = text_of(date);
  });
  for_each(first(record, "notes"), "note", [&](const xmlNode* note) { document.notes.push_back(text_of(note)); });
  const xmlNode* more = first(record, "additionalInformation");
  for_each(more, "appendix", [&](const xmlNode* file) {
    // The first one, or the one that says that it is the original.
    if (!document.path.empty() && attribute(file, "description") != "original") return;
    if (!document.path.empty() && document.filename != "") return;
    document.path = attribute(file, "path");
    document.filename = attribute(file, "name");
  });
  document.versions = versions_of(more);
  for_each(more, "ownElement", [&](const xmlNode* outer) {
    for_each_own(outer, "documentType", [&](const xmlNode* one) { document.type = text_of(first(one, "value")); });
    for_each_own(outer, "language", [&](const xmlNode* one) { document.language = text_of(first(one, "value")); });
    document.public_title = own_text(outer, "publicTitle");
    document.public_folder = own_text(outer, "publicFolderTitle");
    add_described(outer, document);
  });
  return document;
}

void add_aggregation(const xmlNode* aggregation, Place place, std::vector<ListedDocument>& documents, int depth) {
  if (depth > kDeepestAggregation)
    throw Error(ErrorCode::bad_file, "this package cannot be read: ERMS.xml is too deep");
  if (const xmlNode* own = first(aggregation, "classification")) {
    place.class_code = attribute(own, "classificationCode");
    place.class_title = text_of(own);
  }
  const std::string kind = attribute(aggregation, "aggregationType");
  if (kind == "caseFile" || kind == "file" || kind == "subfile" || kind == "volume") {
    place.folder = text_of(first(aggregation, "title"));
  }
  for_each(aggregation, "record", [&](const xmlNode* record) { documents.push_back(document_of(record, place)); });
  for_each(aggregation, "aggregation",
           [&](const xmlNode* inner) { add_aggregation(inner, place, documents, depth + 1); });
}

}  // namespace

Mets read_mets(std::string_view xml) {
  const Xml document = parsed(xml, "METS.xml");
  const xmlNode* root = ::xmlDocGetRootElement(document.get());
  if (!is(root, "mets")) throw Error(ErrorCode::bad_file, "this package cannot be read: METS.xml is not METS");
  Mets mets;
  mets.id = attribute(root, "OBJID");
  const auto add = [&](const xmlNode* section, bool descriptive) {
    for_each(section, "mdRef", [&](const xmlNode* node) {
      MetsReference one = reference(node, node);
      one.descriptive = descriptive;
      mets.references.push_back(std::move(one));
    });
  };
  for_each(root, "dmdSec", [&](const xmlNode* section) { add(section, true); });
  for_each(root, "amdSec", [&](const xmlNode* section) {
    for (const char* name : {"digiprovMD", "rightsMD", "techMD", "sourceMD"}) {
      for_each(section, name, [&](const xmlNode* inner) { add(inner, false); });
    }
  });
  for_each(root, "fileSec", [&](const xmlNode* section) {
    for_each(section, "fileGrp", [&](const xmlNode* group) { add_group(group, mets, 0); });
  });
  return mets;
}

std::vector<ListedDocument> read_erms(std::string_view xml) {
  const Xml document = parsed(xml, "ERMS.xml");
  const xmlNode* root = ::xmlDocGetRootElement(document.get());
  std::vector<ListedDocument> documents;
  if (!is(root, "erms")) return documents;
  for_each(first(root, "aggregations"), "aggregation",
           [&](const xmlNode* aggregation) { add_aggregation(aggregation, {}, documents, 0); });
  for_each(first(root, "records"), "record",
           [&](const xmlNode* record) { documents.push_back(document_of(record, {})); });
  return documents;
}

}  // namespace muniment::ingest::worker
