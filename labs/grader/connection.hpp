// One TCP connection of a trace, asked for what rules want to know.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "labs/grader/trace.hpp"

namespace grader {

class Connection {
 public:
  Connection(const Trace& trace, const Talk& talk) : trace_(trace), talk_(talk) {}

  const Talk& talk() const { return talk_; }
  Side opener() const { return talk_.opener; }
  /// "client 10.0.0.1:4711 → server 10.0.0.2:7001"
  std::string name() const;

  const Sent* syn() const;
  bool established() const;
  /// The first of its kind that `from` sent; null if it never did.
  const Sent* fin(Side from) const;
  /// Not a RST that answers a late segment after the connection was over for its sender (over_before()):
  /// the kernel has forgotten it, and no program has a part in that.
  const Sent* rst(std::optional<Side> from = {}) const;
  const Sent* first_data(Side from) const;
  const Sent* last_data(Side from) const;
  /// The first packet of `by` whose ACK covers `end`, a relative sequence number; null if none does.
  const Sent* acknowledged(Side by, std::uint32_t end) const;
  /// Behind the last byte that `from` sent, FIN not counted: relative, 1 if it sent none.
  std::uint32_t data_end(Side from) const;
  /// When was something that had left `sent` seen at `host`? None if it never arrived there.
  static std::optional<tracer::Timestamp> time_at(Side host, const Sent& sent);
  /// Does `later` leave its sender when `earlier`, from the other side, has arrived there?
  static bool after_arrival(const Sent& later, const Sent& earlier);
  /// How often the talk goes from one to the other and back: questions that were answered.
  std::size_t turns() const;
  /// Was all said and acknowledged, both FINs too, as `host` knows it, when it sent `sent`?
  bool over_before(Side host, const Sent& sent) const;
  std::optional<std::uint32_t> unread(Side side) const { return trace_.unread(talk_, side); }
  /// The last packet that had come to `host` before `sent` left it.
  const Sent* last_before(const Sent& sent) const;

  template <class Which>
  const Sent* first(Which which) const {
    for (const std::size_t i : talk_.packets)
      if (which(trace_.packets()[i])) return &trace_.packets()[i];
    return nullptr;
  }

 private:
  const Trace& trace_;
  const Talk& talk_;
};

}  // namespace grader
