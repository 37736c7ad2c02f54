// muniment [--data DIR] [--config FILE] COMMAND [OPTIONS] [ARGUMENTS]
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "core/error.h"
#include "core/text.h"
#include "server/commands/command.h"
#include "server/settings.h"

namespace muniment::server {

int run_config(const Arguments&) {
  std::cout << core::Config::reference(setting_keys());
  return kDone;
}

namespace {

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {
      {"serve", "[--listen ADDRESS:PORT]", "the service: API, page, reading, search", {}, {"--listen"}, run_serve},
      {"ingest",
       "[--wait] [--json] [--language L] [--class ID] [--type ID] [--correspondent ID] [--tag ID]... [--folder ID] "
       "PATH...",
       "take in files and folders",
       {"--wait", "--json"},
       {"--language", "--class", "--type", "--correspondent", "--tag", "--folder"},
       run_ingest,
       kAnyNumber},
      {"import",
       "[--preview] [--json] (--list FILE.csv | --paperless DIRECTORY | --file ARCHIVE)",
       "take in what another archive has exported, with what it knew",
       {"--preview", "--json"},
       {"--list", "--paperless", "--file"},
       run_import},
      {"search",
       "[--json] [--limit N] [--as USER] QUERY",
       "find documents",
       {"--json"},
       {"--limit", "--as"},
       run_search,
       kAnyNumber},
      {"show",
       "ID [--json | --text | --page-layer]",
       "what is known of a document",
       {"--json", "--text", "--page-layer"},
       {},
       run_show,
       1},
      {"get",
       "ID [--original | --archive] -o FILE",
       "a document's file",
       {"--original", "--archive"},
       {"-o"},
       run_get,
       1},
      {"status", "[--json]", "counts, queue, quarantine, index, disk", {"--json"}, {}, run_status},
      {"sources retry", "KIND NAME", "try again what failed there", {}, {}, run_sources_retry, 2},
      {"sources", "[--json]", "what flows in by itself, and how that goes", {"--json"}, {}, run_sources},
      {"user add",
       "NAME --role ROLE [--display-name NAME] [--password-stdin]",
       "make an account",
       {"--password-stdin", "--json"},
       {"--role", "--display-name"},
       run_user_add,
       1},
      {"user clearance",
       "NAME [LEVEL]",
       "show or set up to which level somebody may see what access lists let them",
       {"--json"},
       {},
       run_user_clearance,
       2},
      {"user mail-address",
       "NAME [ADDRESS]",
       "show or set where mail for somebody goes; \"\" takes it away",
       {"--json"},
       {},
       run_user_mail_address,
       2},
      {"user reset-second-factor",
       "NAME",
       "let somebody sign in with the password alone who has lost the second factor",
       {},
       {},
       run_user_reset_second_factor,
       1},
      {"role list", "[--json]", "the roles, and what each allows", {"--json"}, {}, run_role_list},
      {"role add",
       "NAME [--description TEXT] --permission NAME...",
       "compose a role of permissions",
       {"--json"},
       {"--description", "--permission"},
       run_role_add,
       1},
      {"role change",
       "NAME [--name NEW] [--description TEXT] [--permission NAME]...",
       "what a composed role is called and allows; the permissions replace what it had",
       {"--json"},
       {"--name", "--description", "--permission"},
       run_role_change,
       1},
      {"role delete", "NAME", "delete a composed role that no account has", {"--json"}, {}, run_role_delete, 1},
      {"token create",
       "USER [--name NAME] [--scope read|add|change|records|audit|administer]... [--until DATE]",
       "make a token for a program; without a scope it is good for all that the account may do",
       {"--json"},
       {"--name", "--scope", "--until"},
       run_token_create,
       1},
      {"verify",
       "[--json]",
       "check every original, the database, the index and the audit log",
       {"--json"},
       {},
       run_verify},
      {"sweep",
       "[--json]",
       "remove files that have been in no document for longer than blobs.unreferenced_kept",
       {"--json"},
       {},
       run_sweep},
      {"reindex", "", "make the search index anew", {"--json"}, {}, run_reindex},
      {"backup", "DIRECTORY", "copy everything that must survive", {"--json"}, {}, run_backup, 1},
      {"restore",
       "[--tombstones FILE] DIRECTORY",
       "bring a backup back into an empty data directory",
       {},
       {"--tombstones"},
       run_restore,
       1},
      {"audit export",
       "[-o FILE]",
       "the audit log with its proof, one JSON object a line",
       {},
       {"-o"},
       run_audit_export},
      {"audit checkpoint",
       "[-o FILE]",
       "sign the audit log as it is now; keep it elsewhere",
       {},
       {"-o"},
       run_audit_checkpoint},
      {"audit verify",
       "[--log FILE] [--checkpoint FILE]... [--public-key FILE] [--accept-restores] [--json]",
       "check the audit log, or an export of it without the archive",
       {"--accept-restores", "--json"},
       {"--log", "--checkpoint", "--public-key"},
       run_audit_verify,
       kAnyNumber},
      {"retention due",
       "[--on DATE] [--overdue] [--json]",
       "what may be disposed of, reviewed or decided on a day, or only what had to be gone before",
       {"--json", "--overdue"},
       {"--on"},
       run_retention_due},
      {"retention explain",
       "ID [--on DATE] [--json]",
       "why a document is kept, until when and by what rule",
       {"--json"},
       {"--on"},
       run_retention_explain,
       1},
      {"report classes",
       "[--on DATE] [-o FILE]",
       "how the records stand by class, as CSV",
       {},
       {"--on", "-o"},
       run_report_classes},
      {"report years",
       "[-o FILE]",
       "what becomes due and what was destroyed by year, as CSV",
       {},
       {"-o"},
       run_report_years},
      {"report growth",
       "[--months N] [-o FILE]",
       "what came in and was destroyed by month, as CSV",
       {},
       {"--months", "-o"},
       run_report_growth},
      {"inventory",
       "ID FILE [--json]",
       "codes that were scanned, one a line, for an inventory that is under way",
       {"--json"},
       {},
       run_inventory,
       2},
      {"transfer package",
       "BATCH -o FILE",
       "the package in which a batch was handed over",
       {},
       {"-o"},
       run_transfer_package,
       1},
      {"transfer receipt",
       "BATCH [FILE] [--sha256 HASH] [--from ARCHIVE] [--on DATE] [--note TEXT] [--document ID] [--json]",
       "record the receipt of a transfer: a file that an import made, or what the archive states",
       {"--json"},
       {"--sha256", "--from", "--on", "--note", "--document"},
       run_transfer_receipt,
       2},
      {"transfer cancel",
       "BATCH --reason TEXT",
       "keep what waits for a receipt after all",
       {},
       {"--reason"},
       run_transfer_cancel,
       1},
      {"transfer export",
       "[--document ID]... [--folder ID]... [--class ID]... [--title T] (-o FILE | --directory DIRECTORY)",
       "a package of chosen documents, as a copy",
       {},
       {"--document", "--folder", "--class", "--title", "-o", "--directory"},
       run_transfer_export},
      {"transfer import",
       "[-o FILE] [--json] PACKAGE",
       "take in a package of another archive, a zip file or a folder, and make its receipt",
       {"--json"},
       {"-o"},
       run_transfer_import,
       1},
      {"api",
       "[OPERATION [NAME=VALUE | NAME=@FILE]... [--as USER] [--version N] [-o FILE] [--help]]",
       "any operation of the API, in the name of the archive or of USER; without one: what there is",
       {"--help"},
       {"--as", "--version", "-o"},
       run_api,
       kAnyNumber},
      {"config", "", "every configuration key with its default", {}, {}, run_config},
  };
  return all;
}

void print_help() {
  std::cout << "muniment [--data DIR] [--config FILE] COMMAND\n\n";
  for (const Command& command : commands()) {
    std::cout << "  " << command.name << " " << command.usage << "\n      " << command.help << "\n";
  }
  std::cout << "\n  --data DIR     the archive's directory (./data)\n"
               "  --config FILE  the configuration (DIR/muniment.conf)\n"
               "\nExit codes: 0 done, 1 finding or failure, 2 wrong use.\n";
}

// Takes the words of a command's name off the front.
const Command& take_command(std::vector<std::string>& words) {
  for (const Command& command : commands()) {
    std::string name = words.empty() ? "" : words.front();
    if (command.name == name) {
      words.erase(words.begin());
      return command;
    }
    if (words.size() > 1 && command.name == name + " " + words[1]) {
      words.erase(words.begin(), words.begin() + 2);
      return command;
    }
  }
  if (words.empty()) throw UsageError{"missing: a command; see muniment --help"};
  const std::string group = words.front() + " ";
  std::vector<std::string> of_group;
  for (const Command& command : commands()) {
    if (command.name.starts_with(group)) of_group.emplace_back(command.name.substr(group.size()));
  }
  if (of_group.empty()) throw UsageError{"there is no command \"" + words.front() + "\"; see muniment --help"};
  throw UsageError{"after \"" + words.front() + "\" comes one of " + core::joined(of_group, ", ")};
}

int run(std::vector<std::string> words) {
  Arguments arguments;
  while (!words.empty() && words.front().starts_with("-")) {
    if (words.front() == "--help" || words.front() == "-h") {
      print_help();
      return kDone;
    }
    if (words.front() != "--data" && words.front() != "--config") {
      throw UsageError{"unknown option " + words.front() + "; see muniment --help"};
    }
    if (words.size() < 2) throw UsageError{words.front() + " needs a value"};
    (words.front() == "--data" ? arguments.data : arguments.configuration) = words[1];
    words.erase(words.begin(), words.begin() + 2);
  }
  if (!arguments.configuration.empty() && !std::filesystem::exists(arguments.configuration))
    throw UsageError{"--config: there is no file " + arguments.configuration.string()};
  const Command& command = take_command(words);
  bool only_words = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (only_words || word.size() < 2 || word.front() != '-') {
      arguments.words.push_back(word);
    } else if (word == "--") {
      only_words = true;
    } else if (word == "--help" && (!command.flags.contains(word) || arguments.words.empty())) {
      std::cout << "muniment " << command.name << " " << command.usage << "\n  " << command.help << "\n";
      return kDone;
    } else if (command.flags.contains(word)) {
      arguments.options.emplace(word, "");
    } else if (command.values.contains(word)) {
      if (i + 1 >= words.size()) throw UsageError{word + " needs a value"};
      arguments.options.emplace(word, words[++i]);
    } else if (command.name == "search") {
      arguments.words.push_back(word);  // "-word" excludes
    } else {
      throw UsageError{"unknown option " + word + "; see muniment " + std::string(command.name) + " --help"};
    }
  }
  if (arguments.words.size() > command.most_words) {
    throw UsageError{"\"" + arguments.words[command.most_words] + "\" is one too many; muniment " +
                     std::string(command.name) + " takes " +
                     (command.usage.empty() ? "nothing" : std::string(command.usage))};
  }
  return command.run(arguments);
}

}  // namespace
}  // namespace muniment::server

int main(int count, char** values) {
  using namespace muniment;
  try {
    return server::run(std::vector<std::string>(values + 1, values + count));
  } catch (const server::UsageError& error) {
    std::cerr << "muniment: " << error.message << "\n";
    return server::kUsage;
  } catch (const core::Error& error) {
    std::cerr << "muniment: " << error.message() << "\n";
    return server::kFailed;
  } catch (const std::exception& error) {
    std::cerr << "muniment: something went wrong here: " << error.what() << "\n";
    return server::kFailed;
  }
}
