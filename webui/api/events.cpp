// What happens, as it happens: server-sent events (WHATWG HTML, section 9.2). Only a hint; the jobs are the truth.
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "core/error.h"
#include "core/text.h"
#include "storage/jobs.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using core::Event;

namespace {

// Often, because only writing shows that a reader has gone, whose stream is then another's.
constexpr std::chrono::seconds kHeartbeat{3};
// A stream holds a thread of the server for as long as it lives.
constexpr int kMostStreams = 200;
constexpr int kMostStreamsOfOne = 8;

// How many streams there are. Thread-safe.
class Streams {
 public:
  // A place for one more, given back on destruction; empty when there is none.
  class Place {
   public:
    Place(Streams& streams, std::int64_t account) : streams_(streams), account_(account) {}
    ~Place() {
      const std::lock_guard lock(streams_.mutex_);
      --streams_.count_;
      if (--streams_.by_account_[account_] == 0) streams_.by_account_.erase(account_);
    }
    Place(const Place&) = delete;

   private:
    Streams& streams_;
    std::int64_t account_;
  };
  std::unique_ptr<Place> take(std::int64_t account) {
    const std::lock_guard lock(mutex_);
    const auto own = by_account_.find(account);
    if (count_ >= kMostStreams || (own != by_account_.end() && own->second >= kMostStreamsOfOne)) return nullptr;
    ++count_;
    ++by_account_[account];
    return std::make_unique<Place>(*this, account);
  }

 private:
  std::mutex mutex_;
  int count_ = 0;
  std::map<std::int64_t, int> by_account_;
};

// The number in what event_id() gave; nullopt for one of another process.
std::optional<std::uint64_t> number_in(const Api& api, const std::string& id) {
  if (!id.starts_with(api.event_stream + "-")) return std::nullopt;
  const auto number = core::parse_integer(std::string_view(id).substr(api.event_stream.size() + 1));
  if (!number || *number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

bool may_see(const storage::Principal& who, const Event& event) {
  if (event.access_list != 0) return who.may_read(event.access_list);
  return event.account != 0 ? event.account == who.account_id : who.may(storage::Permission::operate);
}

class EventSender {
 public:
  EventSender(Call& call, Api& api) : call_(call), api_(api) {}

  void run(const Exchange::Write& write) {
    std::uint64_t last = api_.services.events.last_id();
    if (!write("retry: 2000\n\n")) return;
    const auto broke_off = call_.http.header("Last-Event-ID");
    if (const auto heard = broke_off ? broke_off : call_.http.query("after")) {
      if (const auto number = number_in(api_, *heard)) {
        last = *number;
      } else if (!write(message(last, "reset", "{}"))) {
        return;
      }
    }
    while (!api_.stopping.stop_requested()) {
      const auto batch = api_.services.events.wait_after(last, kHeartbeat, api_.stopping);
      const auto who = asker();
      if (!who) return;
      if (batch.gap) {
        last = api_.services.events.last_id();
        if (!write(message(last, "reset", "{}"))) return;
        continue;
      }
      if (batch.events.empty() && !write(": still here\n\n")) return;
      if (!send(batch.events, *who, write)) return;
      if (!batch.events.empty()) last = batch.events.back().id;
    }
  }

 private:
  // Rights, the session or the token may have ended since the stream began.
  std::optional<storage::Principal> asker() {
    if (call_.who.is_system()) return call_.who;
    if (!call_.session_cookie.empty()) {
      // Only looked at: a page that stands open does not prolong its session.
      if (!api_.sign_in.current(call_.session_cookie)) return std::nullopt;
      auto session = api_.services.database.read();
      return storage::load_principal(session, call_.who.account_id, call_.who.client);
    }
    try {
      Identity identity = api_.sign_in.identify(call_.http);
      return identity.signed_in ? std::optional(std::move(identity.who)) : std::nullopt;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unauthenticated) throw;
      return std::nullopt;
    }
  }

  std::string message(std::uint64_t id, std::string_view topic, std::string_view data) const {
    return "id: " + event_id(api_, id) + "\nevent: " + std::string(topic) + "\ndata: " + std::string(data) + "\n\n";
  }

  bool send(const std::vector<Event>& events, const storage::Principal& who, const Exchange::Write& write) {
    std::set<std::int64_t> told;
    std::vector<std::string> messages;
    auto session = api_.services.database.read();
    // The newest of a job says it all, as it is now; earlier ones of the same batch are left out.
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
      if (!may_see(who, *event)) continue;
      if (event->topic != "job") {
        messages.push_back(message(event->id, event->topic, event->data));
        continue;
      }
      const Json data = Json::parse(event->data);
      const auto id = data.value("id", std::int64_t{0});
      if (!told.insert(id).second) continue;
      const auto job = storage::find_job(session, id);
      if (job && storage::may_see(session, who, *job)) {
        messages.push_back(message(event->id, "job", job_json(session, who, *job).dump()));
      }
    }
    for (auto text = messages.rbegin(); text != messages.rend(); ++text) {
      if (!write(*text)) return false;
    }
    return true;
  }

  Call& call_;
  Api& api_;
};

}  // namespace

std::string event_id(const Api& api, std::uint64_t number) {
  return api.event_stream + "-" + std::to_string(number);
}

void add_events(Router& router, Api& api) {
  const auto streams = std::make_shared<Streams>();
  router.add("GET", "/api/v1/events", storage::Permission::read_documents, [&api, streams](Call& call) {
    const auto place = streams->take(call.who.account_id);
    if (!place || api.stopping.stop_requested()) {
      call.http.set_header("Retry-After", "30");
      throw Error(ErrorCode::unavailable, "there are too many event streams; ask for /api/v1/jobs?since= instead");
    }
    call.http.set_header("Cache-Control", "no-store");
    call.http.set_header("X-Accel-Buffering", "no");
    EventSender sender(call, api);
    call.http.send_stream("text/event-stream", [&](const Exchange::Write& write) { sender.run(write); });
  });
}

}  // namespace muniment::webui::api
