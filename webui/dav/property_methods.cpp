// PROPFIND and PROPPATCH.
#include "webui/dav/properties.h"
#include "webui/dav/request.h"

namespace muniment::webui::dav {

using storage::FileProperty;

namespace {

void add_answer(const Request& request, storage::Session& session, const PropertyRequest& wishes,
                const Resource& resource, MultiStatus& answer) {
  std::vector<FileProperty> dead;
  if (const auto thing = resource.thing()) dead = storage::properties_of(session, *thing);
  const std::string discovery = lock_discovery(request, locks_on(request, session, resource));
  answer.add_properties(resource.href(), wishes.answer(resource, dead, discovery));
}

struct PropertyChange {
  bool removes = false;
  FileProperty property;
};

// Empty when the body is no propertyupdate. Those of one set element may inherit a language.
std::optional<std::vector<PropertyChange>> read_changes(Exchange& http) {
  const auto xml = parse_xml(http.read_all(kMostXmlBytes));
  if (!xml || !xml->is("propertyupdate")) return std::nullopt;
  std::vector<PropertyChange> changes;
  for (const Xml& step : xml->content) {
    const bool removes = step.is("remove");
    const Xml* const list = removes || step.is("set") ? step.child("prop") : nullptr;
    if (list == nullptr) continue;
    for (const Xml& property : list->content) {
      if (property.name.empty()) continue;
      Xml own = property;
      for (const Attribute& attribute : list->attributes) {
        if (attribute.name == "lang" && own.attributes.empty()) own.attributes.push_back(attribute);
      }
      changes.push_back({removes, {property.space, property.name, removes ? "" : to_xml(own)}});
    }
  }
  return changes;
}

constexpr std::size_t kLongestProperty = 16 * 1024;
constexpr std::size_t kMostListed = 20'000;

// All or nothing: when one change is not possible, the others are not made either.
struct ChangeAnswer {
  std::string propstats;
  bool possible = false;
};
ChangeAnswer judge(const std::vector<PropertyChange>& changes) {
  std::string good, refused, too_long;
  for (const PropertyChange& change : changes) {
    Xml named;
    named.space = change.property.space;
    named.name = change.property.name;
    const std::string element = to_xml(named);
    if (is_live_property(change.property.space, change.property.name)) {
      refused += element;
    } else if (change.property.element.size() > kLongestProperty) {
      too_long += element;
    } else {
      good += element;
    }
  }
  ChangeAnswer answer{"", refused.empty() && too_long.empty()};
  if (!refused.empty()) answer.propstats += propstat(refused, 403);
  if (!too_long.empty()) answer.propstats += propstat(too_long, 507);
  if (!good.empty() || answer.possible) answer.propstats += propstat(good, answer.possible ? 200 : 424);
  return answer;
}

Refused list_members(Request& request, const PropertyRequest& wishes, Depth depth, MultiStatus& answer) {
  auto session = request.services.database.read();
  Tree tree(session, request.who);
  const Resource resource = tree.find(request.path);
  if (!resource.exists()) return Refusal{404, "", "there is no such file or folder", ""};
  add_answer(request, session, wishes, resource, answer);
  if (depth == Depth::zero) return std::nullopt;
  std::size_t count = 0;
  for (const Resource& child : tree.children(resource)) {
    if (++count > kMostListed) {
      // As RFC 6578, section 3.6, says that a list is not whole.
      const Refusal rest{507, "number-of-matches-within-limits", "there is more in here than can be listed", ""};
      answer.add(resource.href(), rest.status, &rest);
      break;
    }
    add_answer(request, session, wishes, child, answer);
  }
  return std::nullopt;
}

Refused carry_out(Request& request, const std::vector<PropertyChange>& changes, MultiStatus& answer) {
  auto tx = request.services.database.begin(request.who.actor());
  const Resource resource = Tree(tx, request.who).find(request.path);
  if (!resource.exists()) return Refusal{404, "", "there is no such file or folder", ""};
  const auto thing = resource.thing();
  if (!thing) return Refusal{403, "", "this folder has no properties of clients' own", ""};
  Refused refusal = refuse_conditions(request, tx);
  if (!refusal) refusal = refuse_changing(request, tx, resource);
  if (!refusal) refusal = refuse_locked(request, tx, resource);
  if (refusal) return refusal;
  const ChangeAnswer judged = judge(changes);
  answer.add_properties(resource.href(), judged.propstats);
  if (!judged.possible) return std::nullopt;
  for (const PropertyChange& change : changes) {
    if (change.removes) {
      storage::remove_property(tx, *thing, change.property.space, change.property.name);
    } else {
      storage::set_property(tx, *thing, change.property);
    }
  }
  tx.commit();
  return std::nullopt;
}

}  // namespace

void find_properties(Request& request) {
  const auto depth = request.depth(Depth::infinity);
  const auto wishes = PropertyRequest::read(request.http);
  if (!depth || !wishes) return send_refusal(request.http, {400, "", "this request cannot be read", ""});
  if (*depth == Depth::infinity) {
    return send_refusal(request.http, {403, "propfind-finite-depth", "ask with Depth 0 or 1", ""});
  }
  MultiStatus answer;
  if (const auto refusal = list_members(request, *wishes, *depth, answer)) return send_refusal(request.http, *refusal);
  answer.send(request.http);
}

void change_properties(Request& request) {
  const auto changes = read_changes(request.http);
  if (!changes) return send_refusal(request.http, {400, "", "the body is no propertyupdate element", ""});
  MultiStatus answer;
  if (const auto refusal = carry_out(request, *changes, answer)) return send_refusal(request.http, *refusal);
  answer.send(request.http);
}

}  // namespace muniment::webui::dav
