// Mails: their pages are headers, text and the list of attachments; the attachments become documents of their own.
#include <algorithm>
#include <string>

#include "core/error.h"
#include "core/text.h"
#include "ingest/worker/formats.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/mail_message.h"
#include "ingest/worker/ole_storage.h"
#include "ingest/worker/outlook_mail.h"
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

std::string shown(const Mail& mail) {
  std::string text;
  for (const auto& header : mail.headers) text += header.name + ": " + header.value + "\n";
  text += "\n" + mail.text;
  if (mail.attachments.empty()) return text;
  text += "\n\nAttachments:\n";
  for (const auto& attachment : mail.attachments) {
    text += attachment.filename + " (" + attachment.media_type + ", " + std::to_string(attachment.size) + " bytes)";
    text += (attachment.remark.empty() ? "" : " " + attachment.remark) + "\n";
  }
  return text;
}

class MailDocument final : public LaidOutDocument {
 public:
  MailDocument(Mail mail, std::string_view media_type, fz_context* context)
      : LaidOutDocument(media_type, mail.subject, shown(mail), context), mail_(std::move(mail)) {}

  Inspection inspect() override {
    Inspection inspection = LaidOutDocument::inspect();
    inspection.headers = mail_.headers;
    inspection.written = mail_.date;
    inspection.has_signature = mail_.is_signed;
    inspection.has_members = !mail_.attachments.empty();
    return inspection;
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
  Mail mail_;
};

std::unique_ptr<Document> open(const Input& input, std::string_view media_type, const Tools& tools) {
  const auto read = media_type == kOutlook ? read_outlook_mail : media_type == kWinmail ? read_winmail : read_mail;
  return std::make_unique<MailDocument>(read(input.bytes), media_type, tools.mupdf);
}

}  // namespace

const Format kMailFormat{recognise, open};

}  // namespace muniment::ingest::worker
