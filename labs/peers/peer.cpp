// peer: the other end that nobody wants to have, for whoever must get along with it.
//
//     peer MODE HOST PORT …    a client
//     peer MODE PORT …         a server
#include <CLI/CLI.hpp>
#include <signal.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "labs/peers/roles.hpp"

namespace {

/// \n \r \t \0 \\ and \xHH as in C.
std::string unescape(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      plain += text[i];
      continue;
    }
    switch (text[++i]) {
      case 'n': plain += '\n'; break;
      case 'r': plain += '\r'; break;
      case 't': plain += '\t'; break;
      case '0': plain += '\0'; break;
      case 'x':
        plain += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16)), i += 2;
        break;
      default: plain += text[i];
    }
  }
  return plain;
}

std::string mode_list() {
  std::string text = "Modes:\n";
  for (const peers::ModeName& one : peers::modes) {
    text.append("  ").append(one.name).append(std::string(13 - std::string(one.name).size(), ' '));
    text.append(one.sentence).append("\n");
  }
  return text;
}

int run(int count, char** words) {
  CLI::App app(
      "peer: a difficult other end: peer MODE HOST PORT is a client, peer MODE PORT a server",
      "peer");
  app.footer(mode_list());
  peers::Plan plan;
  std::string mode;
  std::vector<std::string> where;
  std::uint64_t wait = 300;
  std::vector<std::string> names;
  for (const peers::ModeName& one : peers::modes) names.emplace_back(one.name);
  app.add_option("MODE", mode)->required()->check(CLI::IsMember(names));
  app.add_option("WHERE", where, "HOST PORT, or PORT alone to serve")->required()->expected(1, 2);
  app.add_flag("--udp", plan.udp, "datagrams instead of a stream");
  app.add_option("--seed", plan.seed, "of all that is left to chance")->type_name("N");
  app.add_option("--send", plan.text, "what to say; \\n, \\r, \\0, \\xHH as in C")
      ->type_name("TEXT");
  app.add_option("--bytes", plan.bytes, "without --send: so many bytes, lines of letters")
      ->type_name("N")
      ->check(CLI::Range(0, 100'000'000));
  app.add_option("--count", plan.count, "connections of many; datagrams")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  app.add_option("--wait", wait, "of pause, silent, flood and the like, in milliseconds")
      ->type_name("MS")
      ->check(CLI::Range(0, 60'000));
  app.add_flag("--echo", plan.echo,
               "client: what comes back must be what was sent; server: send that back");
  app.add_option("--expect", plan.expect, "client: the answer must hold this")->type_name("TEXT");
  app.add_option("--until", plan.until,
                 "server: a request ends with this, else at the client's FIN or when it pauses")
      ->type_name("TEXT");
  app.add_flag("--show", plan.show, "print what comes");
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    return error.get_exit_code() == 0 ? app.exit(error) : (app.exit(error), 2);
  }
  for (const peers::ModeName& one : peers::modes)
    if (mode == one.name) plan.mode = one.mode;
  plan.wait = std::chrono::milliseconds(wait);
  plan.port = where.back();
  if (where.size() == 2) plan.host = where.front();
  for (std::string* text : {&plan.text, &plan.expect, &plan.until}) *text = unescape(*text);
  plan.udp |= plan.udp_only();
  if (plan.udp) return plan.host.empty() ? peers::udp_server(plan) : peers::udp_client(plan);
  return plan.host.empty() ? peers::tcp_server(plan) : peers::tcp_client(plan);
}

}  // namespace

int main(int count, char** words) {
  signal(SIGPIPE, SIG_IGN);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  try {
    return run(count, words);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "peer: %s\n", error.what());
    return 1;
  }
}
