// The operations of the HTTP API as the command line offers them: read from the API's own description, so that whatever
// the API can do, the command line can do too.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace muniment::server {

struct ApiField {
  enum class Place { path, query, body, file };
  std::string name;
  Place place = Place::body;
  bool required = false;
  std::set<std::string> types;      // of JSON: "string", "integer", "boolean", "array", "object", "null"
  std::string item_type;            // of an array's items
  std::vector<std::string> values;  // the only ones there are; empty: any
  std::string description;
};

// "one of destroy, transfer", "a whole number or nothing".
std::string what_it_takes(const ApiField& field);

struct ApiOperation {
  std::string id;       // "place_hold"
  std::string subject;  // "holds"
  std::string method;
  std::string path;  // "/api/v1/holds/{id}"
  std::string summary;
  std::vector<ApiField> fields;
  bool needs_version = false;    // it changes the version that was read (If-Match)
  bool answers_version = false;  // its answer names a version (ETag)
  bool has_body = false;
  bool is_form = false;  // its body is multipart/form-data
};

// In order of their paths, without those that take and answer other things than fields and files: resumable uploads
// and the event stream.
const std::vector<ApiOperation>& api_operations();
// Null when there is none of that name.
const ApiOperation* find_api_operation(std::string_view id);
// The path below which the version that `operation` changes is read: the nearest that answers one.
std::string versioned_path(const ApiOperation& operation);

struct ApiRequest {
  std::string method;
  std::string path;  // with its query
  std::string body;
  std::string content_type;  // empty: no body
};
// From words like "title=A lawsuit", "documents=3,4" and "reason=@FILE" (the contents of a text file). UsageError names
// the field that is not known, is missing or is not what it should be.
ApiRequest api_request(const ApiOperation& operation, const std::vector<std::string>& words);
// `path` with the words of the same name in its {places}.
std::string filled_path(std::string_view path, const std::vector<std::string>& words);

}  // namespace muniment::server
