// A page in the browser that follows what is captured, as the capturing process sees it.
//
//     capture ──rows──▶ LivePage ──socket──▶ tracer-live ──HTTP, 127.0.0.1──▶ browsers
//             ◀─requests─                    (a process of its own)
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tracer/live/channel.hpp"

namespace tracer {

/// What the page offers.
struct LiveSettings {
  std::string title;
  bool can_run = false;  // "run" is a request that means something
  std::vector<std::pair<std::string, std::string>> rules;  // button -> wire script: "inject SCRIPT"
};

/// Starts the server, and stops it at the end of its life. The server holds no capture and decodes no
/// packet; this process speaks no HTTP.
class LivePage {
 public:
  struct Request {
    std::uint32_t number;  // for the answer
    std::string words;     // "packet 6", "report", "run", "inject drop c>s data#1"
  };

  /// `server` is the program tracer-live. Returns once the page can be opened. Throws Failure (1).
  LivePage(const std::string& server, const LiveSettings& settings);
  ~LivePage();
  LivePage(const LivePage&) = delete;
  LivePage& operator=(const LivePage&) = delete;

  const std::string& url() const { return url_; }
  int descriptor() const { return socket_; }  // readable: call requests()
  bool alive() const { return alive_; }

  /// One JSON object for all who watch, now or later. In order.
  void event(std::string_view json);
  /// What browsers asked since the last call. Call it when descriptor() is readable.
  std::vector<Request> requests();
  /// An empty body says that there is no such thing.
  void answer(std::uint32_t number, std::string_view body);

 private:
  int socket_ = -1;
  pid_t process_ = -1;
  bool alive_ = true;
  std::string url_;
  live::Inbox inbox_;
};

}  // namespace tracer
