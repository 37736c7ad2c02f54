// Mails: their pages are headers, text and the list of attachments; the attachments become documents of their own.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include "core/error.h"
#include "core/text.h"
#include "ingest/worker/formats.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/laid_out_html.h"
#include "ingest/worker/mail_message.h"
#include "ingest/worker/ole_storage.h"
#include "ingest/worker/outlook_mail.h"
#include "ingest/worker/reduced_html.h"
#include "ingest/worker/text_encoding.h"
#include "ingest/worker/tnef.h"

namespace muniment::ingest::worker {

namespace {

constexpr std::string_view kMediaType = "message/rfc822";
constexpr std::string_view kOutlook = "application/vnd.ms-outlook";
constexpr std::string_view kWinmail = "application/vnd.ms-tnef";

bool begins_with_header(std::string_view bytes) {
  const auto line = core::trim(bytes.substr(0, 1024));
  const auto colon = line.find(':');
  return colon != std::string_view::npos && colon > 0 && line.find_first_of(" \t\r\n") > colon;
}

std::string_view recognise(const Input& input) {
  if (is_ole_storage(input.bytes)) {
    const auto names = names_in_root(input.bytes);
    return std::ranges::find(names, "__properties_version1.0") == names.end() ? std::string_view() : kOutlook;
  }
  if (is_tnef(input.bytes)) return kWinmail;
  if (media_type_of_other(input.bytes) == kMediaType) return kMediaType;
  const bool named = core::fold_case(input.filename).ends_with(".eml");
  const bool mail = named && (begins_with_header(input.bytes) || input.bytes.starts_with("From ")) &&
                    media_type_of_other(input.bytes) == "application/octet-stream";
  return mail && !text_encoding(input.bytes).empty() ? kMediaType : std::string_view();
}

std::string headers_of(const Mail& mail) {
  std::string text;
  for (const auto& header : mail.headers) text += header.name + ": " + header.value + "\n";
  return text;
}

std::string attachments_of(const Mail& mail) {
  if (mail.attachments.empty()) return "";
  std::string text = "\n\nAttachments:\n";
  for (const auto& attachment : mail.attachments) {
    text += attachment.filename + " (" + attachment.media_type + ", " + std::to_string(attachment.size) + " bytes)";
    text += (attachment.remark.empty() ? "" : " " + attachment.remark) + "\n";
  }
  return text;
}

// As its HTML is laid out, or, where that is refused or too much, in a fixed pitch.
std::unique_ptr<Document> pages_of(const Mail& mail, std::string_view media_type, const Tools& tools) {
  if (!mail.html.empty()) {
    try {
      const std::string body =
          html_of_text(headers_of(mail)) + "<hr/>" + mail.html + html_of_text(attachments_of(mail));
      if (size_without_pictures(body) <= kMostHtml) {
        return std::make_unique<LaidOutHtml>(media_type, mail.subject, body, tools);
      }
    } catch (const core::Error&) {
      std::fprintf(stderr, "the HTML of this mail is shown as plain text\n");
    }
  }
  const std::string text = headers_of(mail) + "\n" + mail.text + attachments_of(mail);
  return std::make_unique<LaidOutDocument>(media_type, mail.subject, text, tools.mupdf);
}

class MailDocument final : public Document {
 public:
  MailDocument(Mail mail, std::string_view media_type, const Tools& tools)
      : mail_(std::move(mail)), media_type_(media_type), tools_(tools) {}

  Inspection inspect() override {
    Inspection inspection = pages().inspect();
    inspection.headers = mail_.headers;
    inspection.written = mail_.date;
    inspection.has_signature = mail_.is_signed;
    inspection.has_members = !mail_.attachments.empty();
    return inspection;
  }

  std::int32_t page_count() override { return pages().page_count(); }
  storage::PageLayer read_page(std::int32_t number, const ReadOptions& options, const KnownPage& known) override {
    return pages().read_page(number, options, known);
  }
  PixPointer render_page(std::int32_t number, std::int32_t width, std::int32_t rotation) override {
    return pages().render_page(number, width, rotation);
  }
  bool write_archive(const LayerSupplier& layers, const core::FileDescriptor& output) override {
    return pages().write_archive(layers, output);
  }

  void read_members(const MemberLimits& limits, const MemberSink& sink) override {
    std::uint64_t total = 0;
    for (const auto& attachment : mail_.attachments) total += attachment.size;
    if (mail_.attachments.size() > limits.count || total > limits.bytes) {
      throw core::Error(core::ErrorCode::too_large,
                        "there is more attached to it than may be (members.count, members.size)");
    }
    for (const auto& attachment : mail_.attachments) {
      sink.begin(attachment.filename);
      sink.bytes(attachment.bytes());
      sink.end();
    }
  }

 private:
  // Made when they are first asked for: what is attached can be had whatever becomes of them.
  Document& pages() {
    if (pages_ == nullptr) pages_ = pages_of(mail_, media_type_, tools_);
    return *pages_;
  }

  const Mail mail_;
  const std::string media_type_;
  const Tools& tools_;
  std::unique_ptr<Document> pages_;
};

std::unique_ptr<Document> open(const Input& input, std::string_view media_type, const Tools& tools) {
  const auto read = media_type == kOutlook ? read_outlook_mail : media_type == kWinmail ? read_winmail : read_mail;
  return std::make_unique<MailDocument>(read(input.bytes), media_type, tools);
}

}  // namespace

const Format kMailFormat{recognise, open};

}  // namespace muniment::ingest::worker
