// Files of several mails: their page is the list of them; the mails become documents of their own.
#include <algorithm>
#include <string>
#include <vector>

#include "core/error.h"
#include "ingest/worker/formats.h"
#include "ingest/worker/laid_out_document.h"
#include "ingest/worker/mail_message.h"
#include "ingest/worker/mbox_file.h"

namespace muniment::ingest::worker {

namespace {

constexpr std::string_view kMediaType = "application/mbox";
constexpr std::size_t kMostMails = 100'000;
constexpr std::size_t kMostListed = 5'000;

std::string_view recognise(const Input& input) {
  return mails_in_mbox(input.bytes, 2).size() == 2 ? kMediaType : std::string_view();
}

// By its subject, so that people know it again.
std::string name_of(std::string_view mail, std::size_t number) {
  constexpr std::size_t kLongestHeader = 64 * 1024;
  const std::string_view head = mail.substr(0, kLongestHeader);
  std::string subject;
  try {
    subject = read_mail(head.substr(0, std::min(head.find("\n\n"), head.find("\n\r\n")))).subject;
  } catch (const core::Error&) {
    subject.clear();  // the mail itself says what is wrong with it
  }
  std::ranges::replace(subject, '/', '-');
  return (subject.empty() ? "message " + std::to_string(number) : subject) + ".eml";
}

std::string list_of(const std::vector<std::string_view>& mails) {
  std::string text;
  const std::size_t listed = std::min(mails.size(), kMostListed);
  for (std::size_t i = 0; i < listed; ++i) {
    text += name_of(mails[i], i + 1) + " (" + std::to_string(mails[i].size()) + " bytes)\n";
  }
  if (listed < mails.size()) text += "... (" + std::to_string(mails.size() - listed) + " more)\n";
  return text;
}

class MboxDocument final : public LaidOutDocument {
 public:
  MboxDocument(std::vector<std::string_view> mails, std::string_view media_type, fz_context* context)
      : LaidOutDocument(media_type, "", list_of(mails), context), mails_(std::move(mails)) {}

  Inspection inspect() override {
    Inspection inspection = LaidOutDocument::inspect();
    inspection.has_members = true;
    return inspection;
  }

  void read_members(const MemberLimits& limits, const MemberSink& sink) override {
    std::uint64_t total = 0;
    for (const std::string_view mail : mails_) total += mail.size();
    if (mails_.size() > limits.count || mails_.size() == kMostMails || total > limits.bytes) {
      throw core::Error(core::ErrorCode::too_large,
                        "there are more mails in it than may be (members.count, members.size)");
    }
    for (std::size_t i = 0; i < mails_.size(); ++i) {
      sink.begin(name_of(mails_[i], i + 1));
      sink.bytes(unquoted(mails_[i]));
      sink.end();
    }
  }

 private:
  std::vector<std::string_view> mails_;
};

std::unique_ptr<Document> open(const Input& input, std::string_view media_type, const Tools& tools) {
  return std::make_unique<MboxDocument>(mails_in_mbox(input.bytes, kMostMails), media_type, tools.mupdf);
}

}  // namespace

const Format kMboxFormat{recognise, open};

}  // namespace muniment::ingest::worker
