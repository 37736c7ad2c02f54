// E-mails (RFC 5322 and MIME), read by GMime: what a person would read of them, and what is attached.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "storage/message_header.h"

namespace muniment::ingest::worker {

// GMime and libmdb convert encodings by modules of the C library, which must be loaded while there is a file system: to
// be made once, before anything is parsed. They stay loaded as long as it lives.
class MailEncodings {
 public:
  MailEncodings();
  ~MailEncodings();
  MailEncodings(const MailEncodings&) = delete;
  MailEncodings& operator=(const MailEncodings&) = delete;

 private:
  std::vector<void*> converters_;
};

// Pictures that the HTML of a mail shows where it stands and that are no larger are what its sender signs with: they
// are not attached.
inline constexpr std::size_t kLargestLogo = 50 * 1024;  // bytes

// HTML of a mail that is longer is not laid out: neither a part of it, nor all of them together, pictures aside.
inline constexpr std::size_t kMostHtml = 2 << 20;  // bytes

// A mail as its reader sees it.
struct Mail {
  struct Attachment {
    std::string filename;  // as its sender says; made up when nothing is said
    std::string media_type;
    std::uint64_t size = 0;              // decoded
    std::function<std::string()> bytes;  // decoded; as long as the file is there
    std::string remark = {};             // what is to be said of it; usually nothing
  };

  std::string subject;
  // From, To, Cc, Subject, Date and Message-ID, those that are there, in this order.
  std::vector<storage::MessageHeader> headers;
  std::optional<core::Date> date;  // the day, where the sender was
  // Of two forms of one text the plain one, unless it is a stub. HTML as a reader sees it, with nothing loaded.
  std::string text;
  // The same as reduced_html gives it, with the pictures that came with it; of two forms of one text the HTML, unless
  // it is a stub. Empty when there is none, or when it is too long to be laid out.
  std::string html;
  bool is_signed = false;
  // What is in a "winmail.dat" stands in its place; behind all else the messages in it, it too where not all of it can
  // be read, and pictures that could be shown by HTML but are not.
  std::vector<Attachment> attachments;
};

// Error(bad_file) when it is no mail at all; a broken one is read as far as it goes. `bytes` need not outlive the call.
Mail read_mail(std::string_view bytes);

// What is in a "winmail.dat", or in a message attached to one: the mail that `is_tnef` says `bytes` to be. Says in the
// text when some of it cannot be read.
Mail read_winmail(std::string_view bytes);

}  // namespace muniment::ingest::worker
