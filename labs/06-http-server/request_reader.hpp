// Lab 06: bytes in, requests out. It neither reads nor waits: whoever has the socket hands it what
// came, in whatever pieces. So the same code serves a blocking server here, threads in lab 07, the
// reactor of lab 08 and TLS in lab 12.
#pragma once

#include <optional>

#include "chunked.hpp"

class RequestReader {
 public:
  explicit RequestReader(const Limits& limits) : limits_(limits) {}

  void take(std::string_view bytes) { buffer_ += bytes; }

  /// The next request, once it is whole; what belongs to the one after it stays (pipelining, RFC
  /// 9112 §9.3.2). Throws Refusal; the connection is then of no more use, since nobody knows where
  /// the next request begins.
  std::optional<Request> next() {
    if (!head_) {
      // Some clients send an empty line after a body (§2.2).
      while (buffer_.starts_with("\r\n")) {
        buffer_.erase(0, 2);
        searched_ = 0;
      }
      const std::size_t size = find_head_end(buffer_, searched_, limits_);
      searched_ = buffer_.size();
      if (size == 0) return std::nullopt;
      Request request = parse_head(std::string_view(buffer_).substr(0, size), limits_);
      buffer_.erase(0, size);
      head_ = std::move(request);
      chunks_ = ChunkedBody(limits_);
      continue_due_ = expects_continue(*head_);
    }
    if (!body_is_whole()) return std::nullopt;
    std::optional<Request> whole = std::move(head_);
    head_.reset();
    searched_ = 0;
    continue_due_ = false;
    return whole;
  }

  /// Has a request begun that is not whole?
  bool in_the_middle() const { return head_ || !buffer_.empty(); }
  /// Its method, if the head is there.
  std::string method() const { return head_ ? head_->method : ""; }

  /// true once, if the client waits for "100 Continue" before it sends the body (RFC 9110 §10.1.1).
  bool continue_wanted() { return std::exchange(continue_due_, false); }

 private:
  static bool expects_continue(const Request& request) {
    const std::string expected = field(request.fields, "Expect");
    if (expected.empty() || !request.http_1_1) return false;
    if (!same_word(expected, "100-continue"))
      throw Refusal{417, "only 100-continue can be expected"};
    return request.chunked || request.length > 0;
  }

  bool body_is_whole() {
    if (head_->chunked) {
      std::string_view rest = buffer_;
      const bool whole = chunks_.take(rest, head_->body);
      buffer_.erase(0, buffer_.size() - rest.size());
      return whole;
    }
    const std::size_t size =
        std::min(static_cast<std::size_t>(head_->length) - head_->body.size(), buffer_.size());
    head_->body.append(buffer_, 0, size);
    buffer_.erase(0, size);
    return head_->body.size() == head_->length;
  }

  Limits limits_;
  std::string buffer_;
  std::size_t searched_ = 0;     // so far no end of the head
  std::optional<Request> head_;  // while its body comes
  ChunkedBody chunks_{limits_};
  bool continue_due_ = false;
};
