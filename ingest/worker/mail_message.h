// An e-mail (RFC 5322 and MIME), read by GMime: what a person would read of it, and what is attached.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "storage/message_header.h"

namespace muniment::ingest::worker {

// GMime converts encodings by modules of the C library, which must be loaded while there is a file system. Once, before
// anything is parsed.
void prepare_mail();

class MailMessage {
 public:
  // Error(bad_file) when it is no mail at all; a broken one is read as far as it goes.
  explicit MailMessage(std::string_view bytes);
  ~MailMessage();
  MailMessage(const MailMessage&) = delete;
  MailMessage& operator=(const MailMessage&) = delete;

  struct Attachment {
    std::string filename;  // as its sender says; made up when nothing is said
    std::string media_type;
    std::uint64_t size = 0;  // decoded
  };

  const std::string& subject() const { return subject_; }
  // From, To, Cc, Subject, Date and Message-ID, those that are there, in this order.
  const std::vector<storage::MessageHeader>& headers() const { return headers_; }
  // The day, where the sender was.
  std::optional<core::Date> date() const { return date_; }
  // Of two forms of one text the plain one, unless it is a stub. HTML as a reader sees it, with nothing loaded.
  const std::string& text() const { return text_; }
  bool is_signed() const { return signed_; }
  const std::vector<Attachment>& attachments() const { return attachments_; }
  // The bytes of one of them, decoded.
  std::string attachment(std::size_t index) const;

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
  std::string subject_;
  std::vector<storage::MessageHeader> headers_;
  std::optional<core::Date> date_;
  std::string text_;
  bool signed_ = false;
  std::vector<Attachment> attachments_;
};

}  // namespace muniment::ingest::worker
