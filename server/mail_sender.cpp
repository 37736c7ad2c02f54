#include "server/mail_sender.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <mutex>

#include <curl/curl.h>
#include <gmime/gmime.h>

#include "core/error.h"
#include "core/text.h"
#include "server/internal/outgoing_connection.h"

namespace muniment::server {

using core::Error;
using core::ErrorCode;
using storage::MailSecurity;

namespace {

constexpr std::chrono::seconds kPatience{30};
constexpr std::size_t kLongestAnswer = 200;

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <typename T>
using Owned = std::unique_ptr<T, Unref>;

void write_receivers(GMimeMessage* message, const std::vector<std::string>& to) {
  if (to.size() == 1) {
    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_TO, nullptr, to.front().c_str());
    return;
  }
  const Owned<InternetAddress> undisclosed(internet_address_group_new("undisclosed-recipients"));
  internet_address_list_add(g_mime_message_get_addresses(message, GMIME_ADDRESS_TYPE_TO), undisclosed.get());
}

// As RFC 5322 has it; GMime folds and encodes whatever stands in the headers.
std::string composed(const OutgoingMail& mail, const std::string& from, core::Time at) {
  const Owned<GMimeMessage> message(g_mime_message_new(TRUE));
  g_mime_message_add_mailbox(message.get(), GMIME_ADDRESS_TYPE_FROM, nullptr, from.c_str());
  write_receivers(message.get(), mail.to);
  g_mime_message_set_subject(message.get(), core::collapse_space(mail.subject).c_str(), "utf-8");
  GDateTime* date =
      g_date_time_new_from_unix_utc(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
  g_mime_message_set_date(message.get(), date);
  g_date_time_unref(date);
  const std::string domain = from.substr(from.find('@') + 1);
  if (mail.id.empty()) {
    char* id = g_mime_utils_generate_message_id(domain.c_str());
    g_mime_message_set_message_id(message.get(), id);
    g_free(id);
  } else {
    g_mime_message_set_message_id(message.get(), (mail.id + "@" + domain).c_str());
  }
  // Written by a program: nobody's absence note answers it.
  g_mime_object_set_header(GMIME_OBJECT(message.get()), "Auto-Submitted", "auto-generated", nullptr);
  const Owned<GMimeTextPart> text(g_mime_text_part_new_with_subtype("plain"));
  g_mime_text_part_set_charset(text.get(), "utf-8");
  g_mime_text_part_set_text(text.get(), mail.text.c_str());
  g_mime_part_set_content_encoding(GMIME_PART(text.get()), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
  g_mime_message_set_mime_part(message.get(), GMIME_OBJECT(text.get()));
  const std::unique_ptr<GMimeFormatOptions, decltype(&g_mime_format_options_free)> format(g_mime_format_options_new(),
                                                                                          &g_mime_format_options_free);
  g_mime_format_options_set_newline_format(format.get(), GMIME_NEWLINE_FORMAT_DOS);
  char* all = g_mime_object_to_string(GMIME_OBJECT(message.get()), format.get());
  std::string bytes(all);
  g_free(all);
  return bytes;
}

std::string password_in(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string password;
  if (!std::getline(in, password) || password.empty()) {
    throw Error(ErrorCode::unavailable, "the password for sending mail cannot be read from " + file.string());
  }
  if (password.ends_with('\r')) password.pop_back();
  return password;
}

struct Upload {
  std::string bytes;
  std::size_t sent = 0;

  static std::size_t read(char* buffer, std::size_t size, std::size_t count, void* self) {
    auto& upload = *static_cast<Upload*>(self);
    const std::size_t n = std::min(size * count, upload.bytes.size() - upload.sent);
    upload.bytes.copy(buffer, n, upload.sent);
    upload.sent += n;
    return n;
  }
};

// What the server said to each receiver and to the mail itself: libcurl tells only that something was refused.
class Answers {
 public:
  std::vector<RefusedReceiver> refused(const std::vector<std::string>& to) const {
    std::vector<RefusedReceiver> all;
    for (std::size_t i = 0; i < std::min(to.size(), to_receivers_.size()); ++i) {
      const std::string& answer = is_refusal(to_receivers_[i]) ? to_receivers_[i] : to_mail_;
      if (is_refusal(answer)) all.push_back({to[i], answer});
    }
    return all;
  }

  // A curl_debug_callback.
  static int hear(CURL*, curl_infotype kind, char* data, std::size_t size, void* self) {
    auto& answers = *static_cast<Answers*>(self);
    const std::string_view line(data, size);
    if (kind == CURLINFO_HEADER_OUT) answers.asked(line);
    if (kind == CURLINFO_HEADER_IN) answers.answered(line);
    return 0;
  }

 private:
  enum class Question { other, receiver, mail };

  static bool is_refusal(std::string_view answer) { return answer.starts_with('4') || answer.starts_with('5'); }
  void asked(std::string_view command) {
    question_ = Question::other;
    if (command.starts_with("RCPT ")) question_ = Question::receiver;
    if (command.starts_with("DATA")) question_ = Question::mail;
  }
  void answered(std::string_view line) {
    const bool goes_on = line.size() > 3 && line[3] == '-';
    if (goes_on || question_ == Question::other) return;
    std::string answer(core::cut(core::collapse_space(core::to_utf8(line)), kLongestAnswer));
    if (question_ == Question::receiver) {
      to_receivers_.push_back(std::move(answer));
    } else {
      to_mail_ = std::move(answer);
    }
  }

  Question question_ = Question::other;
  std::vector<std::string> to_receivers_;  // in their order
  std::string to_mail_;                    // the last since it was begun
};

void require_address(const std::string& address) {
  const bool odd = std::any_of(address.begin(), address.end(), [](unsigned char c) {
    return c <= 0x20 || c == 0x7F || c == '<' || c == '>' || c == ',' || c == ';';
  });
  if (odd || address.find('@') == std::string::npos) {
    throw Error(ErrorCode::invalid_argument, "mail goes to addresses like anna@example.org");
  }
}

}  // namespace

std::vector<RefusedReceiver> MailSender::send(const OutgoingMail& mail, const std::stop_token& stop) const {
  static std::once_flag started;
  std::call_once(started, g_mime_init);
  if (!configured()) {
    throw Error(ErrorCode::unavailable, "no mail server is configured to send mail; name one in mail.send_server");
  }
  for (const std::string& address : mail.to) require_address(address);
  const std::string url = std::string(options_.security == MailSecurity::tls ? "smtps://" : "smtp://") + options_.host +
                          ":" + std::to_string(options_.port);
  Answers answers;  // listens until the connection has ended
  OutgoingConnection connection(url, "smtp,smtps", kPatience, stop);
  CURL* curl = connection.get();
  Upload upload{composed(mail, options_.from, clock_.now())};
  curl_slist* receivers = nullptr;
  for (const std::string& address : mail.to) receivers = curl_slist_append(receivers, address.c_str());
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> owned_receivers(receivers, &curl_slist_free_all);
  curl_easy_setopt(curl, CURLOPT_USE_SSL,
                   static_cast<long>(options_.security == MailSecurity::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  if (!options_.ca_file.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, options_.ca_file.c_str());
    curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  }
  if (!options_.login.empty()) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, options_.login.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, password_in(options_.password_file).c_str());
  }
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, options_.from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, receivers);
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, &Answers::hear);
  curl_easy_setopt(curl, CURLOPT_DEBUGDATA, &answers);
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, &Upload::read);
  curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
  const CURLcode code = connection.perform();
  if (code == CURLE_LOGIN_DENIED) {
    throw Error(ErrorCode::unavailable, "the mail server refuses the login or the password for sending");
  }
  std::vector<RefusedReceiver> refused = answers.refused(mail.to);
  const bool all_refused = !refused.empty() && refused.size() == mail.to.size();
  if (code != CURLE_OK && !all_refused) {
    throw Error(ErrorCode::unavailable,
                "the mail server " + options_.host + " did not take the mail: " + curl_easy_strerror(code));
  }
  return refused;
}

}  // namespace muniment::server
