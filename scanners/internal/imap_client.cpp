#include "scanners/internal/imap_client.h"

#include <algorithm>
#include <array>

#include <curl/curl.h>
#include <poll.h>

#include "core/clock.h"
#include "core/error.h"
#include "core/text.h"
#include "scanners/internal/ascii.h"

namespace muniment::scanners {

using core::Error;
using core::ErrorCode;
using std::chrono::milliseconds;
using storage::MailSecurity;

namespace {

constexpr milliseconds kConnectPatience{30'000};
// How long a wait goes on after somebody asked for its end.
constexpr milliseconds kStopCheck{200};

void start_curl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw Error(ErrorCode::internal, "libcurl could not be started");
}

Error lost(const std::string& cause) {
  return Error(ErrorCode::unavailable, "the connection to the mail server broke: " + cause);
}

Error connect_error(CURLcode code, const ImapAddress& address, const char* detail) {
  const std::string cause = *detail != '\0' ? detail : curl_easy_strerror(code);
  switch (code) {
    case CURLE_LOGIN_DENIED:
      return Error(ErrorCode::unauthenticated, "the mail server refuses the login or the password").because(cause);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return Error(ErrorCode::unavailable, "the certificate of " + address.host + " is not trusted (" + cause +
                                               "); name the file of its issuer in mail.ca_file");
    case CURLE_USE_SSL_FAILED:
      return Error(ErrorCode::unavailable, "the mail server does not offer STARTTLS; choose TLS, or no protection");
    case CURLE_ABORTED_BY_CALLBACK:
      return Error(ErrorCode::cancelled, "the visit was stopped");
    default:
      return Error(ErrorCode::unavailable, "the mail server " + address.host + " cannot be reached: " + cause);
  }
}

std::string url_of(const ImapAddress& address) {
  const bool is_ipv6 = address.host.find(':') != std::string::npos;
  return std::string(address.security == MailSecurity::tls ? "imaps" : "imap") + "://" + (is_ipv6 ? "[" : "") +
         address.host + (is_ipv6 ? "]" : "") + ":" + std::to_string(address.port) + "/";
}

bool ends_in_body(std::string_view before) {
  const std::string name = ascii_upper(core::trim(before.substr(0, before.rfind('{'))));
  return name.ends_with("BODY[]") || name.ends_with("BODY[HEADER]");
}

}  // namespace

// The connection after sign-in, as bytes.
struct ImapClient::Transport {
  CURL* curl = nullptr;
  curl_socket_t socket = CURL_SOCKET_BAD;
  milliseconds patience;
  std::stop_token stop;

  Transport(const ImapAddress& address, std::stop_token wanted) : patience(address.patience), stop(std::move(wanted)) {
    start_curl();
    curl = curl_easy_init();
    if (curl == nullptr) throw Error(ErrorCode::internal, "libcurl could not be started");
    try {
      connect(address);
    } catch (...) {
      curl_easy_cleanup(curl);
      throw;
    }
  }
  ~Transport() { curl_easy_cleanup(curl); }
  Transport(const Transport&) = delete;

  static int still_wanted(void* transport, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Transport*>(transport)->stop.stop_requested() ? 1 : 0;
  }

  void connect(const ImapAddress& address) {
    std::array<char, CURL_ERROR_SIZE> detail{};
    curl_easy_setopt(curl, CURLOPT_URL, url_of(address).c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "imap,imaps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     static_cast<long>(address.security == MailSecurity::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!address.ca_file.empty()) {
      curl_easy_setopt(curl, CURLOPT_CAINFO, address.ca_file.c_str());
      curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
    }
    curl_easy_setopt(curl, CURLOPT_USERNAME, address.login.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, address.password.c_str());
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(kConnectPatience.count()));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>((kConnectPatience + patience).count()));
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &Transport::still_wanted);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, this);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail.data());
    const CURLcode code = curl_easy_perform(curl);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);
    if (code != CURLE_OK) throw connect_error(code, address, detail.data());
    curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket);
    if (socket == CURL_SOCKET_BAD) throw lost("it was closed at once");
  }

  void wait_for(short events, const core::Deadline& deadline) const {
    if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "the visit was stopped");
    if (deadline.passed()) throw lost("the server has been silent for too long");
    pollfd source{socket, events, 0};
    ::poll(&source, 1, static_cast<int>(std::min(deadline.left(), kStopCheck).count()));
  }

  // Whether there is something to receive, at the latest when `end` passes or to see whether to stop. What was received
  // before must have had room: TLS keeps the rest of a record, and the socket does not show it.
  bool has_something(const core::Deadline& end) const {
    if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "the visit was stopped");
    pollfd source{socket, POLLIN, 0};
    return ::poll(&source, 1, static_cast<int>(std::min(end.left(), kStopCheck).count())) > 0;
  }

  void send(std::string_view text) {
    const core::Deadline deadline(patience);
    while (!text.empty()) {
      std::size_t sent = 0;
      const CURLcode code = curl_easy_send(curl, text.data(), text.size(), &sent);
      if (code == CURLE_AGAIN) {
        wait_for(POLLOUT, deadline);
      } else if (code != CURLE_OK) {
        throw lost(curl_easy_strerror(code));
      }
      text.remove_prefix(sent);
    }
  }

  // At least one byte.
  std::span<const std::byte> receive(std::span<std::byte> buffer) {
    const core::Deadline deadline(patience);
    for (;;) {
      std::size_t got = 0;
      const CURLcode code = curl_easy_recv(curl, buffer.data(), buffer.size(), &got);
      if (code == CURLE_AGAIN) {
        wait_for(POLLIN, deadline);
      } else if (code != CURLE_OK) {
        throw lost(curl_easy_strerror(code));
      } else if (got == 0) {
        throw lost("the server closed it");
      } else {
        return buffer.first(got);
      }
    }
  }
};

ImapClient::ImapClient(const ImapAddress& address, std::stop_token stop)
    : transport_(std::make_unique<Transport>(address, std::move(stop))),
      stream_({[this](const std::string& line) { take_line(line); },
               [this](std::string_view before, std::uint64_t size) { begin_literal(before, size); },
               [this](std::span<const std::byte> bytes) {
                 if (in_body_) (*receive_)(bytes);
               }}) {
  require("CAPABILITY", [this](const ImapResponse& response) {
    if (!response.capabilities.empty()) capabilities_ = response.capabilities;
  });
}

ImapClient::~ImapClient() {
  if (over_) return;
  try {
    transport_->send("Z LOGOUT\r\n");
  } catch (const Error&) {
    // The server sees the end of the connection anyway.
    over_ = true;
  }
}

bool ImapClient::can(std::string_view capability) const {
  return std::ranges::find(capabilities_, capability) != capabilities_.end();
}

void ImapClient::take_line(const std::string& line) {
  const ImapResponse response = parse_imap_response(line);
  if (response.tag == tag_ && response.status) {
    answer_ = response.status;
    return;
  }
  if (response.tag != "*") return;
  if (line.ends_with(" EXISTS")) told_of_mails_ = true;
  if (response.status && response.status->kind == ImapStatus::Kind::bye) {
    throw lost("the server says: " + response.status->text);
  }
  if (receive_ != nullptr && response.fetch && response.fetch->has_body) {
    got_body_ = true;
    if (response.fetch->short_body) (*receive_)(std::as_bytes(std::span(*response.fetch->short_body)));
  }
  if (untagged_ != nullptr && *untagged_) (*untagged_)(response);
}

void ImapClient::begin_literal(std::string_view before, std::uint64_t size) {
  in_body_ = receive_ != nullptr && ends_in_body(before);
  if (in_body_ && size > most_) {
    throw Error(ErrorCode::too_large, "the mail is larger than the " + std::to_string(most_ >> 20) +
                                          " MiB that may be taken in (intake.max_file_size)");
  }
}

ImapStatus ImapClient::ask(const std::string& command, const Untagged& untagged) {
  if (over_) throw lost("it is over");
  tag_ = "A" + std::to_string(++commands_);
  untagged_ = &untagged;
  answer_.reset();
  over_ = true;  // unless this ends well
  transport_->send(tag_ + " " + command + "\r\n");
  std::array<std::byte, 32 * 1024> buffer;
  while (!answer_) stream_.add(transport_->receive(buffer));
  untagged_ = nullptr;
  over_ = false;
  return std::move(*answer_);
}

ImapStatus ImapClient::require(const std::string& command, const Untagged& untagged) {
  ImapStatus status = ask(command, untagged);
  if (status.kind != ImapStatus::Kind::ok) {
    throw Error(ErrorCode::conflict, "the mail server refuses: " + status.text)
        .because(command.substr(0, command.find(' ')));
  }
  return status;
}

std::int64_t ImapClient::select(std::string_view folder) {
  std::optional<std::int64_t> validity;
  const auto each = [&](const ImapResponse& response) {
    if (!response.status) return;
    if (const auto number = code_number(*response.status, "UIDVALIDITY")) validity = number;
  };
  const ImapStatus status = ask("SELECT " + imap_folder(folder), each);
  if (status.kind != ImapStatus::Kind::ok) {
    throw Error(ErrorCode::conflict,
                "the mail server does not open the folder \"" + std::string(folder) + "\": " + status.text);
  }
  if (!validity) {
    throw Error(ErrorCode::conflict, "the mail server does not number the mails of \"" + std::string(folder) +
                                         "\" lastingly (UIDVALIDITY); they cannot be told apart");
  }
  return *validity;
}

std::vector<ImapClient::Listed> ImapClient::list(const std::string& set) {
  std::vector<Listed> mails;
  require("UID FETCH " + set + " (UID RFC822.SIZE)", [&](const ImapResponse& response) {
    if (response.fetch && response.fetch->uid && response.fetch->size) {
      mails.push_back({*response.fetch->uid, *response.fetch->size});
    }
  });
  std::ranges::sort(mails, {}, &Listed::uid);
  const auto same = [](const Listed& a, const Listed& b) { return a.uid == b.uid; };
  mails.erase(std::unique(mails.begin(), mails.end(), same), mails.end());
  return mails;
}

std::vector<ImapClient::Listed> ImapClient::mails_after(std::int64_t uid) {
  auto mails = list(std::to_string(uid + 1) + ":*");
  // "n:*" always names the last mail, be it older.
  std::erase_if(mails, [&](const Listed& mail) { return mail.uid <= uid; });
  return mails;
}

std::optional<ImapClient::Listed> ImapClient::find(std::int64_t uid) {
  for (const Listed& mail : list(std::to_string(uid))) {
    if (mail.uid == uid) return mail;
  }
  return std::nullopt;
}

bool ImapClient::fetch(std::int64_t uid, std::uint64_t most, const Receive& receive) {
  return receive_body(uid, "", most, receive);
}

bool ImapClient::fetch_heading(std::int64_t uid, std::uint64_t most, const Receive& receive) {
  return receive_body(uid, "HEADER", most, receive);
}

bool ImapClient::receive_body(std::int64_t uid, std::string_view section, std::uint64_t most, const Receive& receive) {
  receive_ = &receive;
  most_ = most;
  got_body_ = false;
  require("UID FETCH " + std::to_string(uid) + " (UID BODY.PEEK[" + std::string(section) + "])");
  receive_ = nullptr;
  return got_body_;
}

bool ImapClient::idle(milliseconds longest) {
  if (over_) throw lost("it is over");
  const core::Deadline end(longest);
  tag_ = "A" + std::to_string(++commands_);
  answer_.reset();
  told_of_mails_ = false;
  over_ = true;  // unless this ends well
  transport_->send(tag_ + " IDLE\r\n");
  std::array<std::byte, 32 * 1024> buffer;
  while (!answer_ && !told_of_mails_ && !end.passed()) {
    if (transport_->has_something(end)) stream_.add(transport_->receive(buffer));
  }
  if (!answer_) transport_->send("DONE\r\n");
  while (!answer_) stream_.add(transport_->receive(buffer));
  over_ = false;
  if (answer_->kind != ImapStatus::Kind::ok) {
    throw Error(ErrorCode::conflict, "the mail server refuses: " + answer_->text).because("IDLE");
  }
  return told_of_mails_;
}

void ImapClient::mark_seen(std::int64_t uid) {
  require("UID STORE " + std::to_string(uid) + " +FLAGS.SILENT (\\Seen)");
}

void ImapClient::copy(const std::string& command, std::string_view folder) {
  const std::string whole = command + " " + imap_folder(folder);
  const ImapStatus status = ask(whole);
  if (status.kind == ImapStatus::Kind::ok) return;
  if (status.code.starts_with("TRYCREATE")) require("CREATE " + imap_folder(folder));
  require(whole);
}

void ImapClient::move(std::int64_t uid, std::string_view folder) {
  if (can("MOVE")) return copy("UID MOVE " + std::to_string(uid), folder);
  copy("UID COPY " + std::to_string(uid), folder);
  remove(uid);
}

void ImapClient::remove(std::int64_t uid) {
  require("UID STORE " + std::to_string(uid) + " +FLAGS.SILENT (\\Deleted)");
  if (can("UIDPLUS")) require("UID EXPUNGE " + std::to_string(uid));
}

}  // namespace muniment::scanners
