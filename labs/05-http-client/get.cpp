// Lab 05: fetches what URLs name. Bodies go to standard output, what happened to standard error.
//
//   run:    ./wirelab run 05-http-client
//   alone:  build/labs/05-http-client/get http://localhost:7005/story http://localhost:7005/chunked
//   expect: one SYN for both, if the first response says where it ends
//   read:   url.hpp, connection.hpp, stream.hpp, response.hpp, session.hpp in this order;
//           RFC 9112 §6.3 (where a body ends), §9.3 (kept connections); RFC 9110 §15.4 (redirects)
#include <cstdio>
#include <cstdlib>

#include "session.hpp"

int main(int count, char** words) {
  Request request;
  Clock::duration patience = std::chrono::seconds(30);
  int at = 1;
  for (; at + 1 < count && words[at][0] == '-'; ++at) {
    const std::string option = words[at];
    if (option == "--head")
      request.method = "HEAD";
    else if (option == "--post")
      request.method = "POST", request.body = words[++at];
    else if (option == "--within")
      patience = std::chrono::milliseconds(std::atoi(words[++at]));
    else
      break;
  }
  if (at >= count || words[at][0] == '-') {
    std::fprintf(stderr, "usage: %s [--head | --post TEXT] [--within MILLISECONDS] URL...\n",
                 words[0]);
    return 2;
  }

  Session session;
  bool all_well = true;
  for (; at < count; ++at) {
    try {
      request.url = parse_url(words[at]);
      const Outcome outcome = session.run(request, patience, [](std::string_view piece) {
        std::fwrite(piece.data(), 1, piece.size(), stdout);
      });
      std::fflush(stdout);
      std::fprintf(stderr, "get: %s: %d %s, %llu bytes (%s), on a %s connection\n",
                   outcome.url.text().c_str(), outcome.response.status,
                   outcome.response.reason.c_str(),
                   static_cast<unsigned long long>(outcome.body_bytes), outcome.framing.c_str(),
                   outcome.new_connection ? "new" : "kept");
      all_well = all_well && outcome.response.status < 400;
    } catch (const std::exception& error) {
      std::fflush(stdout);
      std::fprintf(stderr, "get: %s: %s\n", words[at], error.what());
      all_well = false;
    }
  }
  return all_well ? 0 : 1;
}
