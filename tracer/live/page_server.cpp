// tracer-live: serves one page on 127.0.0.1 to whoever has its address. Started by LivePage, which it
// talks to over standard input; it ends when that closes.
//
//   GET  /TOKEN/              the page
//   GET  /TOKEN/events        server-sent events (WHATWG HTML §9.2): all so far, then each as it comes
//   GET  /TOKEN/packet?n=6    fields and bytes of a packet
//   GET  /TOKEN/report        the HTML report of what there is
//   POST /TOKEN/do            "run", or "inject SCRIPT"
#include <fmt/format.h>
#include <httplib.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "tracer/live/channel.hpp"
#include "tracer/live/live_html.hpp"

namespace tracer {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_watchers = 16;
constexpr std::size_t most_at_once = 256 * 1024;  // bytes of events handed to one reader in one go

std::string random_token() {
  unsigned char bytes[16];
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) _exit(1);
  std::string token;
  for (const unsigned char byte : bytes) token += fmt::format("{:02x}", byte);
  return token;
}

/// What all threads share: the events so far, and the answers that somebody waits for.
class Board {
 public:
  void post(std::string event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
    changed_.notify_all();
  }
  /// Events after the first `seen`, as a stream of them; a comment if none came for a while, so that
  /// a reader who has gone is noticed. False at the end.
  bool read(std::size_t& seen, std::string& out) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 5s, [&] { return seen < events_.size() || over_; });
    out.clear();
    if (seen >= events_.size()) {
      if (over_) return false;
      out = ":\n\n";
      return true;
    }
    for (; seen < events_.size() && out.size() < most_at_once; ++seen)
      out += fmt::format("id: {}\ndata: {}\n\n", seen + 1, events_[seen]);
    return true;
  }
  /// Asks the capturing process, and waits; empty if there is no such thing or nobody answers.
  std::string ask(const std::string& words) {
    std::unique_lock lock(mutex_);
    const std::uint32_t number = ++asked_;
    if (!live::send(STDIN_FILENO, live::Kind::request, number, words)) return {};
    changed_.wait_for(lock, 30s, [&] { return answers_.contains(number) || over_; });
    std::string answer = std::move(answers_[number]);
    answers_.erase(number);
    return answer;
  }
  void answer(std::uint32_t number, std::string body) {
    const std::lock_guard lock(mutex_);
    answers_[number] = std::move(body);
    changed_.notify_all();
  }
  void end() {
    const std::lock_guard lock(mutex_);
    over_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> events_;
  std::map<std::uint32_t, std::string> answers_;
  std::uint32_t asked_ = 0;
  bool over_ = false;
};

class PageServer {
 public:
  explicit PageServer(const std::string& settings)
      : html_(live_html(settings)), base_("/" + random_token() + "/") {
    server_.new_task_queue = [] { return new httplib::ThreadPool(most_watchers + 4); };
    server_.set_keep_alive_timeout(1);
    server_.set_payload_max_length(8192);
    port_ = server_.bind_to_any_port("127.0.0.1");
    server_.set_pre_routing_handler(
        [this](const httplib::Request& request, httplib::Response& response) {
          return guard(request, response);
        });
    routes();
  }
  std::string url() const { return fmt::format("http://127.0.0.1:{}{}", port_, base_); }
  int port() const { return port_; }
  Board& board() { return board_; }
  void serve() { server_.listen_after_bind(); }
  void stop() { server_.stop(); }

 private:
  using Handled = httplib::Server::HandlerResponse;

  /// Only who knows the address, and only under the address that we gave: a page elsewhere that has
  /// its own name lead here (DNS rebinding) says another Host, and one that posts from elsewhere says
  /// another Origin.
  Handled guard(const httplib::Request& request, httplib::Response& response) const {
    response.set_header("Content-Security-Policy", html_.policy);
    response.set_header("X-Content-Type-Options", "nosniff");
    response.set_header("Referrer-Policy", "no-referrer");
    response.set_header("Cache-Control", "no-store");
    response.set_header("Cross-Origin-Resource-Policy", "same-origin");
    const std::string host = request.get_header_value("Host"),
                      origin = request.get_header_value("Origin");
    const auto ours = [&](const std::string& name) {
      return host == fmt::format("{}:{}", name, port_);
    };
    const bool good_origin = origin.empty() || origin == "http://" + host;
    if ((ours("127.0.0.1") || ours("localhost")) && good_origin && has_token(request.path))
      return Handled::Unhandled;
    response.status = 403;
    response.set_content("this page needs the whole address that was printed\n", "text/plain");
    return Handled::Handled;
  }
  /// In a time that does not tell how much of it was right.
  bool has_token(const std::string& path) const {
    if (path.size() < base_.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < base_.size(); ++i)
      difference |= static_cast<unsigned>(path[i] ^ base_[i]);
    return difference == 0;
  }

  void routes() {
    server_.Get(base_, [this](const httplib::Request&, httplib::Response& response) {
      response.set_content(html_.text, "text/html; charset=utf-8");
    });
    server_.Get(base_ + "events",
                [this](const httplib::Request& request, httplib::Response& response) {
                  events(request, response);
                });
    server_.Get(base_ + "packet",
                [this](const httplib::Request& request, httplib::Response& response) {
                  const std::string number = request.get_param_value("n");
                  const bool good = !number.empty() && number.size() < 10 &&
                                    std::all_of(number.begin(), number.end(),
                                                [](char c) { return c >= '0' && c <= '9'; });
                  pass_on(good ? board_.ask("packet " + number) : "", response, "application/json");
                });
    server_.Get(base_ + "report", [this](const httplib::Request&, httplib::Response& response) {
      pass_on(board_.ask("report"), response, "text/html; charset=utf-8");
      response.set_header("Content-Disposition", "attachment; filename=report.html");
      response.set_header("Content-Security-Policy",
                          "sandbox");  // it is for saving; it has a policy of its own
    });
    server_.Post(base_ + "do",
                 [this](const httplib::Request& request, httplib::Response& response) {
                   pass_on(board_.ask(request.body), response, "text/plain");
                 });
  }

  static void pass_on(std::string answer, httplib::Response& response, const char* type) {
    if (answer.empty()) response.status = 404;
    response.set_content(std::move(answer), type);
  }

  /// After a lost connection the browser says what it had last, and gets all that came since.
  void events(const httplib::Request& request, httplib::Response& response) {
    board_.ask("watching");
    std::size_t seen = 0;
    const std::string last = request.get_header_value("Last-Event-ID");
    if (!last.empty() && last.size() < 10 &&
        std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; }))
      seen = std::stoul(last);
    response.set_chunked_content_provider(
        "text/event-stream",
        [this, seen, text = std::string()](std::size_t, httplib::DataSink& sink) mutable {
          if (!board_.read(seen, text)) {
            sink.done();
            return true;
          }
          return sink.write(text.data(), text.size());
        });
  }

  LiveHtml html_;
  std::string base_;
  int port_ = -1;
  Board board_;
  httplib::Server server_;
};

/// Whoever started us may have had the right to capture; a server of HTTP needs no right at all.
void drop_capabilities() {
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[2]{};
  syscall(SYS_capset, &header, none);
}

}  // namespace
}  // namespace tracer

int main() {
  using namespace tracer;
  signal(SIGPIPE, SIG_IGN);
  drop_capabilities();
  live::Inbox inbox;
  live::Inbox::Message message{};
  while (!inbox.next(message))
    if (!inbox.read_from(STDIN_FILENO)) return 1;
  PageServer server(message.body);
  if (server.port() < 0) return 1;
  std::thread http([&] { server.serve(); });
  live::send(STDIN_FILENO, live::Kind::url, server.url());
  do {
    while (inbox.next(message)) {
      if (message.kind == live::Kind::event) server.board().post(std::move(message.body));
      if (message.kind == live::Kind::answer)
        server.board().answer(message.number, std::move(message.body));
    }
  } while (inbox.read_from(STDIN_FILENO));
  server.board().end();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));  // for the last events to go out
  server.stop();
  http.join();
}
