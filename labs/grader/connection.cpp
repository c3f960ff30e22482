#include "labs/grader/connection.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace grader {

std::string Connection::name() const {
  const Side other = testbed::other(opener());
  return fmt::format("{} {} → {} {}", testbed::name(opener()), talk_.ladder->ends[0].text(),
                     testbed::name(other), talk_.ladder->ends[1].text());
}

const Sent* Connection::syn() const {
  return first([](const Sent& one) { return one.syn(); });
}

bool Connection::established() const {
  const Sent* answer = first([&](const Sent& one) {
    return one.from != opener() && one.has(tracer::TcpFlags::syn) && one.has(tracer::TcpFlags::ack);
  });
  if (!answer) return false;
  return first([&](const Sent& one) {
           return one.from == opener() && !one.syn() && !one.rst() &&
                  one.has(tracer::TcpFlags::ack) && one.arrived() && after_arrival(one, *answer);
         }) != nullptr;
}

const Sent* Connection::fin(Side from) const {
  return first([&](const Sent& one) { return one.from == from && one.fin(); });
}

const Sent* Connection::rst(std::optional<Side> from) const {
  return first([&](const Sent& one) {
    return one.rst() && (!from || one.from == *from) && !over_before(one.from, one);
  });
}

bool Connection::over_before(Side host, const Sent& sent) const {
  const Sent* own = fin(host);
  const Sent* their = fin(testbed::other(host));
  if (!own || !their) return false;
  const Sent* to_own = acknowledged(testbed::other(host), own->end());
  const Sent* to_their = acknowledged(host, their->end());
  if (!to_own || !to_their) return false;
  const auto heard = time_at(host, *to_own);
  return heard && *heard < sent.left && to_their->left < sent.left;
}

const Sent* Connection::first_data(Side from) const {
  return first([&](const Sent& one) { return one.from == from && one.data(); });
}

const Sent* Connection::last_data(Side from) const {
  const Sent* last = nullptr;
  for (const std::size_t i : talk_.packets)
    if (const Sent& one = trace_.packets()[i]; one.from == from && one.data()) last = &one;
  return last;
}

const Sent* Connection::acknowledged(Side by, std::uint32_t end) const {
  return first([&](const Sent& one) {
    return one.from == by && one.has(tracer::TcpFlags::ack) && !one.rst() &&
           static_cast<std::int32_t>(one.row->label.ack - end) >= 0;
  });
}

std::uint32_t Connection::data_end(Side from) const {
  std::uint32_t end = 1;
  for (const std::size_t i : talk_.packets)
    if (const Sent& one = trace_.packets()[i]; one.from == from && one.data())
      end = std::max(end, one.row->label.seq + one.row->label.length);
  return end;
}

std::optional<tracer::Timestamp> Connection::time_at(Side host, const Sent& sent) {
  if (sent.from == host) return sent.left;
  if (!sent.arrived()) return std::nullopt;
  return sent.arrivals.front();
}

bool Connection::after_arrival(const Sent& later, const Sent& earlier) {
  const auto arrival = time_at(later.from, earlier);
  return arrival && later.left > *arrival;
}

std::size_t Connection::turns() const {
  std::size_t count = 0;
  bool asked = false;
  for (const std::size_t i : talk_.packets) {
    const Sent& one = trace_.packets()[i];
    if (!one.data()) continue;
    if (one.from == opener())
      asked = true;
    else if (asked) {
      ++count;
      asked = false;
    }
  }
  return count;
}

const Sent* Connection::last_before(const Sent& sent) const {
  const Sent* last = nullptr;
  for (const std::size_t i : talk_.packets) {
    const Sent& one = trace_.packets()[i];
    if (one.from != sent.from && after_arrival(sent, one) &&
        (!last || one.arrivals.front() >= last->arrivals.front()))
      last = &one;
  }
  return last;
}

}  // namespace grader
