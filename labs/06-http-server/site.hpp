// Lab 06: what this server has to say: the files below a folder, and /echo, which gives back what
// is posted to it.
#pragma once

#include <optional>

#include "conditions.hpp"
#include "path.hpp"

class Site {
 public:
  explicit Site(Fd root) : root_(std::move(root)) {}

  /// The reply to a whole request. Refusals become replies too: here the stream is in order.
  Reply answer(const Request& request) const {
    Reply reply;
    try {
      reply = choose(request);
    } catch (const Refusal& refusal) {
      reply = refused(refusal);
      reply.keep_alive = true;
    }
    reply.keep_alive = reply.keep_alive && request.keep_alive;
    return reply;
  }

 private:
  Reply choose(const Request& request) const {
    const std::string& method = request.method;
    const bool known =
        method == "GET" || method == "HEAD" || method == "POST" || method == "OPTIONS";
    const bool standard = method == "PUT" || method == "DELETE" || method == "TRACE" ||
                          method == "PATCH" || method == "CONNECT";
    if (!known && !standard) throw Refusal{501, "a method that nobody here has heard of"};
    if (method == "OPTIONS" && request.target == "*")
      return {.status = 204, .fields = {{"Allow", "GET, HEAD, POST, OPTIONS"}}};
    if (method == "CONNECT") return not_allowed("GET, HEAD, OPTIONS");

    const std::string path = path_below_root(path_of(request.target));
    const std::string allowed = path == "echo" ? "POST, OPTIONS" : "GET, HEAD, OPTIONS";
    if (method == "OPTIONS") return {.status = 204, .fields = {{"Allow", allowed}}};
    if (!lists(allowed, method)) return not_allowed(allowed);
    if (path == "echo") {
      const std::string type = field(request.fields, "Content-Type");
      return {.status = 200,
              .fields = {{"Content-Type", type.empty() ? "application/octet-stream" : type}},
              .body = request.body};
    }
    return file_reply(request, path);
  }

  /// 405 must say what would be allowed (RFC 9110 §15.5.6).
  static Reply not_allowed(const std::string& methods) {
    Reply reply = plain(405, "405 Method Not Allowed: try one of " + methods);
    reply.fields.emplace_back("Allow", methods);
    return reply;
  }

  Reply file_reply(const Request& request, std::string path) const {
    if (path.empty() || path.ends_with('/')) path += "index.html";
    auto file = std::make_shared<Fd>(open_below(root_, path));
    struct stat about {};
    if (*file < 0 || fstat(*file, &about) != 0) throw Refusal{404, "there is nothing of that name"};
    if (S_ISDIR(about.st_mode)) {  // relative links in its index need the '/' at the end
      Reply reply = plain(301, "it is a folder");
      reply.fields.emplace_back("Location", std::string(path_of(request.target)) + "/");
      return reply;
    }
    if (!S_ISREG(about.st_mode)) throw Refusal{404, "there is no file of that name"};

    const std::string tag = entity_tag(about);
    Reply reply{.status = evaluate_conditions(request, tag, about.st_mtime), .fields = {}};
    if (reply.status == 412) return plain(412, "412 Precondition Failed: it is not as you think");
    reply.fields.emplace_back("ETag", tag);
    reply.fields.emplace_back("Last-Modified", http_date(about.st_mtime));
    if (reply.status == 304) return reply;
    reply.fields.emplace_back("Content-Type", type_of(path));
    reply.fields.emplace_back("Accept-Ranges", "bytes");
    reply.file = std::move(file);
    reply.length = static_cast<std::uint64_t>(about.st_size);
    apply_range(request, tag, reply.length, reply);
    return reply;
  }

  static std::string type_of(const std::string& path) {
    static constexpr std::pair<const char*, const char*> types[] = {
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".txt", "text/plain; charset=utf-8"},
        {".json", "application/json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".ico", "image/x-icon"}};
    for (const auto& [ending, type] : types)
      if (path.ends_with(ending)) return type;
    return "application/octet-stream";
  }

  Fd root_;
};
