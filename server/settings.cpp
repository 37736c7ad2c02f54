#include "server/settings.h"

#include <algorithm>

#include <unistd.h>

#include "core/error.h"
#include "core/text.h"
#include "ingest/allowed_types.h"
#include "ingest/tessdata.h"

namespace muniment::server {

namespace fs = std::filesystem;
using core::ConfigKey;
using core::Error;
using core::ErrorCode;

namespace {

// Where this program is; muniment-extract stands beside it.
fs::path program_directory() {
  return fs::read_symlink("/proc/self/exe").parent_path();
}

// The built page: beside an installed program, or where the build put it.
fs::path default_page_directory() {
  const fs::path program = program_directory();
  for (const fs::path& candidate : {program / "../share/muniment/page", program / "page"}) {
    if (fs::is_directory(candidate)) return fs::canonical(candidate);
  }
  return MUNIMENT_PAGE_DIRECTORY;
}

core::LogLevel level_named(const std::string& name) {
  if (name == "debug") return core::LogLevel::debug;
  if (name == "warning") return core::LogLevel::warning;
  if (name == "error") return core::LogLevel::error;
  return core::LogLevel::info;
}

std::chrono::milliseconds seconds(const core::Config& config, std::string_view name) {
  return std::chrono::seconds(config.integer(name));
}

}  // namespace

std::vector<ConfigKey> setting_keys() {
  using Type = ConfigKey::Type;
  return {
      {"listen", Type::text, "127.0.0.1:8420", "Address and port of the page and the API"},
      {"log.level", Type::text, "info", "What is logged", 0, INT64_MAX, {"debug", "info", "warning", "error"}},
      {"reading.languages", Type::list, "eng, swe", "Languages that documents are in, as Tesseract names them"},
      {"reading.tessdata", Type::text, "", "Folder of Tesseract's models; empty: Debian's"},
      {"reading.slots", Type::integer, "0", "Pages read at once; 0: as many as the machine has cores", 0, 256},
      {"reading.page_deadline", Type::duration_seconds, "120s", "The longest that one page may take", 1, 3600},
      {"reading.memory", Type::bytes, "1536 MiB", "Memory that one reader may use", 256 * 1024 * 1024},
      {"reading.libreoffice", Type::text, "/usr/lib/libreoffice",
       "Where LibreOffice is, which gives office files their pages; empty: they give their text only"},
      {"sandbox.minimum", Type::integer, "2",
       "The least protection (3: all ... 0: none) with which foreign files are read; below it they wait", 0, 3},
      {"intake.max_file_size", Type::bytes, "2 GiB", "The largest file that is taken in", 1},
      {"intake.allowed_types", Type::list, "",
       "Kinds of files that are taken in, as documents have them (application/pdf, image/*); empty: all"},
      {"intake.free_disk", Type::bytes, "2 GiB", "Free space below which nothing is taken in", 0},
      {"intake.free_disk_percent", Type::integer, "5", "The same as a part of the disk; the larger holds", 0, 90},
      {"intake.daily_quota", Type::bytes, "0", "How much one account may bring in a day; 0: as much as it likes", 0},
      {"barcodes.read", Type::boolean, "yes", "Whether barcodes on pages are read and followed"},
      {"barcodes.separators", Type::list, "PATCHT", "Barcodes of sheets that stand between two documents"},
      {"barcodes.keep_separators", Type::boolean, "no",
       "Whether such a sheet stays, as the first page of what follows; else it is left out"},
      {"barcodes.serial_prefix", Type::text, "ASN",
       "How the barcode with a document's serial number begins; it starts a document. Empty: there are none"},
      {"barcodes.tags", Type::list, "TAG:*",
       "Barcodes that give tags: PATTERN, where * is the value, or PATTERN=VALUE"},
      {"barcodes.tags_start_documents", Type::boolean, "no", "Whether a page with such a barcode starts a document"},
      {"barcodes.types", Type::list, "TYPE:*", "The same for the type of document"},
      {"barcodes.classes", Type::list, "CLASS:*", "The same for the class, by its code"},
      {"barcodes.fields", Type::list, "FIELD:*",
       "Barcodes that give custom fields: PATTERN, where * is KEY=VALUE, or PATTERN > KEY, where * is the value"},
      {"stacks.drop_blank_pages", Type::boolean, "no", "Whether blank pages of scans are left out"},
      {"members.depth", Type::integer, "4", "How many mails and archives within each other are taken apart", 1, 20},
      {"members.count", Type::integer, "10000", "Files that a mail or an archive may hold, with those within", 1,
       100000},
      {"members.size", Type::bytes, "4 GiB", "How large they may be together", 1},
      {"members.ratio", Type::integer, "100",
       "How many times larger than an archive what is in it may be, once that is over 64 MiB", 1, 1'000'000},
      {"members.of_mails",
       Type::text,
       "documents",
       "What is attached to mails that come in whole becomes documents of their own, or pages of the mail's document",
       0,
       INT64_MAX,
       {"documents", "pages"}},
      {"import.count", Type::integer, "100000", "Files that another archive may hold, sent as one file", 1, 100000},
      {"import.size", Type::bytes, "16 GiB", "How large that file may be, and what is in it together", 1, 16LL << 30},
      {"import.ratio", Type::integer, "100",
       "How many times larger than that file what is in it may be, once that is over 64 MiB", 1, 1'000'000},
      {"watch.folders", Type::list, "", "Folders whose files are taken in and then removed"},
      {"watch.roots", Type::list, "",
       "Folders in which people may set up folders to be watched; empty: DATA/incoming, and nowhere else"},
      {"watch.settle", Type::duration_seconds, "2s",
       "How long a file must not have changed, once nobody has it open for writing any more", 0, 3600},
      {"watch.settle_unseen", Type::duration_seconds, "5min",
       "The same where nobody can see who has it open: on network shares, and files of other accounts that were there "
       "before",
       0, 86'400},
      {"watch.double_sided_wait", Type::duration_seconds, "30min",
       "How long one side of a stack in the folder double-sided waits for the other, before it is taken in alone", 1,
       86'400},
      {"scanners.configuration", Type::text, "",
       "SANE's folder (dll.conf, net.conf, airscan.conf); empty: the system's, /etc/sane.d"},
      {"scanners.silence", Type::duration_seconds, "90s", "How long a scanner may give no sign of life while it scans",
       5, 3600},
      {"mail.ca_file", Type::text, "",
       "File with the certificates that mail servers' own are checked with (PEM); empty: the system's"},
      {"mail.listen", Type::text, "",
       "Address and port where devices may send mail (SMTP), as 0.0.0.0:2525; empty: nowhere"},
      {"mail.listen_certificate", Type::text, "",
       "File with the certificate (PEM) by which such mail is protected (STARTTLS); empty: it comes in clear"},
      {"mail.listen_key", Type::text, "", "File with the key to it (PEM)"},
      {"mail.networks", Type::list, "127.0.0.0/8, ::1, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7, fe80::/10",
       "Networks from which they may"},
      {"mail.senders", Type::list, "", "Addresses that may send (copier@example.org, *@example.org); empty: any"},
      {"mail.recipients", Type::list, "", "Addresses that mail is taken in for; empty: any"},
      {"mail.max_size", Type::bytes, "64 MiB", "The largest mail that a device may send", scanners::kLeastMailBytes},
      {"mail.connections", Type::integer, "10", "Devices that may send at once", 1, scanners::kMostMailConnections},
      {"mail.takes",
       Type::text,
       "attachments",
       "What is taken of such a mail: what is attached to it, the mail with its attachments, or both as one document",
       0,
       INT64_MAX,
       {"attachments", "mail", "joined"}},
      {"mail.send_server", Type::text, "",
       "Mail server that takes what the service sends, as smtp.example.org:587; empty: none"},
      {"mail.send_security",
       Type::text,
       "starttls",
       "How the connection to it is protected",
       0,
       INT64_MAX,
       {"tls", "starttls", "none"}},
      {"mail.send_login", Type::text, "", "Account there; empty: without signing in"},
      {"mail.send_password_file", Type::text, "", "File with its password in the first line"},
      {"mail.send_from", Type::text, "", "Address that such mail comes from"},
      {"workflows.allowed_hosts", Type::list, "",
       "Machines that web hooks may call although they are not on the public Internet"},
      {"dav.drop_folders", Type::list, "inbox",
       "Names of the folders below /dav/drop that devices put files into; they only go in"},
      {"renditions.page_images", Type::bytes, "2 GiB", "Space for page images; those unused for longest go first", 0},
      {"sessions.idle", Type::duration_seconds, "30min", "Sign-out after so long without a request", 60},
      {"sessions.absolute", Type::duration_seconds, "12h", "Sign-out after so long in any case", 60},
      {"sign_in.second_factor", Type::list, "",
       "Roles whose people must sign in with a second factor (admin, records-manager, staff, reader)"},
      {"notifications.kept", Type::duration_seconds, "2160h", "How long people's notifications are kept", 3600},
      {"sharing.longest_days", Type::integer, "90",
       "How long a link for people without an account may be good; 0: there are no such links", 0, 3650},
      {"disposition.restore_window", Type::integer, "30", "Days in which what was disposed of can be restored", 0,
       3650},
      {"disposition.approvals", Type::integer, "1", "How many others must approve a disposition", 1, 2},
      {"holds.reminder_days", Type::integer, "7",
       "Days after which custodians who have not acknowledged a hold are reminded, again and again; 0: never", 0, 365},
      {"disposition.keep_titles", Type::boolean, "yes",
       "Whether a tombstone keeps a title that a person gave; guessed titles never stay"},
      {"disposition.certificate_class", Type::text, "",
       "Code of the class in which certificates are filed; empty: the one of a ready-made plan, otherwise the inbox"},
      {"printing.language",
       Type::text,
       "en",
       "Language of what is printed without anybody asking",
       0,
       INT64_MAX,
       {"en", "sv"}},
      {"transfer.directory", Type::text, "",
       "Where packages for other archives wait to be fetched; empty: DATA/transfers"},
      {"transfer.organisation", Type::text, "", "Whose records these are, in packages and receipts"},
      {"trash.kept", Type::duration_seconds, "720h", "How long something stays in the trash", 0},
      {"blobs.unreferenced_kept", Type::duration_seconds, "168h",
       "How long a file that is in no document, left by an intake that came to no end, is kept once it was found", 0},
      {"privacy.subject_kept", Type::duration_seconds, "8760h",
       "How long the name of whoever asked for erasure is kept after that was decided", 0},
      {"demonstration", Type::boolean, "no", "Whether another day can be made today; for demonstrations only"},
      {"search.audited", Type::boolean, "no", "Whether searches are in the audit log"},
      {"audit.checkpoint_interval", Type::duration_seconds, "1h",
       "How often a signed checkpoint of the audit log is written, when there is something new", 1, 7 * 24 * 3600},
      {"audit.checkpoint_directory", Type::text, "",
       "Where checkpoints are written too, for another machine to fetch; empty: DATA/checkpoints"},
      {"verify.interval", Type::duration_seconds, "720h",
       "How long after the last verification of all that is kept the next one begins by itself; 0: never", 0,
       10 * 366 * 24 * 3600},
      {"page.addresses",
       Type::list,
       "",
       "Addresses that people reach the page at, as https://archive.example.org; the first stands in what is sent, and "
       "under other names nothing is answered. Empty: http:// and `listen` stands there, and any name is answered",
       0,
       INT64_MAX,
       {},
       "workflows.address"},
      {"page.directory", Type::text, "", "Where the built page is; empty: beside the program"},
  };
}

namespace {

template <typename Pattern = ingest::BarcodePattern>
std::vector<Pattern> patterns(const core::Config& config, const char* key) {
  std::vector<Pattern> all;
  for (const std::string& text : config.list(key)) {
    try {
      all.push_back(Pattern::parse(text));
    } catch (const Error& error) {
      throw Error(error.code(), std::string(key) + ": " + error.message());
    }
  }
  return all;
}

ingest::BarcodeRules barcode_rules(const core::Config& config) {
  ingest::BarcodeRules rules;
  rules.read = config.boolean("barcodes.read");
  rules.separators = config.list("barcodes.separators");
  rules.keep_separators = config.boolean("barcodes.keep_separators");
  rules.serial_prefix = config.text("barcodes.serial_prefix");
  rules.tags = patterns(config, "barcodes.tags");
  rules.tags_start_documents = config.boolean("barcodes.tags_start_documents");
  rules.types = patterns(config, "barcodes.types");
  rules.classes = patterns(config, "barcodes.classes");
  rules.fields = patterns<ingest::FieldPattern>(config, "barcodes.fields");
  rules.drop_blank_pages = config.boolean("stacks.drop_blank_pages");
  return rules;
}

core::Config::Environment environment() {
  core::Config::Environment all;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view pair(*variable);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos) all.emplace(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return all;
}

ingest::TypePatterns allowed_types(const core::Config& config) {
  ingest::TypePatterns patterns = config.list("intake.allowed_types");
  try {
    ingest::require_known_types(patterns);
  } catch (const Error& error) {
    throw Error(error.code(), "intake.allowed_types: " + error.message());
  }
  return patterns;
}

std::vector<std::string> public_addresses(const core::Config& config) {
  std::vector<std::string> addresses = config.list("page.addresses");
  try {
    webui::PublicAddresses{addresses};
  } catch (const Error& error) {
    throw Error(error.code(), "page.addresses: " + error.message());
  }
  return addresses;
}

std::vector<storage::Role> second_factor_roles(const core::Config& config) {
  std::vector<storage::Role> roles;
  for (const std::string& name : config.list("sign_in.second_factor")) {
    const auto role = storage::parse_role(name);
    if (!role) {
      throw Error(ErrorCode::invalid_argument, "sign_in.second_factor: \"" + name +
                                                   "\" is no role; there are reader, staff, records-manager and admin");
    }
    roles.push_back(*role);
  }
  return roles;
}

std::vector<fs::path> paths(const core::Config& config, const char* key) {
  std::vector<fs::path> all;
  for (const std::string& path : config.list(key)) all.emplace_back(path);
  return all;
}

scanners::WatchFoldersOptions watch_options(const core::Config& config, const fs::path& data) {
  scanners::WatchFoldersOptions options;
  options.configured = paths(config, "watch.folders");
  options.each.settle = seconds(config, "watch.settle");
  options.each.settle_unseen = seconds(config, "watch.settle_unseen");
  options.each.double_sided_wait = seconds(config, "watch.double_sided_wait");
  options.places.incoming = data / "incoming";
  options.places.roots = paths(config, "watch.roots");
  for (const fs::path& root : options.places.roots) {
    if (root.is_absolute()) continue;
    throw Error(ErrorCode::invalid_argument, "watch.roots: " + root.string() + " is no path that begins with /");
  }
  options.places.kept.push_back(data);
  for (const char* key : {"audit.checkpoint_directory", "transfer.directory"}) {
    if (const std::string& path = config.text(key); !path.empty()) options.places.kept.emplace_back(path);
  }
  return options;
}

scanners::MailListenerTerms mail_listener_terms(const core::Config& config) {
  scanners::MailListenerTerms terms;
  if (const std::string listen = config.text("mail.listen"); !listen.empty()) {
    const webui::HttpOptions at = parse_listen(listen);
    terms.enabled = true;
    terms.address = at.address;
    terms.port = at.port;
  }
  for (const std::string& network : config.list("mail.networks")) {
    terms.networks.push_back(scanners::Network::parse(network));
  }
  terms.senders = config.list("mail.senders");
  terms.recipients = config.list("mail.recipients");
  terms.max_bytes = static_cast<std::uint64_t>(config.integer("mail.max_size"));
  terms.connections = static_cast<std::size_t>(config.integer("mail.connections"));
  terms.takes = storage::parse_take(config.text("mail.takes")).value();
  try {
    scanners::require_sound(terms);
  } catch (const Error& error) {
    throw Error(error.code(), "mail.listen and what belongs to it: " + error.message());
  }
  return terms;
}

scanners::SmtpListenerOptions smtp_options(const core::Config& config) {
  scanners::SmtpListenerOptions options;
  options.terms = mail_listener_terms(config);
  options.certificate = config.text("mail.listen_certificate");
  options.key = config.text("mail.listen_key");
  return options;
}

MailSenderOptions send_mail_options(const core::Config& config) {
  MailSenderOptions options;
  options.security = storage::parse_security(config.text("mail.send_security")).value();
  options.login = config.text("mail.send_login");
  options.password_file = config.text("mail.send_password_file");
  options.from = config.text("mail.send_from");
  options.ca_file = config.text("mail.ca_file");
  const std::string& server = config.text("mail.send_server");
  if (server.empty()) return options;
  const auto colon = server.rfind(':');
  const auto port = colon == std::string::npos ? std::nullopt : core::parse_integer(server.substr(colon + 1));
  if (!port || *port < 1 || *port > 65535 || colon == 0 || server.find_first_of("/@ ") != std::string::npos) {
    throw Error(ErrorCode::invalid_argument,
                "mail.send_server: \"" + server + "\" is no mail server; use one like smtp.example.org:587");
  }
  if (const auto at = options.from.find('@'); at == std::string::npos || at == 0 || at + 1 == options.from.size()) {
    throw Error(ErrorCode::invalid_argument, "mail.send_from must be an address like archive@example.org");
  }
  options.host = server.substr(0, colon);
  options.port = static_cast<int>(*port);
  return options;
}

}  // namespace

Settings load_settings(const fs::path& data, const fs::path& file) {
  const fs::path wanted = file.empty() ? data / "muniment.conf" : file;
  const core::Config config = core::Config::load(wanted, !file.empty(), setting_keys(), environment());
  Settings settings;
  settings.listen = config.text("listen");
  parse_listen(settings.listen);
  settings.log_level = level_named(config.text("log.level"));
  settings.languages = config.list("reading.languages");
  settings.intake.max_file_bytes = static_cast<std::uint64_t>(config.integer("intake.max_file_size"));
  settings.intake.allowed_types = allowed_types(config);
  settings.intake.free_floor_bytes = static_cast<std::uint64_t>(config.integer("intake.free_disk"));
  settings.intake.free_floor_percent = static_cast<unsigned>(config.integer("intake.free_disk_percent"));
  settings.intake.daily_quota_bytes = static_cast<std::uint64_t>(config.integer("intake.daily_quota"));
  settings.pipeline.members.depth = static_cast<std::uint32_t>(config.integer("members.depth"));
  settings.pipeline.members.count = static_cast<std::uint32_t>(config.integer("members.count"));
  settings.pipeline.members.bytes = static_cast<std::uint64_t>(config.integer("members.size"));
  settings.pipeline.members.ratio = static_cast<std::uint32_t>(config.integer("members.ratio"));
  settings.imports.limits.count = static_cast<std::uint32_t>(config.integer("import.count"));
  settings.imports.limits.bytes = static_cast<std::uint64_t>(config.integer("import.size"));
  settings.imports.limits.ratio = static_cast<std::uint32_t>(config.integer("import.ratio"));
  settings.imports.languages = settings.languages;
  settings.pipeline.join_mails = config.text("members.of_mails") == "pages";
  settings.renditions.members = settings.pipeline.members;
  settings.pipeline.intake = settings.intake;
  settings.extractor.program = program_directory() / "muniment-extract";
  settings.extractor.office_program = program_directory() / "muniment-office";
  settings.extractor.libreoffice = config.text("reading.libreoffice");
  settings.extractor.tessdata = config.text("reading.tessdata");
  settings.extractor.languages = settings.languages;
  settings.extractor.minimum_level = static_cast<ingest::SandboxLevel>(config.integer("sandbox.minimum"));
  settings.extractor.memory_bytes = static_cast<std::uint64_t>(config.integer("reading.memory"));
  settings.extractor.page_deadline = seconds(config, "reading.page_deadline");
  settings.pipeline.slots = static_cast<int>(config.integer("reading.slots"));
  settings.pipeline.barcodes = barcode_rules(config);
  settings.renditions.page_image_bytes = static_cast<std::uint64_t>(config.integer("renditions.page_images"));
  settings.watch_folders = watch_options(config, data);
  settings.scanners.program = program_directory() / "muniment-scan";
  settings.scanners.configuration = config.text("scanners.configuration");
  settings.scanners.silence = seconds(config, "scanners.silence");
  settings.mail.ca_file = config.text("mail.ca_file");
  settings.mail.members = settings.pipeline.members;
  settings.smtp = smtp_options(config);
  settings.smtp.members = settings.pipeline.members;
  settings.send_mail = send_mail_options(config);
  settings.addresses = public_addresses(config);
  settings.workflows.address = settings.addresses.empty() ? "http://" + settings.listen : settings.addresses.front();
  settings.workflows.hooks.allowed_hosts = config.list("workflows.allowed_hosts");
  settings.drop_folders = config.list("dav.drop_folders");
  settings.sessions.idle = std::chrono::duration_cast<std::chrono::minutes>(seconds(config, "sessions.idle"));
  settings.sessions.absolute = std::chrono::duration_cast<std::chrono::minutes>(seconds(config, "sessions.absolute"));
  settings.second_factor_roles = second_factor_roles(config);
  settings.longest_share = std::chrono::days(config.integer("sharing.longest_days"));
  settings.audit_searches = config.boolean("search.audited");
  settings.checkpoint_interval = seconds(config, "audit.checkpoint_interval");
  settings.checkpoint_directory = config.text("audit.checkpoint_directory");
  settings.verify_interval = seconds(config, "verify.interval");
  settings.disposal.restore_window_days = static_cast<int>(config.integer("disposition.restore_window"));
  settings.disposal.keep_titles = config.boolean("disposition.keep_titles");
  settings.disposal.journal = data / "tombstones.jsonl";
  settings.certificates.class_code = config.text("disposition.certificate_class");
  settings.certificates.language =
      config.text("printing.language") == "sv" ? records::Language::swedish : records::Language::english;
  const fs::path packages = config.text("transfer.directory");
  settings.disposal.transfer = {packages.empty() ? data / "transfers" : packages, config.text("transfer.organisation"),
                                MUNIMENT_VERSION};
  settings.disposition_approvals = static_cast<int>(config.integer("disposition.approvals"));
  settings.hold_reminder_days = config.integer("holds.reminder_days");
  settings.notifications_kept = std::chrono::duration_cast<std::chrono::hours>(seconds(config, "notifications.kept"));
  settings.trash_kept = std::chrono::duration_cast<std::chrono::hours>(seconds(config, "trash.kept"));
  settings.unreferenced_kept = seconds(config, "blobs.unreferenced_kept");
  settings.subject_kept = std::chrono::duration_cast<std::chrono::hours>(seconds(config, "privacy.subject_kept"));
  settings.demonstration = config.boolean("demonstration");
  settings.page_directory =
      config.text("page.directory").empty() ? default_page_directory() : fs::path(config.text("page.directory"));
  return settings;
}

void require_models(const Settings& settings) {
  const fs::path folder =
      settings.extractor.tessdata.empty() ? fs::path(ingest::kUsualTessdata) : settings.extractor.tessdata;
  std::vector<std::string> there;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".traineddata" && entry.path().stem() != "osd") {
      there.push_back(entry.path().stem().string());
    }
  }
  std::sort(there.begin(), there.end());
  const std::string names = core::joined(there, ", ");
  for (const std::string& language : settings.languages) {
    if (std::binary_search(there.begin(), there.end(), language)) continue;
    throw Error(ErrorCode::invalid_argument, "reading.languages: there is no model " + language + ".traineddata in " +
                                                 folder.string() +
                                                 (names.empty() ? ", nor any other" : "; there are " + names) +
                                                 "; on Debian, install tesseract-ocr-" + language);
  }
}

webui::HttpOptions parse_listen(const std::string& listen) {
  const auto colon = listen.rfind(':');
  const auto port = colon == std::string::npos ? std::nullopt : core::parse_integer(listen.substr(colon + 1));
  if (!port || *port < 0 || *port > 65535 || colon == 0) {
    throw Error(ErrorCode::invalid_argument,
                "\"" + listen + "\" is not an address to listen on; use one like 127.0.0.1:8420");
  }
  webui::HttpOptions options;
  options.address = listen.substr(0, colon);
  if (options.address.front() == '[' && options.address.back() == ']') {
    options.address = options.address.substr(1, options.address.size() - 2);
  }
  options.port = static_cast<std::uint16_t>(*port);
  return options;
}

}  // namespace muniment::server
