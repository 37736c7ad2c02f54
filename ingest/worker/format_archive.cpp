// Archives: their page is the list of what is in them; the files themselves become documents of their own.
#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/text.h"
#include "ingest/office_types.h"
#include "ingest/worker/archive_file.h"
#include "ingest/worker/formats.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/zip_file.h"

namespace muniment::ingest::worker {

namespace {

// A zip file that is one thing to those who use it, not a parcel of several; also when it is too damaged to show it.
bool is_one_file(const Input& input) {
  const std::string_view bytes = input.bytes;
  const std::string name = core::fold_case(input.filename);
  const auto names = names_in_zip(bytes);
  const auto has_one_of = [&](std::span<const std::string_view> marks) {
    return std::ranges::any_of(names,
                               [&](const auto& entry) { return std::ranges::find(marks, entry) != marks.end(); });
  };
  // Pages, Numbers and Keynote of before 2013: nobody reads them but for the PDF that is in them.
  constexpr std::array<std::string_view, 2> kOldIwork = {"index.xml", "index.apxl"};
  if (has_one_of(kOldIwork)) return false;
  if (std::ranges::any_of(office_types(),
                          [&](const OfficeType& type) { return name.ends_with("." + std::string(type.extension)); })) {
    return true;
  }
  if (bytes.size() > 38 && bytes.substr(30).starts_with("mimetype")) return true;  // OpenDocument, EPUB
  constexpr std::array<std::string_view, 4> kMarks = {"[Content_Types].xml", "META-INF/MANIFEST.MF",
                                                      "AndroidManifest.xml", "Index/Document.iwa"};
  return has_one_of(kMarks);
}

std::string_view recognise(const Input& input) {
  constexpr std::array<std::string_view, 8> kTypes = {
      "application/zip",  "application/x-tar",           "application/gzip", "application/x-bzip2",
      "application/x-xz", "application/x-7z-compressed", "application/zstd", "application/vnd.rar"};
  const std::string_view type = media_type_of_other(input.bytes);
  if (std::ranges::find(kTypes, type) == kTypes.end()) return {};
  return type == "application/zip" && is_one_file(input) ? std::string_view() : type;
}

std::string list_of(const std::vector<ArchiveFile::Entry>& entries) {
  std::string text;
  for (const auto& entry : entries) {
    text += entry.path;
    if (!entry.left_out.empty()) {
      text += " (" + entry.left_out + ")";
    } else if (entry.size) {
      text += " (" + std::to_string(*entry.size) + " bytes)";
    }
    text += '\n';
  }
  return text.empty() ? "(empty)\n" : text;
}

class ArchiveDocument final : public LaidOutDocument {
 public:
  ArchiveDocument(ArchiveFile archive, const std::vector<ArchiveFile::Entry>& entries, std::string_view media_type,
                  fz_context* context)
      : LaidOutDocument(media_type, "", list_of(entries), context),
        archive_(std::move(archive)),
        has_members_(std::ranges::any_of(entries, &ArchiveFile::Entry::taken)),
        encrypted_(std::ranges::any_of(entries, &ArchiveFile::Entry::encrypted)) {}

  Inspection inspect() override {
    Inspection inspection = LaidOutDocument::inspect();
    inspection.has_members = has_members_;
    inspection.encrypted = encrypted_;
    return inspection;
  }
  void read_members(const MemberLimits& limits, const MemberSink& sink) override { archive_.read(limits, sink); }

 private:
  ArchiveFile archive_;
  bool has_members_;
  bool encrypted_;
};

std::unique_ptr<Document> open(const Input& input, std::string_view media_type, const Tools& tools) {
  ArchiveFile archive(input.bytes, input.filename, input.password);
  const auto entries = archive.entries();
  if (std::ranges::any_of(entries, &ArchiveFile::Entry::encrypted)) {
    if (media_type != "application/zip") {
      throw core::Error(core::ErrorCode::bad_file,
                        "the archive is encrypted in a way that is not read; unpack it and take in what is in it");
    }
    if (!input.password || !archive.opens()) {
      throw core::Error(core::ErrorCode::password_needed, "the archive is encrypted");
    }
  }
  return std::make_unique<ArchiveDocument>(std::move(archive), entries, media_type, tools.mupdf);
}

}  // namespace

const Format kArchiveFormat{recognise, open};

}  // namespace muniment::ingest::worker
