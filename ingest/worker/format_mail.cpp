// Mails: their pages are headers, text and the list of attachments; the attachments become documents of their own.
#include <array>
#include <string>

#include "core/error.h"
#include "core/text.h"
#include "ingest/worker/formats.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/mail_message.h"
#include "ingest/worker/text_encoding.h"

namespace muniment::ingest::worker {

namespace {

constexpr std::string_view kMediaType = "message/rfc822";

bool begins_with_header(std::string_view bytes) {
  const auto line = core::trim(bytes.substr(0, 1024));
  const auto colon = line.find(':');
  return colon != std::string_view::npos && colon > 0 && line.find_first_of(" \t\r\n") > colon;
}

std::string_view recognise(const Input& input) {
  if (media_type_of_other(input.bytes) == kMediaType) return kMediaType;
  const bool named = core::fold_case(input.filename).ends_with(".eml");
  const bool mail = named && (begins_with_header(input.bytes) || input.bytes.starts_with("From ")) &&
                    media_type_of_other(input.bytes) == "application/octet-stream";
  return mail && !text_encoding(input.bytes).empty() ? kMediaType : std::string_view();
}

std::string shown(const MailMessage& message) {
  std::string text;
  for (const auto& header : message.headers()) text += header.name + ": " + header.value + "\n";
  text += "\n" + message.text();
  if (message.attachments().empty()) return text;
  text += "\n\nAttachments:\n";
  for (const auto& attachment : message.attachments()) {
    text += attachment.filename + " (" + attachment.media_type + ", " + std::to_string(attachment.size) + " bytes)\n";
  }
  return text;
}

class MailDocument final : public LaidOutDocument {
 public:
  MailDocument(std::unique_ptr<MailMessage> message, fz_context* context)
      : LaidOutDocument(kMediaType, message->subject(), shown(*message), context), message_(std::move(message)) {}

  Inspection inspect() override {
    Inspection inspection = LaidOutDocument::inspect();
    inspection.headers = message_->headers();
    inspection.written = message_->date();
    inspection.has_signature = message_->is_signed();
    inspection.has_members = !message_->attachments().empty();
    return inspection;
  }

  void read_members(const MemberLimits& limits, const MemberSink& sink) override {
    std::uint64_t total = 0;
    for (const auto& attachment : message_->attachments()) total += attachment.size;
    if (message_->attachments().size() > limits.count || total > limits.bytes) {
      throw core::Error(core::ErrorCode::too_large,
                        "there is more attached to it than may be (members.count, members.size)");
    }
    for (std::size_t i = 0; i < message_->attachments().size(); ++i) {
      sink.begin(message_->attachments()[i].filename);
      sink.bytes(message_->attachment(i));
      sink.end();
    }
  }

 private:
  std::unique_ptr<MailMessage> message_;
};

std::unique_ptr<Document> open(const Input& input, std::string_view, const Tools& tools) {
  return std::make_unique<MailDocument>(std::make_unique<MailMessage>(input.bytes), tools.mupdf);
}

}  // namespace

const Format kMailFormat{recognise, open};

}  // namespace muniment::ingest::worker
