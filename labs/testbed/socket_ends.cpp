#include "labs/testbed/socket_ends.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

namespace testbed {
namespace {

/// IPv4 in an IPv6 socket (::ffff:10.0.0.2) is IPv4 on the wire.
tracer::Endpoint endpoint(std::uint8_t family, const std::uint32_t* address, std::uint16_t port) {
  const tracer::Bytes octets = std::as_bytes(std::span(address, 4));
  static constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (family == AF_INET) return {tracer::IpAddress::from(octets.first(4)), port};
  if (std::memcmp(octets.data(), mapped.data(), mapped.size()) == 0)
    return {tracer::IpAddress::from(octets.last(4)), port};
  return {tracer::IpAddress::from(octets), port};
}

}  // namespace

SocketEnds::SocketEnds()
    : socket_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG)) {
  sockaddr_nl groups{};
  groups.nl_family = AF_NETLINK;
  groups.nl_groups = 1u << (SKNLGRP_INET_TCP_DESTROY - 1) | 1u << (SKNLGRP_INET6_TCP_DESTROY - 1);
  // Where the kernel will not tell, nothing is heard, and what depends on it says less.
  if (bind(socket_, reinterpret_cast<sockaddr*>(&groups), sizeof groups) != 0) socket_ = Fd();
}

void SocketEnds::take(const std::function<void(const ClosedSocket&)>& hear) const {
  alignas(nlmsghdr) std::array<char, 8192> buffer;
  for (ssize_t got; (got = recv(socket_, buffer.data(), buffer.size(), 0)) > 0;) {
    auto left = static_cast<unsigned>(got);
    for (auto* head = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(head, left);
         head = NLMSG_NEXT(head, left)) {
      if (head->nlmsg_type != SOCK_DIAG_BY_FAMILY ||
          head->nlmsg_len < NLMSG_LENGTH(sizeof(inet_diag_msg)))
        continue;
      inet_diag_msg one;
      std::memcpy(&one, NLMSG_DATA(head), sizeof one);
      ClosedSocket closed;
      closed.local = endpoint(one.idiag_family, one.id.idiag_src, ntohs(one.id.idiag_sport));
      closed.remote = endpoint(one.idiag_family, one.id.idiag_dst, ntohs(one.id.idiag_dport));
      closed.unread = one.idiag_rqueue;
      hear(closed);
    }
  }
}

}  // namespace testbed
