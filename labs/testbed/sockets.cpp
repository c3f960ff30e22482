#include "labs/testbed/sockets.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cstring>

namespace testbed {

SocketWatch::SocketWatch()
    : socket_(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)) {
  const timeval patience{1, 0};  // the kernel answers at once, or has run out of memory
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

SocketCounts SocketWatch::count(std::uint16_t expected) const {
  SocketCounts counts;
  for (const int family : {AF_INET, AF_INET6})
    for (const int protocol : {IPPROTO_TCP, IPPROTO_UDP})
      dump(static_cast<std::uint8_t>(family), static_cast<std::uint8_t>(protocol), expected,
           counts);
  return counts;
}

void SocketWatch::dump(std::uint8_t family, std::uint8_t protocol, std::uint16_t expected,
                       SocketCounts& counts) const {
  struct {
    nlmsghdr head;
    inet_diag_req_v2 body;
  } request{};
  request.head.nlmsg_len = sizeof request;
  request.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body.sdiag_family = family;
  request.body.sdiag_protocol = protocol;
  request.body.idiag_states = ~0u;
  if (send(socket_, &request, sizeof request, 0) < 0) return;

  alignas(nlmsghdr) std::array<char, 32'768> buffer;
  for (;;) {
    const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
    if (got <= 0) return;
    auto left = static_cast<unsigned>(got);
    for (auto* head = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(head, left);
         head = NLMSG_NEXT(head, left)) {
      if (head->nlmsg_type == NLMSG_DONE || head->nlmsg_type == NLMSG_ERROR) return;
      inet_diag_msg one;
      std::memcpy(&one, NLMSG_DATA(head), sizeof one);
      const std::uint16_t port = ntohs(one.id.idiag_sport);
      if ((protocol == IPPROTO_UDP || one.idiag_state == TCP_LISTEN) &&
          (counts.port == 0 || port == expected))
        counts.port = port;
      if (protocol == IPPROTO_UDP) {
        ++counts.udp;
        continue;
      }
      switch (one.idiag_state) {
        case TCP_LISTEN: ++counts.listening; break;
        case TCP_CLOSE:
        case TCP_TIME_WAIT: break;
        case TCP_ESTABLISHED:
        case TCP_CLOSE_WAIT:
          ++counts.open;
          if (one.idiag_wqueue > 0) ++counts.unsettled;
          break;
        case TCP_FIN_WAIT2: ++counts.open; break;  // waits for the peer, has nothing more to send
        default: ++counts.open; ++counts.unsettled;
      }
    }
  }
}

}  // namespace testbed
