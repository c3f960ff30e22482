// Lab 05: several requests, as few connections as possible. After a response that ends where it
// said, the connection is as good as new (RFC 9112 §9.3).
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "connection.hpp"
#include "response.hpp"
#include "url.hpp"

struct Request {
  std::string method = "GET";
  Url url;
  std::string body;  // of a POST
};

/// What became of a request, and how.
struct Outcome {
  Response response;
  Url url;              // after redirects
  std::string framing;  // how the end of the body was told
  bool new_connection = true;
  std::uint64_t body_bytes = 0;
};

class Session {
 public:
  /// Sends, follows redirects, hands the last body to `sink`. Throws std::runtime_error.
  Outcome run(Request request, Clock::duration patience, const Sink& sink) {
    deadline_ = Clock::now() + patience;
    for (int redirects = 0;; ++redirects) {
      Outcome outcome = exchange(request, sink);
      const int status = outcome.response.status;
      const std::string location = outcome.response.field("Location");
      if (!is_redirect(status) || location.empty()) return outcome;
      if (redirects == 10) throw std::runtime_error("10 redirects, and yet another: a circle?");
      request.url = resolve(request.url, location);
      // 307 and 308 mean the same request elsewhere; 303 means "look there"; for 301 and 302 all
      // browsers turn a POST into a GET (RFC 9110 §15.4).
      if (status == 303 || (status < 303 && request.method == "POST")) {
        if (request.method != "HEAD") request.method = "GET";
        request.body.clear();
      }
    }
  }

 private:
  struct Connection {
    Fd fd;
    Stream stream;
    Connection(Session& session, const Url& url)
        : fd(connect_to(url.host, url.port, session.deadline_)),
          stream([this, &session](char* to, std::size_t room) {
            const std::size_t got = recv_some(fd, to, room, session.deadline_);
            session.heard_ = session.heard_ || got > 0;
            return got;
          }) {}
  };

  static bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  Outcome exchange(const Request& request, const Sink& sink) {
    if (request.url.scheme != "http")
      throw std::runtime_error(request.url.text() + ": https needs TLS: see lab 12");
    std::unique_ptr<Connection>& kept = kept_[request.url.authority()];
    if (kept) {
      // The server may close a kept connection at any time, also while our request is on its way.
      // If not one byte came back, GET and HEAD may be asked again (RFC 9112 §9.3.1).
      try {
        return exchange_on(kept, request, false, sink);
      } catch (const std::runtime_error&) {
        if (heard_ || Clock::now() >= deadline_ || request.method == "POST") throw;
      }
    }
    kept = std::make_unique<Connection>(*this, request.url);
    return exchange_on(kept, request, true, sink);
  }

  Outcome exchange_on(std::unique_ptr<Connection>& kept, const Request& request, bool is_new,
                      const Sink& sink) {
    std::unique_ptr<Connection> connection = std::move(kept);  // gone, unless all goes well
    std::string head = request.method + " " + request.url.target + " HTTP/1.1\r\n" +
                       "Host: " + request.url.authority() + "\r\n";
    if (request.method == "POST")
      head += "Content-Type: text/plain\r\nContent-Length: " + std::to_string(request.body.size()) +
              "\r\n";
    heard_ = false;
    send_all(connection->fd, head + "\r\n" + request.body, deadline_);

    Stream& stream = connection->stream;
    Outcome outcome{read_head(stream), request.url, "", is_new, 0};
    while (outcome.response.status < 200)  // 100 Continue, 103 Early Hints: the answer follows
      outcome.response = read_head(stream);
    const bool last = !is_redirect(outcome.response.status);
    outcome.framing =
        read_body(stream, outcome.response, request.method, [&](std::string_view piece) {
          outcome.body_bytes += piece.size();
          if (last) sink(piece);
        });

    // Kept only if both ends know where the response ended, the server has not said "close", and
    // nothing came that we did not ask for.
    const std::string options = outcome.response.field("Connection");
    const bool persistent = outcome.response.version == "HTTP/1.1" ? !lists(options, "close")
                                                                   : lists(options, "keep-alive");
    if (persistent && outcome.framing != "until close" && stream.empty())
      kept = std::move(connection);
    return outcome;
  }

  std::map<std::string, std::unique_ptr<Connection>> kept_;  // by host and port
  Clock::time_point deadline_;
  bool heard_ = false;  // did any byte of an answer come?
};
