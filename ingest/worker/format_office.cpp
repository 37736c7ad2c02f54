// Office files. Their pages come from LibreOffice, in a process of its own (ingest/office/); here they are told apart,
// and where LibreOffice is not to be had a PDF is made of their text.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/text.h"
#include "ingest/office_types.h"
#include "ingest/worker/formats.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/office_text.h"
#include "ingest/worker/ole_storage.h"
#include "ingest/worker/zip_file.h"

namespace muniment::ingest::worker {

namespace {

std::string_view type_of(std::string_view extension) {
  const auto types = office_types();
  const auto found = std::ranges::find(types, extension, &OfficeType::extension);
  return found == types.end() ? std::string_view() : found->media_type;
}

// What an encrypted file of Office 2007 and later is cannot be seen from outside.
std::string_view encrypted_type(std::string_view filename) {
  const std::string name = core::fold_case(filename);
  for (const std::string_view extension : {"xlsx", "xlsm", "xlsb", "pptx", "pptm", "docm", "dotx"}) {
    if (name.ends_with("." + std::string(extension))) return type_of(extension);
  }
  return type_of("docx");
}

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// They are the same in capitals and small letters ([MS-CFB] 2.6.4), and some programs write them so.
std::vector<std::string> folded_names_in_root(std::string_view bytes) {
  auto names = names_in_root(bytes);
  for (std::string& name : names) name = core::fold_case(name);
  return names;
}

std::string_view type_of_ole(const Input& input) {
  const auto names = folded_names_in_root(input.bytes);
  if (has(names, "worddocument")) return type_of("doc");
  if (has(names, "workbook") || has(names, "book")) return type_of("xls");
  if (has(names, "powerpoint document")) return type_of("ppt");
  if (has(names, "encryptedpackage")) return encrypted_type(input.filename);
  if (has(names, "visiodocument")) return type_of("vsd");
  if (has(names, "quill") && has(names, "contents")) return type_of("pub");
  const auto says = [&](std::string_view mark) { return input.bytes.find(mark) != std::string_view::npos; };
  const bool works = has(names, "contents") && (says("CHNKWKS") || says("CHNKINK"));
  if (works || has(names, "matost")) return type_of("wps");
  return {};
}

// Pages, Numbers and Keynote make packages alike. Those of before 2013, of XML, LibreOffice often does not read; as
// archives they give the PDF that is in them.
std::string_view type_of_iwork(const std::vector<std::string>& names, std::string_view filename) {
  const bool iwork = std::ranges::any_of(names, [](std::string_view name) {
    return name.ends_with("Index/Document.iwa") || name.ends_with(".key/Index.zip") || name == "Index.zip";
  });
  if (!iwork) return {};
  const std::string name = core::fold_case(filename);
  for (const std::string_view extension : {"numbers", "key"}) {
    if (name.ends_with("." + std::string(extension))) return type_of(extension);
  }
  return type_of("pages");
}

std::string_view type_of_zip(const Input& input) {
  const std::string_view bytes = input.bytes;
  constexpr std::size_t kTypeAt = 38;  // behind the header and the name "mimetype"
  if (bytes.size() > kTypeAt && bytes.substr(30).starts_with("mimetype")) {
    std::string_view best;
    for (const OfficeType& type : office_types()) {
      // The template of a kind ("...text-template") is read like the kind itself.
      if (bytes.substr(kTypeAt).starts_with(type.media_type) && type.media_type.size() > best.size()) {
        best = type.media_type;
      }
    }
    return best;
  }
  const auto names = names_in_zip(bytes);
  if (!has(names, "[Content_Types].xml")) {
    return has(names, "content.xml") ? type_of("odt") : type_of_iwork(names, input.filename);
  }
  const bool macros = std::ranges::any_of(names, [](const auto& name) { return name.ends_with("/vbaProject.bin"); });
  if (has(names, "word/document.xml")) return type_of(macros ? "docm" : "docx");
  if (has(names, "xl/workbook.bin")) return type_of("xlsb");
  if (has(names, "xl/workbook.xml")) return type_of(macros ? "xlsm" : "xlsx");
  if (has(names, "ppt/presentation.xml")) return type_of(macros ? "pptm" : "pptx");
  if (has(names, "visio/document.xml")) return type_of("vsdx");
  return {};
}

bool is_flat_open_document(std::string_view bytes) {
  const auto start = bytes.substr(0, 4096);
  return start.starts_with("<?xml") && start.find("<office:document ") != std::string_view::npos &&
         start.find("urn:oasis:names:tc:opendocument") != std::string_view::npos;
}

std::string_view recognise(const Input& input) {
  if (is_ole_storage(input.bytes)) return type_of_ole(input);
  if (input.bytes.starts_with("PK\x03\x04")) return type_of_zip(input);
  if (input.bytes.starts_with("{\\rtf")) return type_of("rtf");
  if (input.bytes.starts_with("\xFFWPC")) return type_of("wpd");
  return is_flat_open_document(input.bytes) ? type_of("fodt") : std::string_view();
}

class OfficeDocument final : public Document {
 public:
  OfficeDocument(const Input& input, std::string_view media_type, fz_context* context)
      : bytes_(input.bytes), media_type_(media_type), context_(context) {}

  Inspection inspect() override {
    Inspection inspection;
    inspection.media_type = media_type_;
    inspection.kind = FileKind::office;
    inspection.encrypted = is_ole_storage(bytes_) && has(folded_names_in_root(bytes_), "encryptedpackage");
    return inspection;
  }
  std::int32_t page_count() override { return text().page_count(); }
  storage::PageLayer read_page(std::int32_t number, const ReadOptions& options, const KnownPage& known) override {
    return text().read_page(number, options, known);
  }
  PixPointer render_page(std::int32_t number, std::int32_t width, std::int32_t rotation) override {
    return text().render_page(number, width, rotation);
  }
  bool write_archive(const LayerSupplier& layers, const core::FileDescriptor& output) override {
    return text().write_archive(layers, output);
  }

 private:
  // Found when asked for: to say what a file is must not depend on its being sound.
  LaidOutDocument& text() {
    if (!text_) text_ = std::make_unique<LaidOutDocument>(media_type_, "", office_text(bytes_, media_type_), context_);
    return *text_;
  }

  std::string_view bytes_;
  std::string_view media_type_;
  fz_context* context_;
  std::unique_ptr<LaidOutDocument> text_;
};

std::unique_ptr<Document> open(const Input& input, std::string_view media_type, const Tools& tools) {
  return std::make_unique<OfficeDocument>(input, media_type, tools.mupdf);
}

}  // namespace

const Format kOfficeFormat{recognise, open};

}  // namespace muniment::ingest::worker
