// Where devices may send mail, which, and what becomes of it: what holds, and how it goes.
#include <tuple>

#include "core/error.h"
#include "core/text.h"
#include "scanners/mail_listening.h"
#include "webui/api/api.h"

namespace muniment::webui::api {

using core::Error;
using core::ErrorCode;
using scanners::MailListenerTerms;
using scanners::MailListening;
using scanners::Network;
using storage::Permission;

namespace {

std::vector<std::string> texts_of(const std::vector<Network>& networks) {
  std::vector<std::string> texts;
  for (const Network& network : networks) texts.push_back(network.text());
  return texts;
}

Json mail_listener_json(storage::Session& session, const storage::Principal& who, const MailListening& listening,
                        const scanners::MailListenerSetting& setting) {
  const MailListenerTerms& terms = setting.terms;
  const auto state = listening.state();
  const auto trouble = state ? state->trouble : std::nullopt;
  Json json{{"version", setting.version},
            {"configured", !setting.is_set},
            {"enabled", terms.enabled},
            {"address", terms.address},
            {"port", terms.port},
            {"networks", texts_of(terms.networks)},
            {"senders", terms.senders},
            {"recipients", terms.recipients},
            {"max_bytes", terms.max_bytes},
            {"connections", terms.connections},
            {"takes", storage::take_name(terms.takes)},
            {"encrypted", listening.is_encrypted()},
            {"listening", state && state->listens ? Json(state->address) : Json()},
            {"problem", trouble ? Json(trouble->problem) : Json()},
            {"problem_since", time_json(trouble ? std::optional(trouble->at) : std::nullopt)},
            {"refused", state ? state->refused : 0}};
  json.update(preset_filing_json(session, who, terms.filing));
  return json;
}

void send_mail_listener(Call& call, Api& api) {
  const MailListening& listening = api.services.mail_listening;
  auto session = api.services.database.read();
  const auto setting = listening.setting(session);
  send_as_of_now(call.http, 200, setting.version, mail_listener_json(session, call.who, listening, setting));
}

void take_list(Fields& body, const char* name, std::vector<std::string>& list) {
  if (!body.has(name)) return;
  list.clear();
  for (const std::string& text : body.texts(name)) list.emplace_back(core::trim(text));
}

void take_networks(Fields& body, std::vector<Network>& networks) {
  std::vector<std::string> texts = texts_of(networks);
  take_list(body, "networks", texts);
  networks.clear();
  for (const std::string& text : texts) {
    try {
      networks.push_back(Network::parse(text));
    } catch (const Error& error) {
      throw Error(error.code(), error.message(), {{"/networks", "must each be like 192.168.0.0/16 or fe80::/10"}});
    }
  }
}

// A whole number of the body that the terms can hold; what is sensible among these is not decided here.
template <typename Number>
void take_number(Fields& body, const char* name, std::int64_t most, Number& number) {
  const auto value = body.maybe_number(name);
  if (!value) return;
  if (*value < 0 || *value > most) {
    const std::string right = "must be 0 to " + std::to_string(most);
    throw Error(ErrorCode::invalid_argument, std::string(name) + " " + right, {{"/" + std::string(name), right}});
  }
  number = static_cast<Number>(*value);
}

// The terms of the body; what it does not name stays as in `terms`.
MailListenerTerms mail_listener_terms(Fields& body, MailListenerTerms terms) {
  terms.enabled = body.maybe_truth("enabled").value_or(terms.enabled);
  if (const auto address = body.maybe_text("address")) terms.address = core::trim(*address);
  take_number(body, "port", UINT16_MAX, terms.port);
  take_networks(body, terms.networks);
  take_list(body, "senders", terms.senders);
  take_list(body, "recipients", terms.recipients);
  take_number(body, "max_bytes", INT64_MAX, terms.max_bytes);
  take_number(body, "connections", scanners::kMostMailConnections, terms.connections);
  if (const auto takes = body.maybe_text("takes")) {
    terms.takes = one_of(*takes, storage::parse_take, "/takes", "must be attachments, mail or joined");
  }
  take_preset_filing(body, terms.filing);
  body.finish();
  return terms;
}

// Whether other mails come to where they are filed than did before.
bool reaches_further(const MailListenerTerms& terms, const MailListenerTerms& before) {
  const auto origin = [](const MailListenerTerms& each) {
    return std::tuple(each.address, each.port, texts_of(each.networks), each.senders, each.recipients,
                      each.filing.class_id, each.filing.folder_id);
  };
  return terms.filing.has_place() && (origin(terms) != origin(before) || (terms.enabled && !before.enabled));
}

void change_mail_listener(Call& call, Api& api) {
  const std::int64_t version = call.expected_version();
  MailListening& listening = api.services.mail_listening;
  Fields body = Fields::of(call.http);
  const MailListenerTerms terms = [&] {
    auto session = api.services.database.read();
    const MailListenerTerms before = listening.setting(session).terms;  // of `version`, or it is stale
    MailListenerTerms wanted = mail_listener_terms(body, before);
    // In their own reach only: nobody has mails filed where they may not file themselves.
    if (reaches_further(wanted, before)) {
      storage::require_may_file_in(session, call.who, wanted.filing.folder_id, wanted.filing.class_id);
    }
    return wanted;
  }();
  listening.set(call.who, version, terms);
  send_mail_listener(call, api);
}

void reset_mail_listener(Call& call, Api& api) {
  api.services.mail_listening.forget(call.who, call.expected_version());
  call.http.send_empty(204);
}

}  // namespace

void add_mail_listener(Router& router, Api& api) {
  const std::string path = "/api/v1/admin/mail-listener";
  const auto add = [&](const char* method, void (*handler)(Call&, Api&)) {
    router.add(method, path, Permission::operate, [&api, handler](Call& call) { handler(call, api); });
  };
  add("GET", send_mail_listener);
  add("PATCH", change_mail_listener);
  add("DELETE", reset_mail_listener);
}

}  // namespace muniment::webui::api
